#include "mote/core/base/extents.h"

#include <gtest/gtest.h>

#include "mote/core/base/tensor_view.h"

namespace mote {
namespace {

TEST(Extents, OfBothKindsGiveTheSameDimensionsAndVolume) {
  constexpr Extents dynamic(2, 3, 5);
  constexpr StaticExtents<2, 3, 5> fixed;
  static_assert(dynamic.rank == fixed.rank);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(dynamic[i], fixed[i]);
  EXPECT_EQ(volume(dynamic), 30);
  EXPECT_EQ(volume(fixed), 30);
}

TEST(Extents, OfAScalarHoldOneElement) {
  EXPECT_EQ(volume(Extents()), 1);
  EXPECT_EQ(volume(StaticExtents<>()), 1);
}

TEST(TensorView, OfStaticShapeIsJustAPointer) {
  EXPECT_EQ(sizeof(TensorView<float, StaticExtents<4, 4>>), sizeof(float*));
}

}  // namespace
}  // namespace mote
