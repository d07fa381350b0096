#include "mote/compiler/ops/quantize.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

enum FusedActivation { kNone = 0, kRelu = 1, kReluN1To1 = 2, kRelu6 = 3 };

tl::unexpected<Error> unknown_activation(int activation) {
  return unsupported(cat("the fused activation ", activation == 4 ? "TANH" : cat(activation),
                         " is not supported, expected NONE, RELU, RELU_N1_TO_1 or RELU6"));
}

}  // namespace

QuantizedMultiplier quantize_multiplier(double factor) {
  constexpr double kMost = 1 << 30;  // more would be shifted out at the top
  if (factor == 0) return {};
  if (!(factor < kMost))
    return {.multiplier = std::numeric_limits<std::int32_t>::max(), .shift = 30};
  QuantizedMultiplier result;
  const double mantissa = std::frexp(factor, &result.shift);
  auto q31 = static_cast<std::int64_t>(std::round(mantissa * (std::int64_t{1} << 31)));
  if (q31 == std::int64_t{1} << 31) q31 /= 2, ++result.shift;
  if (result.shift < -31) return {};  // the reference flushes what would be shifted out anyway
  result.multiplier = static_cast<std::int32_t>(q31);
  return result;
}

Result<ActivationRange> activation_range(const graph::Tensor& output, int activation) {
  ActivationRange range;
  switch (output.type) {
    case DType::kInt8:
      range = {-128, 127};
      break;
    case DType::kUint8:
      range = {0, 255};
      break;
    case DType::kInt16:
      range = {-32768, 32767};
      break;
    default:
      range = {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
  }
  // Without a scale the units are the real ones; a tiny scale saturates.
  const auto quantized = [&](float real) {
    const float steps = output.scale() > 0 ? std::round(real / output.scale()) : real;
    constexpr float kMost = 1 << 30;
    return output.zero_point() + static_cast<int>(std::clamp(steps, -kMost, kMost));
  };
  switch (activation) {
    case kNone:
      return range;
    case kRelu:
      return ActivationRange{std::max(range.min, quantized(0)), range.max};
    case kReluN1To1:
      return ActivationRange{std::max(range.min, quantized(-1)), std::min(range.max, quantized(1))};
    case kRelu6:
      return ActivationRange{std::max(range.min, quantized(0)), std::min(range.max, quantized(6))};
    default:
      return unknown_activation(activation);
  }
}

Result<FloatActivationRange> float_activation_range(int activation) {
  constexpr float kLowest = std::numeric_limits<float>::lowest();
  constexpr float kHighest = std::numeric_limits<float>::max();
  switch (activation) {
    case kNone:
      return FloatActivationRange{kLowest, kHighest};
    case kRelu:
      return FloatActivationRange{0, kHighest};
    case kReluN1To1:
      return FloatActivationRange{-1, 1};
    case kRelu6:
      return FloatActivationRange{0, 6};
    default:
      return unknown_activation(activation);
  }
}

}  // namespace mote::ops
