#include "mote/core/kernels/batch_matmul.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::BatchMatmulAttrs;
using program::BatchMatmulQuantizedAttrs;
using program::NoAttrs;
using testing::ElementsAre;

TEST(BatchMatmul, MultipliesRowsWithTheRowsOfATransposedRightSide) {
  const float lhs[] = {1, 2, 3, 4}, rhs[] = {5, 6, 7, 8};
  float out[4];
  batch_matmul_f32<Scalar>(BatchMatmulAttrs{}, view<1, 2, 2>(lhs), view<1, 2, 2>(rhs),
                           view<1, 2, 2>(out));
  EXPECT_THAT(out, ElementsAre(1 * 5 + 2 * 6, 1 * 7 + 2 * 8, 3 * 5 + 4 * 6, 3 * 7 + 4 * 8));
}

TEST(BatchMatmul, RepeatsTheSideWhoseStepIsZero) {
  const float lhs[] = {1, 10, 100}, rhs[] = {2, 3};
  const BatchMatmulAttrs attrs = {.batch = {1, 3, 2}, .lhs_step = {0, 1, 0}, .rhs_step = {0, 0, 1}};
  float out[6];
  batch_matmul_f32<Scalar>(attrs, view<3, 1, 1>(lhs), view<2, 1, 1>(rhs), view<6, 1, 1>(out));
  EXPECT_THAT(out, ElementsAre(2, 3, 20, 30, 200, 300));
}

TEST(BatchMatmul, TakesZeroPointsOfBothSides) {
  const int8_t lhs[] = {3, 4}, rhs[] = {1, 2};
  const BatchMatmulQuantizedAttrs attrs = {.lhs_offset = 1,
                                           .rhs_offset = -5,
                                           .output_offset = 2,
                                           .multiplier = 1 << 30,
                                           .shift = 1,
                                           .act_min = -128,
                                           .act_max = 127};
  int8_t out[1];
  batch_matmul_s8<Scalar>(attrs, view<1, 1, 2>(lhs), view<1, 1, 2>(rhs), view<1, 1, 1>(out));
  EXPECT_EQ(out[0], (3 + 1) * (1 - 5) + (4 + 1) * (2 - 5) + 2);
}

TEST(BatchMatmul, Sums16BitProductsIn64Bits) {
  // 4 * 2^30 does not fit 32 bits; times 2^-18.
  const int16_t lhs[] = {-32768, -32768, -32768, -32768}, rhs[] = {-32768, -32768, -32768, -32768};
  const BatchMatmulQuantizedAttrs attrs = {
      .multiplier = 1 << 30, .shift = -17, .act_min = -32768, .act_max = 32767};
  int16_t out[1];
  batch_matmul_s16<Scalar>(attrs, view<1, 1, 4>(lhs), view<1, 1, 4>(rhs), view<1, 1, 1>(out));
  EXPECT_EQ(out[0], 1 << 14);
}

TEST(TransposeMatrices, TurnsEachMatrix) {
  const int8_t in[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  int8_t out[12];
  transpose_matrices_s8<Scalar>(NoAttrs{}, view<2, 2, 3>(in), view<2, 3, 2>(out));
  EXPECT_THAT(out, ElementsAre(1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12));
}

TEST(BatchMatmul, IsTheSameWithStaticAndDynamicShapes) {
  const float lhs[] = {1, 2, 3, 4, 5, 6}, rhs[] = {1, -1, 2, 0, 0, 1};
  float fixed[4], dynamic[4];
  batch_matmul_f32<Scalar>(BatchMatmulAttrs{}, view<1, 2, 3>(lhs), view<1, 2, 3>(rhs),
                           view<1, 2, 2>(fixed));
  batch_matmul_f32<Scalar>(BatchMatmulAttrs{}, TensorView<const float>{lhs, Extents(1, 2, 3)},
                           TensorView<const float>{rhs, Extents(1, 2, 3)},
                           TensorView<float>{dynamic, Extents(1, 2, 2)});
  EXPECT_THAT(fixed, ElementsAre(1 - 2 + 6, 3, 4 - 5 + 12, 6));
  EXPECT_THAT(dynamic, testing::ElementsAreArray(fixed));
}

}  // namespace
}  // namespace mote::kernels
