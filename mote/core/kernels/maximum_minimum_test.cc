#include "mote/core/kernels/maximum_minimum.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

const int8_t kA[] = {1, -2, 3}, kB[] = {-1, 2, 3};

TEST(Maximum, TakesTheLargerElement) {
  int8_t out[3];
  maximum_s8<Scalar>(NoAttrs{}, view<3>(kA), view<3>(kB), view<3>(out));
  EXPECT_THAT(out, ElementsAre(1, 2, 3));
}

TEST(Minimum, TakesTheSmallerElement) {
  int8_t out[3];
  minimum_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{kA, Extents(3)},
                     TensorView<const int8_t>{kB, Extents(3)}, TensorView<int8_t>{out, Extents(3)});
  EXPECT_THAT(out, ElementsAre(-1, -2, 3));
}

TEST(Maximum, Compares64Bits) {
  const int64_t a[] = {int64_t{1} << 40}, b[] = {1};
  int64_t out[1];
  maximum_s64<Scalar>(NoAttrs{}, view<1>(a), view<1>(b), view<1>(out));
  EXPECT_EQ(out[0], int64_t{1} << 40);
}

TEST(Maximum, GivesTheSameWithStaticExtents) {
  int8_t fixed[6], dynamic[6];
  maximum_s8<Scalar>(NoAttrs{}, view<3, 1>(kA), view<1, 2>(kB), view<3, 2>(fixed));
  maximum_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{kA, Extents(3, 1)},
                     TensorView<const int8_t>{kB, Extents(1, 2)},
                     TensorView<int8_t>{dynamic, Extents(3, 2)});
  EXPECT_THAT(fixed, ElementsAre(1, 2, -1, 2, 3, 3));
  EXPECT_THAT(dynamic, ElementsAre(1, 2, -1, 2, 3, 3));
}

}  // namespace
}  // namespace mote::kernels
