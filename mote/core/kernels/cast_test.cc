#include "mote/core/kernels/cast.h"

#include <gmock/gmock.h>

#include <limits>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

TEST(Cast, DropsTheFractionOfFloatsAndSaturates) {
  const float in[] = {1.9f, -1.9f, 128, -129, 1e30f, std::numeric_limits<float>::quiet_NaN()};
  int8_t fixed[6], dynamic[6];
  cast_f32_s8<Scalar>(NoAttrs{}, view<6>(in), view<6>(fixed));
  cast_f32_s8<Scalar>(NoAttrs{}, TensorView<const float>{in, Extents(6)},
                      TensorView<int8_t>{dynamic, Extents(6)});
  EXPECT_THAT(fixed, ElementsAre(1, -1, 127, -128, 127, 0));
  EXPECT_THAT(dynamic, ElementsAre(1, -1, 127, -128, 127, 0));
}

TEST(Cast, SaturatesAtTheLargest32BitInteger) {
  const float in[] = {2147483648.0f, -2147483648.0f, 16777216.0f};
  int32_t out[3];
  cast_f32_s32<Scalar>(NoAttrs{}, view<3>(in), view<3>(out));
  EXPECT_THAT(out, ElementsAre(2147483647, -2147483647 - 1, 16777216));
}

TEST(Cast, KeepsTheLowBitsOfIntegers) {
  const int32_t in[] = {257, -1, 128};
  int8_t out[3];
  cast_s32_s8<Scalar>(NoAttrs{}, view<3>(in), view<3>(out));
  EXPECT_THAT(out, ElementsAre(1, -1, -128));
}

TEST(Cast, CountsAnyByteButZeroAsTrue) {
  const uint8_t in[] = {0, 1, 255};
  float out[3];
  cast_bool_f32<Scalar>(NoAttrs{}, view<3>(in), view<3>(out));
  EXPECT_THAT(out, ElementsAre(0, 1, 1));
}

}  // namespace
}  // namespace mote::kernels
