#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/golden/case.h"

/// What cases of convolutions, matrix products and recurrent layers share.
namespace mote::tests {

enum class Precision { kInt8, kInt16, kFloat };

inline const char* suffix(Precision p) {
  return p == Precision::kInt8 ? "_s8" : p == Precision::kInt16 ? "_s16" : "_f32";
}
inline DType activation_type(Precision p) {
  return p == Precision::kInt8    ? DType::kInt8
         : p == Precision::kInt16 ? DType::kInt16
                                  : DType::kFloat32;
}

/// A layer's quantisation.
struct Scales {
  int input_zero = -7, output_zero = 12;  ///< of int8; int16 is symmetric
  float input = 0.05f, filter = 0.02f;    ///< of int8; int16 inputs are 256 times finer
  float gain = 0.01f;  ///< input scale * filter scale / output scale of the first channel
  bool quiet = false;  ///< small inputs and weights, where a large gain would saturate all
  bool extreme_weights = false;  ///< all at the ends of their range

  float input_scale(Precision p) const { return p == Precision::kInt16 ? input / 256 : input; }
  float output_scale(Precision p) const { return input_scale(p) * filter / gain; }
};

inline Quant input_quant(Precision p, const Scales& s) {
  if (p == Precision::kFloat) return {};
  return {s.input_scale(p), p == Precision::kInt8 ? s.input_zero : 0};
}
inline Quant output_quant(Precision p, const Scales& s) {
  if (p == Precision::kFloat) return {};
  return {s.output_scale(p), p == Precision::kInt8 ? s.output_zero : 0};
}

struct WeightsForm {
  Precision precision = Precision::kInt8;
  std::vector<int> shape;
  int channel_axis = 0;
  bool per_channel = true, bias = true;
  DType wide_bias = DType::kInt64;  ///< of int16 activations
  Scales scales = {};
};
struct Weights {
  int filter = -1, bias = -1;
};

/// A random constant filter, and a bias along its channels.
inline Weights add_weights(GraphBuilder& b, Random& random, const WeightsForm& form) {
  std::size_t count = 1;
  for (int dim : form.shape) count *= static_cast<std::size_t>(dim);
  const int channels = form.shape[static_cast<std::size_t>(form.channel_axis)];
  const auto n = static_cast<std::size_t>(channels);
  Weights w;
  if (form.precision == Precision::kFloat) {
    w.filter = b.constant(random.reals(count, -1, 1), form.shape);
    if (form.bias) w.bias = b.constant(random.reals(n, -2, 2), {channels});
    return w;
  }
  std::vector<float> scales(form.per_channel ? n : 1, form.scales.filter);
  for (std::size_t i = 1; i < scales.size(); ++i) scales[i] *= random.real(0.3f, 1.6f);
  auto values = random.integers<std::int8_t>(count, -127, 127);
  if (form.scales.extreme_weights)
    for (auto& value : values) value = value < 0 ? -128 : 127;
  const Quant quant =
      form.per_channel && n > 1 ? Quant(scales, form.channel_axis) : Quant(form.scales.filter, 0);
  w.filter = b.constant(values, form.shape, quant);
  if (!form.bias) return w;
  const Quant bias_quant(form.scales.input_scale(form.precision) * form.scales.filter, 0);
  const int largest = form.scales.quiet ? 9 : form.precision == Precision::kInt16 ? 2000000 : 9000;
  const auto bias = random.integers<std::int32_t>(n, -largest, largest);
  if (form.precision == Precision::kInt8 || form.wide_bias == DType::kInt32)
    w.bias = b.constant(bias, {channels}, bias_quant);
  else if (form.wide_bias == DType::kInt64)
    w.bias =
        b.constant(std::vector<std::int64_t>(bias.begin(), bias.end()), {channels}, bias_quant);
  else
    w.bias = b.constant(random.integers<std::int16_t>(n, -32768, 32767), {channels}, bias_quant);
  return w;
}

/// Brings all but the first two runs' inputs close to the zero point.
inline void make_quiet(std::vector<std::byte>& inputs, Precision precision, const Scales& scales) {
  const std::size_t first = inputs.size() / 5 * 2;
  if (precision == Precision::kInt8)
    for (std::size_t i = first; i < inputs.size(); ++i) {
      const int value = scales.input_zero + static_cast<std::int8_t>(inputs[i]) / 48;
      inputs[i] = static_cast<std::byte>(std::clamp(value, -128, 127));
    }
  else
    for (std::size_t i = first + 1; i < inputs.size(); i += 2) {  // the upper bytes
      inputs[i - 1] = static_cast<std::byte>(std::to_integer<int>(inputs[i - 1]) & 31);
      inputs[i] = std::byte{0};
    }
}

/// The finished case: five runs, of which the first two are all smallest and all largest inputs.
inline Case finish(const GraphBuilder& b, const std::string& name, Precision precision,
                   Random& random, const Scales& scales, const char* label = nullptr) {
  Case c{.name = name,
         .label = label                            ? label
                  : precision == Precision::kInt8  ? "int8"
                  : precision == Precision::kInt16 ? "int16x8"
                                                   : "float32",
         .model = b.build()};
  c.inputs = make_inputs(c.model, random, /*runs=*/5);
  if (scales.quiet) make_quiet(c.inputs, precision, scales);
  return c;
}

}  // namespace mote::tests
