#include "mote/compiler/quantize/parameters.h"

#include <gmock/gmock.h>

#include "mote/compiler/quantize/layers.h"
#include "mote/compiler/quantize/weights.h"

namespace mote::quantize {
namespace {

TEST(Parameters, OfInt8CoverTheRangeWithAll256Values) {
  const Parameters p = parameters_for(DType::kInt8, {-1.0f, 1.55f});
  EXPECT_FLOAT_EQ(p.scale, 0.01f);
  EXPECT_EQ(p.zero_point, -28);
  EXPECT_EQ(quantized(p, -1.0f), -128);
  EXPECT_EQ(quantized(p, 1.55f), 127);
}

TEST(Parameters, OfInt8ExpressZeroExactly) {
  for (const Range range : {Range{0.3f, 7.1f}, Range{-3.3f, -0.2f}, Range{-0.017f, 3.9f}}) {
    const Parameters p = parameters_for(DType::kInt8, range);
    EXPECT_EQ(rounded(p, 0), 0) << range.low;
    EXPECT_LE(range_of(p).low, range.low + p.scale / 2);
    EXPECT_GE(range_of(p).high, range.high - p.scale / 2);
  }
}

TEST(Parameters, OfInt16AreSymmetric) {
  const Parameters p = parameters_for(DType::kInt16, {-2.0f, 1.0f});
  EXPECT_FLOAT_EQ(p.scale, 2.0f / 32767);
  EXPECT_EQ(p.zero_point, 0);
  EXPECT_EQ(quantized(p, -2.0f), -32767);
}

TEST(Parameters, OfNothingButZeroAreUsable) {
  EXPECT_EQ(parameters_for(DType::kInt8, {0, 0}), (Parameters{DType::kInt8, 1, 0}));
}

TEST(Parameters, RoundHalvesAwayFromZeroAndSaturate) {
  const Parameters p = {.type = DType::kInt8, .scale = 1, .zero_point = 10};
  EXPECT_EQ(quantized(p, 2.5f), 13);
  EXPECT_EQ(quantized(p, -2.5f), 7);
  EXPECT_EQ(quantized(p, 1000), 127);
  EXPECT_EQ(quantized(p, -1000), -128);
}

Layer dense(int units, int depth) {
  return {.form = Layer::Form::kDense, .shape = {units, depth}, .inputs = depth};
}

TEST(Weights, HaveAScaleAChannelOfTheLargestOver127) {
  const std::vector<float> filter = {0.5f, -1.27f, 0.02f, 0.0254f};
  const Weights weights = quantize_weights(dense(2, 2), filter, {}, 1, true);
  EXPECT_THAT(weights.scales, testing::Pointwise(testing::FloatEq(), {0.01f, 0.0002f}));
  EXPECT_THAT(weights.values, testing::ElementsAre(50, -127, 100, 127));
}

TEST(Weights, HaveOneScaleWhereOneIsAskedFor) {
  const std::vector<float> filter = {0.5f, -1.27f, 0.02f, 0.0254f};
  const Weights weights = quantize_weights(dense(2, 2), filter, {}, 1, false);
  EXPECT_THAT(weights.scales, testing::ElementsAre(testing::FloatEq(0.01f)));
  EXPECT_THAT(weights.values, testing::ElementsAre(50, -127, 2, 3));
}

TEST(Weights, HaveScalesThatLetTheBiasFit32Bits) {
  const std::vector<float> filter = {1e-7f, 1e-7f}, bias = {1000.0f};
  const Weights weights = quantize_weights(dense(1, 2), filter, bias, 0.001f, true);
  EXPECT_LE(1000.0 / bias_scale(0.001f, weights.scales[0]), 1.01 * (1 << 30));
  const Weights free = quantize_weights(dense(1, 2), filter, {}, 0.001f, true);
  EXPECT_GT(1000.0 / bias_scale(0.001f, free.scales[0]), 1e12);
}

}  // namespace
}  // namespace mote::quantize
