#include "mote/core/kernels/mul.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

/// Zero points 1, -1 and 5; products are halved.
constexpr program::ProductAttrs kHalf = {.input1_offset = -1,
                                         .input2_offset = 1,
                                         .output_offset = 5,
                                         .output_multiplier = 1 << 30,
                                         .output_shift = 0,
                                         .act_min = -128,
                                         .act_max = 127};
const int8_t kA[] = {1, 4, -9, 101};  // 0, 3, -10, 100
const int8_t kB[] = {9, 4, 2, 99};    // 10, 5, 3, 100

TEST(Mul, ScalesTheProductOfWhatTheZeroPointsLeave) {
  std::vector<int8_t> out(4);
  mul_s8<Scalar>(kHalf, TensorView<const int8_t>{kA, Extents(4)},
                 TensorView<const int8_t>{kB, Extents(4)},
                 TensorView<int8_t>{out.data(), Extents(4)});
  EXPECT_THAT(out, ElementsAre(5, 13, -10, 127));  // 5 + 0, 5 + 15 / 2, 5 - 15, saturated
}

TEST(Mul, GivesTheSameWithStaticExtents) {
  std::vector<int8_t> out(4);
  mul_s8<Scalar>(kHalf, view<4>(kA), view<4>(kB), view<4>(out.data()));
  EXPECT_THAT(out, ElementsAre(5, 13, -10, 127));
}

/// Quotients times 64: multiplier 1/2, shift 7.
constexpr program::ProductAttrs kTimes64 = {.output_offset = 1,
                                            .output_multiplier = 1 << 30,
                                            .output_shift = 7,
                                            .act_min = -128,
                                            .act_max = 127};

TEST(Div, ScalesTheQuotient) {
  const int8_t a[] = {1, -3, 100, 5}, b[] = {2, 4, 100, -8};
  int8_t out[4];
  div_s8<Scalar>(kTimes64, view<4>(a), view<4>(b), view<4>(out));
  EXPECT_THAT(out, ElementsAre(33, -47, 65, -39));  // 1 + 32, 1 - 48, 1 + 64, 1 - 40
}

TEST(Div, GivesABoundWhereTheDivisorIsZero) {
  const int8_t a[] = {1, -3, 0}, zeros[] = {0, 0, 0};
  int8_t out[3];
  div_s8<Scalar>(kTimes64, view<3>(a), view<3>(zeros), view<3>(out));
  EXPECT_THAT(out, ElementsAre(127, -128, 1));
}

TEST(Div, TakesEvery32BitPair) {
  const int32_t a[] = {7, -7, kInt32Min, 5}, b[] = {2, 2, -1, 0};
  int32_t out[4];
  div_s32<Scalar>(program::ActivationAttrs{kInt32Min, kInt32Max}, view<4>(a), view<4>(b),
                  view<4>(out));
  EXPECT_THAT(out, ElementsAre(3, -3, kInt32Min, 0));
}

}  // namespace
}  // namespace mote::kernels
