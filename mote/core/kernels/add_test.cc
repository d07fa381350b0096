#include "mote/core/kernels/add.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

/// Inputs of scale 1 with zero points 1 and -2, output of scale 2 with zero point 10: each input is
/// halved to the common scale of 2, with 20 more bits that the output's factor takes away.
constexpr program::AlignedScalesAttrs kAttrs = {.left_shift = 20,
                                                .input1_offset = -1,
                                                .input1_multiplier = 1 << 30,
                                                .input1_shift = 0,
                                                .input2_offset = 2,
                                                .input2_multiplier = 1 << 30,
                                                .input2_shift = 0,
                                                .output_offset = 10,
                                                .output_multiplier = 1 << 30,
                                                .output_shift = -19,
                                                .act_min = 0,
                                                .act_max = 100};
const int8_t kA[] = {1, 11, -99, 127};  // 0, 10, -100, 126
const int8_t kB[] = {-2, 3, -2, 127};   // 0, 5, 0, 129

TensorView<const int8_t> four(const int8_t* data) { return {data, Extents(4)}; }

TEST(Add, AddsAtTheOutputsScaleWithinTheBounds) {
  std::vector<int8_t> out(4);
  add_s8<Scalar>(kAttrs, four(kA), four(kB), TensorView<int8_t>{out.data(), Extents(4)});
  // 10 + 0 / 2, 10 + 15 / 2 (halves away from zero), below 0, above 100
  EXPECT_THAT(out, ElementsAre(10, 18, 0, 100));
}

TEST(Add, GivesTheSameWithStaticExtents) {
  std::vector<int8_t> out(4);
  add_s8<Scalar>(kAttrs, view<4>(kA), view<4>(kB), view<4>(out.data()));
  EXPECT_THAT(out, ElementsAre(10, 18, 0, 100));
}

TEST(Add, Wraps32BitIntegersBeforeTheActivation) {
  const int32_t a[] = {kInt32Max, 5}, b[] = {1, 6};
  int32_t out[2];
  add_s32<Scalar>(program::ActivationAttrs{kInt32Min, 10}, view<2>(a), view<2>(b), view<2>(out));
  EXPECT_THAT(out, ElementsAre(kInt32Min, 10));
}

TEST(Sub, SubtractsAtTheOutputsScale) {
  std::vector<int8_t> out(4);
  sub_s8<Scalar>(kAttrs, four(kA), four(kB), TensorView<int8_t>{out.data(), Extents(4)});
  // 10 + 0, 10 + 5 / 2, below 0, 10 - 3 / 2: halves of results away from zero
  EXPECT_THAT(out, ElementsAre(10, 13, 0, 8));
}

TEST(Sub, KeepsFloatsWithinTheBounds) {
  const float a[] = {1, 2, 30}, b[] = {0.5f, 3, 1};
  float out[3];
  sub_f32<Scalar>(program::FloatActivationAttrs{0, 6}, view<3>(a), view<3>(b), view<3>(out));
  EXPECT_THAT(out, ElementsAre(0.5f, 0, 6));
}

TEST(SquaredDifference, SquaresTheDifference) {
  const float a[] = {1, -2}, b[] = {4, -2.5f};
  const int32_t c[] = {7, 1 << 16}, d[] = {-2, 0};
  float out[2];
  int32_t integers[2];
  squared_difference_f32<Scalar>(program::NoAttrs{}, view<2>(a), view<2>(b), view<2>(out));
  squared_difference_s32<Scalar>(program::NoAttrs{}, view<2>(c), view<2>(d), view<2>(integers));
  EXPECT_THAT(out, ElementsAre(9, 0.25f));
  EXPECT_THAT(integers, ElementsAre(81, 0));  // 2^32 wraps to 0
}

}  // namespace
}  // namespace mote::kernels
