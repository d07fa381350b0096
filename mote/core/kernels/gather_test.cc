#include "mote/core/kernels/gather.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

const int8_t kIn[] = {1, 2, 3, 4, 5, 6};  // three rows of two

std::vector<int8_t> rows(const std::vector<int32_t>& indices) {
  const auto count = static_cast<int>(indices.size());
  std::vector<int8_t> out(2 * indices.size());
  gather_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{kIn, Extents(1, 1, 3, 2)},
                    TensorView<const int32_t>{indices.data(), Extents(1, count)},
                    TensorView<int8_t>{out.data(), Extents(1, 1, count, 2)});
  return out;
}

TEST(Gather, TakesRowsInTheOrderOfTheIndices) {
  EXPECT_THAT(rows({2, 0, 2}), ElementsAre(5, 6, 1, 2, 5, 6));
}

TEST(Gather, NeverReadsOutsideOfItsInput) {
  EXPECT_THAT(rows({-1, 3, 1 << 30}), ElementsAre(1, 2, 5, 6, 5, 6));
}

TEST(Gather, GivesTheSameWithStaticExtents) {
  const int32_t in[] = {1, 2, 3, 4, 5, 6, 7, 8};  // [2 batches, 1, 2, 2]
  const int32_t indices[] = {1, 1, 0, 1};         // [2 batches, 2]
  std::vector<int32_t> dynamic_out(8), static_out(8);
  gather_s32<Scalar>(NoAttrs{}, TensorView<const int32_t>{in, Extents(2, 1, 2, 2)},
                     TensorView<const int32_t>{indices, Extents(2, 2)},
                     TensorView<int32_t>{dynamic_out.data(), Extents(2, 1, 2, 2)});
  gather_s32<Scalar>(NoAttrs{}, view<2, 1, 2, 2>(in), view<2, 2>(indices),
                     view<2, 1, 2, 2>(static_out.data()));
  EXPECT_THAT(dynamic_out, ElementsAre(3, 4, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(dynamic_out, static_out);
}

TEST(GatherNd, LooksUpByAllIndicesOfARow) {
  const int32_t indices[] = {2, 1, 0, 1, 9, -9};  // the last one is beyond both dimensions
  std::vector<int8_t> dynamic_out(3), static_out(3);
  gather_nd_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{kIn, Extents(3, 2, 1)},
                       TensorView<const int32_t>{indices, Extents(3, 2)},
                       TensorView<int8_t>{dynamic_out.data(), Extents(3, 1)});
  gather_nd_s8<Scalar>(NoAttrs{}, view<3, 2, 1>(kIn), view<3, 2>(indices),
                       view<3, 1>(static_out.data()));
  EXPECT_THAT(dynamic_out, ElementsAre(6, 2, 5));
  EXPECT_EQ(dynamic_out, static_out);
}

}  // namespace
}  // namespace mote::kernels
