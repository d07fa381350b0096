#include "mote/core/kernels/shift.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using testing::ElementsAre;

std::vector<int8_t> shifted(std::vector<int8_t> state, const program::ShiftAttrs& attrs) {
  shift_s8<isa::Scalar>(
      attrs, TensorView<int8_t, Extents>{state.data(), Extents(static_cast<int>(state.size()))});
  return state;
}

TEST(Shift, MovesWhatIsKeptToTheFrontAndLeavesTheRest) {
  EXPECT_THAT(shifted({1, 2, 3, 4, 5}, {.rows = 1, .pitch = 5, .length = 5, .by = 2}),
              ElementsAre(3, 4, 5, 4, 5));
}

TEST(Shift, MovesEachRowByItselfAndNothingBetweenThem) {
  EXPECT_THAT(shifted({1, 2, 3, 9, 4, 5, 6}, {.rows = 2, .pitch = 4, .length = 3, .by = 1}),
              ElementsAre(2, 3, 3, 9, 5, 6, 6));
}

TEST(Shift, MovesNothingWhereAllIsNew) {
  EXPECT_THAT(shifted({1, 2}, {.rows = 1, .pitch = 2, .length = 2, .by = 2}), ElementsAre(1, 2));
}

}  // namespace
}  // namespace mote::kernels
