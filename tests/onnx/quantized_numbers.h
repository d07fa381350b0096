#pragma once

#include <string_view>
#include <vector>

#include "mote/compiler/onnx/numbers.h"
#include "tests/onnx/quantize.h"

/// What is quantised in files, and to which integers, as ONNX Runtime's quantize_static chooses
/// them.
namespace mote::tests {

/// Whether quantize_static quantises an operator; whether its output then has its input's scale;
/// and whether ONNX Runtime has another of integers for it, where that is not so.
bool is_quantized(std::string_view op);
bool keeps_scale(std::string_view op);
bool has_operator(std::string_view op);

struct Steps {
  float scale = 1;
  int zero_point = 0;
};

/// The least integer of activations.
int least_of(const QuantizedForm& form);
/// The steps of activations for a range of real numbers.
Steps steps_for(const QuantizedForm& form, float low, float high);
/// round(x / scale) + zero point, halves to even, saturated.
std::vector<double> stored_values(const QuantizedForm& form, const Steps& steps,
                                  const std::vector<double>& reals);

/// Weights with one scale and zero point, or one each along an axis.
struct StoredWeights {
  std::vector<double> values, scales, zeros;
};
StoredWeights stored_weights(const QuantizedForm& form, const onnx::Numbers& reals, int axis);

}  // namespace mote::tests
