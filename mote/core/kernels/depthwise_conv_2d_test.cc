#include "mote/core/kernels/depthwise_conv_2d.h"

#include <gmock/gmock.h>

#include <utility>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::Conv2DAttrs;
using program::Conv2DFloatAttrs;
using testing::ElementsAre;

constexpr int32_t kHalf[] = {1 << 30, 1 << 30, 1 << 30, 1 << 30}, kTwice[] = {1, 1, 1, 1};
constexpr Conv2DAttrs kInt8 = {.act_min = -128, .act_max = 127};
constexpr Conv2DFloatAttrs kFloat = {.act_min = -1e9f, .act_max = 1e9f};

TEST(DepthwiseConv2D, FiltersEachChannelByItself) {
  const int8_t in[] = {1, 10, 2, 20, 3, 30}, filter[] = {1, 2, 3, 1};
  const int32_t bias[] = {5, -5};
  int8_t out[4];
  depthwise_conv_2d_s8<Scalar>(kInt8, view<1, 1, 3, 2>(in), view<1, 1, 2, 2>(filter),
                               Rescale{bias, kHalf, kTwice}, view<1, 1, 2, 2>(out));
  EXPECT_THAT(out, ElementsAre(5 + 1 * 1 + 2 * 3, -5 + 10 * 2 + 20 * 1,  //
                               5 + 2 * 1 + 3 * 3, -5 + 20 * 2 + 30 * 1));
}

TEST(DepthwiseConv2D, FansEachChannelOutByItsMultiplier) {
  const int8_t in[] = {3, 5}, filter[] = {1, 2, 3, 4};
  const int32_t bias[4] = {};
  int8_t out[4];
  depthwise_conv_2d_s8<Scalar>(kInt8, view<1, 1, 1, 2>(in), view<1, 1, 1, 4>(filter),
                               Rescale{bias, kHalf, kTwice}, view<1, 1, 1, 4>(out));
  EXPECT_THAT(out, ElementsAre(3 * 1, 3 * 2, 5 * 3, 5 * 4));
}

TEST(DepthwiseConv2D, TakesZeroPointsOfInputAndFilter) {
  const int8_t in[] = {3}, filter[] = {-2};
  const int32_t bias[] = {0};
  Conv2DAttrs attrs = kInt8;
  attrs.input_offset = 4, attrs.filter_offset = 7;
  int8_t out[1];
  depthwise_conv_2d_s8<Scalar>(attrs, view<1, 1, 1, 1>(in), view<1, 1, 1, 1>(filter),
                               Rescale{bias, kHalf, kTwice}, view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], (3 + 4) * (-2 + 7));
}

TEST(DepthwiseConv2D, HasMoreChannelsThanATile) {
  constexpr int kChannels = 2 * internal::kChannelTile + 3;
  int16_t in[kChannels], out[kChannels];
  int8_t filter[kChannels];
  int64_t bias[kChannels] = {};
  int32_t multiplier[kChannels], shift[kChannels];
  for (int c = 0; c < kChannels; ++c) {
    in[c] = static_cast<int16_t>(100 * c), filter[c] = static_cast<int8_t>(c - 10);
    multiplier[c] = 1 << 30, shift[c] = 1;
  }
  depthwise_conv_2d_s16<Scalar>(Conv2DAttrs{.act_min = -32768, .act_max = 32767},
                                view<1, 1, 1, kChannels>(std::as_const(in)),
                                view<1, 1, 1, kChannels>(std::as_const(filter)),
                                Rescale64{bias, multiplier, shift}, view<1, 1, 1, kChannels>(out));
  for (int c = 0; c < kChannels; ++c) EXPECT_EQ(out[c], min_of(100 * c * (c - 10), 32767)) << c;
}

TEST(DepthwiseConv2D, RoundsEachFusedProductOnce) {
  // (1 + e)(1 - e) - 1 = -e^2 for e = 2^-13, but the rounded product is 1.
  const float e = 1.0f / 8192, in[] = {1 + e}, filter[] = {1 - e}, bias[] = {-1};
  float separate[1], fused[1];
  depthwise_conv_2d_f32<Scalar>(kFloat, view<1, 1, 1, 1>(in), view<1, 1, 1, 1>(filter),
                                view<1>(bias), view<1, 1, 1, 1>(separate));
  depthwise_conv_2d_f32_fused<Scalar>(kFloat, view<1, 1, 1, 1>(in), view<1, 1, 1, 1>(filter),
                                      view<1>(bias), view<1, 1, 1, 1>(fused));
  EXPECT_EQ(fused[0], -e * e);
  EXPECT_EQ(separate[0], 0);
}

TEST(DepthwiseConv2D, RescalesHybridSumsByInputAndFilter) {
  const int8_t in[] = {10, 20}, filter[] = {3, 4};
  const float scale[] = {0.5f}, filter_scale[] = {2, 4}, bias[] = {1, -1};
  const int32_t zero_point[] = {8};
  float out[2];
  depthwise_conv_2d_hybrid<Scalar>(kFloat, view<1, 1, 1, 2>(in), view<1>(scale),
                                   view<1>(zero_point), view<1, 1, 1, 2>(filter),
                                   view<2>(filter_scale), view<2>(bias), view<1, 1, 1, 2>(out));
  EXPECT_THAT(out, ElementsAre((10 - 8) * 3 * 1.0f + 1, (20 - 8) * 4 * 2.0f - 1));
}

TEST(DepthwiseConv2D, IsTheSameWithStaticAndDynamicShapes) {
  float in[4 * 4 * 3], filter[3 * 3 * 6], bias[6] = {1, 2, 3, 4, 5, 6};
  for (int i = 0; i < 48; ++i) in[i] = static_cast<float>(i % 7 - 3);
  for (int i = 0; i < 54; ++i) filter[i] = static_cast<float>(i % 5 - 2);
  Conv2DFloatAttrs attrs = kFloat;
  attrs.stride_h = attrs.stride_w = 2, attrs.pad_top = attrs.pad_left = 1;
  float fixed[2 * 2 * 6], dynamic[2 * 2 * 6];
  depthwise_conv_2d_f32<Scalar>(attrs, view<1, 4, 4, 3>(std::as_const(in)),
                                view<1, 3, 3, 6>(std::as_const(filter)),
                                view<6>(std::as_const(bias)), view<1, 2, 2, 6>(fixed));
  depthwise_conv_2d_f32<Scalar>(attrs, TensorView<const float>{in, Extents(1, 4, 4, 3)},
                                TensorView<const float>{filter, Extents(1, 3, 3, 6)},
                                TensorView<const float>{bias, Extents(6)},
                                TensorView<float>{dynamic, Extents(1, 2, 2, 6)});
  EXPECT_THAT(dynamic, testing::ElementsAreArray(fixed));
}

}  // namespace
}  // namespace mote::kernels
