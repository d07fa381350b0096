#include "mote/core/kernels/l2_normalization.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

TEST(L2Normalization, DividesEachRowByItsNorm) {
  const int8_t in[] = {31, 41, 1, 1, 1, 51};  // zero point 1: (30, 40), (0, 0), (0, 50)
  int8_t fixed[6], dynamic[6];
  const program::InputOffsetAttrs attrs = {.input_offset = -1};
  l2_normalization_s8<Scalar>(attrs, view<3, 2>(in), view<3, 2>(fixed));
  l2_normalization_s8<Scalar>(attrs, TensorView<const int8_t>{in, Extents(3, 2)},
                              TensorView<int8_t>{dynamic, Extents(3, 2)});
  EXPECT_THAT(fixed, ElementsAre(77, 102, 0, 0, 0, 127));  // 0.6 * 128, 0.8 * 128; saturated
  EXPECT_THAT(dynamic, ElementsAre(77, 102, 0, 0, 0, 127));
}

TEST(L2Normalization, DividesFloatsByNoLessThanAMillionth) {
  const float in[] = {3, 4, 0, 0};
  float out[4];
  l2_normalization_f32<Scalar>(program::NoAttrs{}, view<2, 2>(in), view<2, 2>(out));
  EXPECT_THAT(out, ElementsAre(0.6f, 0.8f, 0, 0));
}

}  // namespace
}  // namespace mote::kernels
