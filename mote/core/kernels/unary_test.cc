#include "mote/core/kernels/unary.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

TEST(Round, TakesHalvesToTheEvenNeighbour) {
  const float in[] = {-2.5f, -1.5f, -0.4f, 0.5f, 1.5f, 2.6f};
  float fixed[6], dynamic[6];
  round_f32<Scalar>(NoAttrs{}, view<6>(in), view<6>(fixed));
  round_f32<Scalar>(NoAttrs{}, TensorView<const float>{in, Extents(6)},
                    TensorView<float>{dynamic, Extents(6)});
  EXPECT_THAT(fixed, ElementsAre(-2, -2, 0, 0, 2, 3));
  EXPECT_THAT(dynamic, ElementsAre(-2, -2, 0, 0, 2, 3));
}

TEST(Ceil, TakesTheNextInteger) {
  const float in[] = {-1.5f, 0, 1.25f};
  float out[3];
  ceil_f32<Scalar>(NoAttrs{}, view<3>(in), view<3>(out));
  EXPECT_THAT(out, ElementsAre(-1, 0, 2));
}

TEST(Abs, SaturatesTheSmallest16BitNumber) {
  const int16_t in[] = {-32768, -3, 4};
  int16_t out[3];
  abs_s16<Scalar>(program::MultiplierAttrs{.multiplier = 1 << 30, .shift = 1}, view<3>(in),
                  view<3>(out));
  EXPECT_THAT(out, ElementsAre(32767, 3, 4));
}

TEST(Rsqrt, IsTheInverseOfTheRoot) {
  const float in[] = {4, 0.25f};
  float out[2];
  rsqrt_f32<Scalar>(NoAttrs{}, view<2>(in), view<2>(out));
  EXPECT_THAT(out, ElementsAre(0.5f, 2));
}

}  // namespace
}  // namespace mote::kernels
