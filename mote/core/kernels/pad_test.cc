#include "mote/core/kernels/pad.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

const int8_t kIn[] = {1, 2, 3, 4, 5, 6};  // [2, 3]

TEST(Pad, SurroundsEachDimensionWithTheValue) {
  const int8_t value = 9;
  std::vector<int8_t> out(4 * 5);
  const program::PadAttrs attrs = {.in_extents = {1, 1, 1, 1, 2, 3},
                                   .out_extents = {1, 1, 1, 1, 4, 5},
                                   .before = {0, 0, 0, 0, 1, 2}};
  pad_s8<Scalar>(attrs, TensorView<const int8_t>{kIn, Extents(6)},
                 TensorView<const int8_t>{&value, Extents(1)},
                 TensorView<int8_t>{out.data(), Extents(20)});
  EXPECT_THAT(out, ElementsAre(9, 9, 9, 9, 9,  //
                               9, 9, 1, 2, 3,  //
                               9, 9, 4, 5, 6,  //
                               9, 9, 9, 9, 9));
}

TEST(Pad, CarriesWiderElementsWhole) {
  const int32_t in[] = {1 << 20, -5}, value = 1 << 30;
  std::vector<int32_t> out(3);
  const program::PadAttrs attrs = {.in_extents = {1, 1, 1, 1, 1, 2},
                                   .out_extents = {1, 1, 1, 1, 1, 3}};
  pad_s32<Scalar>(attrs, TensorView<const int32_t>{in, Extents(2)},
                  TensorView<const int32_t>{&value, Extents(1)},
                  TensorView<int32_t>{out.data(), Extents(3)});
  EXPECT_THAT(out, ElementsAre(1 << 20, -5, 1 << 30));
}

struct StaticPad {
  static constexpr int in_extents[] = {1, 2, 1, 3, 1, 1}, out_extents[] = {2, 3, 1, 4, 1, 2},
                       before[] = {1, 0, 0, 1, 0, 1};
};

TEST(Pad, GivesTheSameWithStaticExtents) {
  const int16_t in[] = {1, 2, 3, 4, 5, 6}, value = -7;
  std::vector<int16_t> dynamic_out(48), static_out(48);
  const program::PadAttrs attrs = {.in_extents = {1, 2, 1, 3, 1, 1},
                                   .out_extents = {2, 3, 1, 4, 1, 2},
                                   .before = {1, 0, 0, 1, 0, 1}};
  pad_s16<Scalar>(attrs, TensorView<const int16_t>{in, Extents(6)},
                  TensorView<const int16_t>{&value, Extents(1)},
                  TensorView<int16_t>{dynamic_out.data(), Extents(48)});
  pad_s16<Scalar>(StaticPad{}, view<6>(in), view<1>(&value), view<48>(static_out.data()));
  EXPECT_EQ(dynamic_out, static_out);
}

}  // namespace
}  // namespace mote::kernels
