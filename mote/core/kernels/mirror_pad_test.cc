#include "mote/core/kernels/mirror_pad.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

const int8_t kIn[] = {1, 2, 3, 4, 5, 6};

/// [1, 2, 3] with two in front and one behind.
std::vector<int8_t> mirrored(int edge) {
  std::vector<int8_t> out(6);
  const program::MirrorPadAttrs attrs = {.in_extents = {1, 1, 1, 1, 1, 3},
                                         .out_extents = {1, 1, 1, 1, 1, 6},
                                         .before = {0, 0, 0, 0, 0, 2},
                                         .edge = edge};
  mirror_pad_s8<Scalar>(attrs, TensorView<const int8_t>{kIn, Extents(3)},
                        TensorView<int8_t>{out.data(), Extents(6)});
  return out;
}

TEST(MirrorPad, ReflectsAroundTheOutermostElement) {
  EXPECT_THAT(mirrored(/*edge=*/1), ElementsAre(3, 2, 1, 2, 3, 2));
}

TEST(MirrorPad, RepeatsTheOutermostElementWhenSymmetric) {
  EXPECT_THAT(mirrored(/*edge=*/0), ElementsAre(2, 1, 1, 2, 3, 3));
}

struct StaticMirror {
  static constexpr int in_extents[] = {1, 1, 1, 1, 2, 3}, out_extents[] = {1, 1, 1, 1, 4, 6},
                       before[] = {0, 0, 0, 0, 1, 1}, edge = 1;
};

TEST(MirrorPad, GivesTheSameWithStaticExtents) {
  const int32_t in[] = {1, 2, 3, 4, 5, 6};
  std::vector<int32_t> dynamic_out(24), static_out(24);
  const program::MirrorPadAttrs attrs = {.in_extents = {1, 1, 1, 1, 2, 3},
                                         .out_extents = {1, 1, 1, 1, 4, 6},
                                         .before = {0, 0, 0, 0, 1, 1},
                                         .edge = 1};
  mirror_pad_s32<Scalar>(attrs, TensorView<const int32_t>{in, Extents(6)},
                         TensorView<int32_t>{dynamic_out.data(), Extents(24)});
  mirror_pad_s32<Scalar>(StaticMirror{}, view<6>(in), view<24>(static_out.data()));
  EXPECT_EQ(dynamic_out, static_out);
}

}  // namespace
}  // namespace mote::kernels
