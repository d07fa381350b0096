#include "mote/compiler/ops/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mote::ops {
namespace {

TEST(QuantizeMultiplier, GivesTheFactorBackWithin31Bits) {
  for (double factor : {1e-7, 0.00032, 0.25, 0.5, 0.7071, 0.999999999, 1.0, 3.7, 1000.0}) {
    const auto [multiplier, shift] = quantize_multiplier(factor);
    EXPECT_GE(multiplier, 1 << 30) << factor;
    EXPECT_NEAR(multiplier / 2147483648.0 * std::exp2(shift), factor, factor * 1e-9);
  }
}

TEST(QuantizeMultiplier, CarriesWhenTheMantissaRoundsUpToOne) {
  const auto [multiplier, shift] = quantize_multiplier(std::nextafter(1.0, 0.0));
  EXPECT_EQ(multiplier, 1 << 30);
  EXPECT_EQ(shift, 1);
}

TEST(QuantizeMultiplier, FlushesWhatWouldBeShiftedOut) {
  EXPECT_EQ(quantize_multiplier(1e-12).multiplier, 0);
  EXPECT_EQ(quantize_multiplier(0).multiplier, 0);
}

TEST(QuantizeMultiplier, SaturatesBeyondTwoToTheThirtieth) {
  for (double factor : {std::exp2(30), 1e300, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(quantize_multiplier(factor).multiplier, std::numeric_limits<std::int32_t>::max());
    EXPECT_EQ(quantize_multiplier(factor).shift, 30);
  }
  EXPECT_EQ(quantize_multiplier(std::exp2(29)).shift, 30);
}

graph::Tensor quantized(DType type, float scale, int zero_point) {
  return {.type = type, .shape = {1}, .quant = {{scale}, {zero_point}}};
}

TEST(ActivationRange, OfReluStartsAtTheZeroPoint) {
  const auto range = activation_range(quantized(DType::kInt8, 0.1f, -100), 1);
  EXPECT_EQ(range->min, -100);
  EXPECT_EQ(range->max, 127);
}

TEST(ActivationRange, OfRelu6EndsAtSixRounded) {
  const auto range = activation_range(quantized(DType::kInt8, 0.07f, -100), 3);
  EXPECT_EQ(range->max, -100 + 86);  // 6 / 0.07 = 85.7
}

TEST(ActivationRange, OfReluN1To1IsClampedToTheType) {
  const auto range = activation_range(quantized(DType::kInt8, 0.001f, 0), 2);
  EXPECT_EQ(range->min, -128);
  EXPECT_EQ(range->max, 127);
}

TEST(ActivationRange, RefusesTanh) {
  const auto range = activation_range(quantized(DType::kInt8, 1, 0), 4);
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().message,
            "the fused activation TANH is not supported, expected NONE, RELU, RELU_N1_TO_1 or "
            "RELU6");
}

}  // namespace
}  // namespace mote::ops
