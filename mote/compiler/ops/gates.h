#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

/// What recurrent layers have in common when they are checked and lowered.
namespace mote::ops {

/// Scales of what gates compute in: sums in Q3.12, gates in Q0.15.
inline constexpr float kGateScale = 1.0f / 4096, kSquashedScale = 1.0f / 32768;

/// Adds the zero point's share to the biases: sum (x - zero_point) * w = sum x * w - zero_point *
/// sum w. Wraps as the sums do.
template <class Bias>
std::vector<Bias> fold_zero_point(std::vector<Bias> bias, const std::vector<std::int8_t>& weights,
                                  int zero_point) {
  const std::size_t n = weights.size() / bias.size();
  for (std::size_t row = 0; row < bias.size(); ++row) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += weights[row * n + i];
    bias[row] = static_cast<Bias>(bias[row] - zero_point * sum);
  }
  return bias;
}

/// That rescaling 64-bit sums of so many products of 16 and 8 bits can hold them.
Result<void> expect_terms_of_wide_sums(int features, int units);
/// The same of a 64-bit bias.
Result<void> expect_wide_bias(const graph::Tensor& bias);
/// That a factor from 64-bit sums to Q3.12 is one that their rescaling can have; `weights` names
/// the tensor.
Result<void> expect_wide_factor(double factor, const graph::Tensor& weights, float scale);

}  // namespace mote::ops
