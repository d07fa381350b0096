#include "mote/core/kernels/broadcast.h"

#include <gmock/gmock.h>

#include <vector>

namespace mote::kernels {
namespace {

using testing::ElementsAre;

const auto kTensPlusOnes = [](int x, int y) { return 10 * x + y; };

std::vector<int> zipped(const std::vector<int>& a, const Extents& shape_a,
                        const std::vector<int>& b, const Extents& shape_b, const Extents& shape) {
  std::vector<int> out(static_cast<std::size_t>(volume(shape)));
  zip(TensorView<const int>{a.data(), shape_a}, TensorView<const int>{b.data(), shape_b},
      TensorView<int>{out.data(), shape}, kTensPlusOnes);
  return out;
}

TEST(Zip, PairsElementsOfEqualShapes) {
  EXPECT_THAT(zipped({1, 2, 3}, Extents(3), {4, 5, 6}, Extents(3), Extents(3)),
              ElementsAre(14, 25, 36));
}

TEST(Zip, RepeatsAScalarOnEitherSide) {
  EXPECT_THAT(zipped({1}, Extents(1), {4, 5, 6}, Extents(3), Extents(3)), ElementsAre(14, 15, 16));
  EXPECT_THAT(zipped({1, 2, 3}, Extents(3), {4}, Extents(1), Extents(3)), ElementsAre(14, 24, 34));
}

TEST(Zip, CrossesARowWithAColumn) {
  EXPECT_THAT(zipped({1, 2}, Extents(2, 1), {4, 5, 6}, Extents(1, 3), Extents(2, 3)),
              ElementsAre(14, 15, 16, 24, 25, 26));
}

TEST(Zip, WalksBackWhereAnOuterDimensionIsRepeated) {
  // a [2, 1, 2], b [1, 2, 1]
  EXPECT_THAT(zipped({1, 2, 3, 4}, Extents(2, 1, 2), {5, 6}, Extents(1, 2, 1), Extents(2, 2, 2)),
              ElementsAre(15, 25, 16, 26, 35, 45, 36, 46));
}

TEST(Zip, GivesTheSameWithStaticExtents) {
  const int a[] = {1, 2, 3, 4}, b[] = {5, 6};
  std::vector<int> out(8);
  zip(view<2, 1, 2>(a), view<1, 2, 1>(b), view<2, 2, 2>(out.data()), kTensPlusOnes);
  EXPECT_THAT(out, ElementsAre(15, 25, 16, 26, 35, 45, 36, 46));
}

TEST(Map, MayWriteWhereItReads) {
  int values[] = {1, 2, 3};
  map(TensorView<const int>{values, Extents(3)}, TensorView<int>{values, Extents(3)},
      [](int x) { return x * x; });
  EXPECT_THAT(values, ElementsAre(1, 4, 9));
}

}  // namespace
}  // namespace mote::kernels
