#include "mote/core/base/mixed_extents.h"

#include <gtest/gtest.h>

namespace mote {
namespace {

TEST(MixedExtents, HoldOnlyWhatIsNotKnownBefore) {
  constexpr MixedExtents<1, kDynamic, 5, kDynamic> mixed = {{7, 9}};
  static_assert(sizeof mixed == 2 * sizeof(int) && mixed.rank == 4);
  EXPECT_EQ(mixed[0], 1);
  EXPECT_EQ(mixed[1], 7);
  EXPECT_EQ(mixed[2], 5);
  EXPECT_EQ(mixed[3], 9);
  EXPECT_EQ(volume(mixed), 315);
}

}  // namespace
}  // namespace mote
