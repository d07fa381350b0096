#include "mote/core/kernels/transpose_conv.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::TransposeConvAttrs;
using program::TransposeConvFloatAttrs;
using testing::ElementsAre;

constexpr int32_t kHalf[] = {1 << 30}, kTwice[] = {1};

TEST(TransposeConv, PaintsTheFilterAtEveryStride) {
  const int8_t in[] = {1, 10}, filter[] = {1, 2, 3};
  const int32_t bias[] = {0};
  const TransposeConvAttrs attrs = {.stride_w = 2, .act_min = -128, .act_max = 127};
  int8_t out[5];
  transpose_conv_s8<Scalar>(attrs, view<1, 1, 2, 1>(in), view<1, 1, 3, 1>(filter),
                            Rescale{bias, kHalf, kTwice}, view<1, 1, 5, 1>(out));
  EXPECT_THAT(out, ElementsAre(1, 2, 3 + 10, 20, 30));
}

TEST(TransposeConv, LeavesGapsWhereTheStrideIsLongerThanTheFilter) {
  const int8_t in[] = {1, 2}, filter[] = {5};
  const int32_t bias[] = {7};
  const TransposeConvAttrs attrs = {.stride_w = 3, .act_min = -128, .act_max = 127};
  int8_t out[4];
  transpose_conv_s8<Scalar>(attrs, view<1, 1, 2, 1>(in), view<1, 1, 1, 1>(filter),
                            Rescale{bias, kHalf, kTwice}, view<1, 1, 4, 1>(out));
  EXPECT_THAT(out, ElementsAre(7 + 5, 7, 7, 7 + 10));
}

TEST(TransposeConv, DropsWhatFallsIntoThePadding) {
  const int8_t in[] = {1, 1}, filter[] = {1, 2, 4};
  const int32_t bias[] = {0};
  const TransposeConvAttrs attrs = {
      .pad_left = 1, .input_offset = 1, .output_offset = 3, .act_min = -128, .act_max = 127};
  int8_t out[2];
  transpose_conv_s8<Scalar>(attrs, view<1, 1, 2, 1>(in), view<1, 1, 3, 1>(filter),
                            Rescale{bias, kHalf, kTwice}, view<1, 1, 2, 1>(out));
  EXPECT_THAT(out, ElementsAre(2 * 2 + 2 * 1 + 3, 2 * 4 + 2 * 2 + 3));
}

TEST(TransposeConv, Sums16BitActivationsIn64Bits) {
  const int16_t in[] = {-32768};
  const int8_t filter[] = {-128};
  const int64_t bias[] = {int64_t{1} << 40};
  const int32_t shift[] = {-25};  // 2^-26 with kHalf
  const TransposeConvAttrs attrs = {.act_min = -32768, .act_max = 32767};
  int16_t out[1];
  transpose_conv_s16<Scalar>(attrs, view<1, 1, 1, 1>(in), view<1, 1, 1, 1>(filter),
                             Rescale64{bias, kHalf, shift}, view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], 1 << 14);
}

TEST(TransposeConv, IsTheSameWithStaticAndDynamicShapes) {
  const float in[] = {1, 2, 3, 4}, filter[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, bias[] = {0.5f};
  const TransposeConvFloatAttrs attrs = {
      .stride_h = 2, .stride_w = 2, .pad_top = 0, .pad_left = 0, .act_min = -1e9f, .act_max = 1e9f};
  float fixed[25], dynamic[25];
  transpose_conv_f32<Scalar>(attrs, view<1, 2, 2, 1>(in), view<1, 3, 3, 1>(filter), view<1>(bias),
                             view<1, 5, 5, 1>(fixed));
  transpose_conv_f32<Scalar>(attrs, TensorView<const float>{in, Extents(1, 2, 2, 1)},
                             TensorView<const float>{filter, Extents(1, 3, 3, 1)},
                             TensorView<const float>{bias, Extents(1)},
                             TensorView<float>{dynamic, Extents(1, 5, 5, 1)});
  EXPECT_EQ(fixed[12], 1 * 9 + 2 * 7 + 3 * 3 + 4 * 1 + 0.5f) << "where all four meet";
  EXPECT_THAT(dynamic, testing::ElementsAreArray(fixed));
}

}  // namespace
}  // namespace mote::kernels
