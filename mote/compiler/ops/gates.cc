#include "mote/compiler/ops/gates.h"

#include <algorithm>

#include "mote/compiler/ops/quantize.h"
#include "mote/support/cat.h"

namespace mote::ops {

Result<void> expect_terms_of_wide_sums(int features, int units) {
  constexpr int kMaxWideTerms = 1 << 23;
  if (std::max(features, units) <= kMaxWideTerms) return {};
  return unsupported(cat("it has ", features, " features and ", units, " units, expected at most ",
                         kMaxWideTerms));
}

Result<void> expect_wide_bias(const graph::Tensor& bias) {
  constexpr std::int64_t kMaxWideBias = std::int64_t{1} << 46;
  for (std::int64_t b : graph::values<std::int64_t>(bias))
    if (b < -kMaxWideBias || b > kMaxWideBias)
      return bad_input(
          cat("the bias '", bias.name, "' holds ", b, ", expected magnitudes up to 2^46"));
  return {};
}

Result<void> expect_wide_factor(double factor, const graph::Tensor& weights, float scale) {
  if (quantize_multiplier(factor).shift <= 7) return {};
  return unsupported(cat("the scale of the weights '", weights.name, "' is ", scale,
                         ", too large for 16-bit activations"));
}

}  // namespace mote::ops
