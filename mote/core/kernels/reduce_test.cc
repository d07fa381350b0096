#include "mote/core/kernels/reduce.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

const int8_t kIn[] = {1, 2, 3, 4, 50, 6};  // [2, 3]

TEST(ReduceSum, RequantisesTheSumWithoutItsZeroPoints) {
  // Zero point 1: columns of [2, 3] sum to 1+4-2, 2+50-2, 3+6-2; times 1/2, plus 10.
  const program::ReduceSumQuantizedAttrs attrs = {.kept = {1, 1, 3},
                                                  .kept_strides = {0, 0, 1},
                                                  .reduced = {1, 1, 2},
                                                  .reduced_strides = {0, 0, 3},
                                                  .sum_offset = -2,
                                                  .multiplier = 1 << 30,
                                                  .shift = 0,
                                                  .output_offset = 10};
  std::vector<int8_t> out(3);
  reduce_sum_s8<Scalar>(attrs, TensorView<const int8_t>{kIn, Extents(6)},
                        TensorView<int8_t>{out.data(), Extents(3)});
  EXPECT_THAT(out, ElementsAre(12, 35, 14)) << "1.5 and 3.5 are rounded up";
}

TEST(ReduceSum, SaturatesAtItsTypesEnds) {
  const int16_t in[] = {32767, 32767, -32768, -32768};  // [2, 2], summed over the last axis
  const program::ReduceSumQuantizedAttrs attrs = {.kept = {1, 1, 2},
                                                  .kept_strides = {0, 0, 2},
                                                  .reduced = {1, 1, 2},
                                                  .reduced_strides = {0, 0, 1},
                                                  .multiplier = 1 << 30,
                                                  .shift = 1};
  std::vector<int16_t> out(2);
  reduce_sum_s16<Scalar>(attrs, TensorView<const int16_t>{in, Extents(4)},
                         TensorView<int16_t>{out.data(), Extents(2)});
  EXPECT_THAT(out, ElementsAre(32767, -32768));
}

TEST(ReduceExtreme, FindsLargestAndSmallest) {
  program::ReduceExtremeAttrs attrs = {.kept = {1, 1, 2},
                                       .kept_strides = {0, 0, 3},
                                       .reduced = {1, 1, 3},
                                       .reduced_strides = {0, 0, 1},
                                       .is_max = 1};
  std::vector<int8_t> out(2);
  const TensorView<int8_t> target = {out.data(), Extents(2)};
  reduce_extreme_s8<Scalar>(attrs, TensorView<const int8_t>{kIn, Extents(6)}, target);
  EXPECT_THAT(out, ElementsAre(3, 50));
  attrs.is_max = 0;
  reduce_extreme_s8<Scalar>(attrs, TensorView<const int8_t>{kIn, Extents(6)}, target);
  EXPECT_THAT(out, ElementsAre(1, 4));
}

/// [2, 3, 2, 2] over its first and third axis.
struct Static {
  static constexpr int kept[] = {1, 3, 2}, kept_strides[] = {0, 4, 1}, reduced[] = {1, 2, 2},
                       reduced_strides[] = {0, 12, 2};
  static constexpr float divisor = 4;
};

TEST(ReduceSum, GivesTheSameWithStaticExtents) {
  std::vector<float> in(24), dynamic_out(6), static_out(6);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i);
  const program::ReduceSumAttrs attrs = {.kept = {1, 3, 2},
                                         .kept_strides = {0, 4, 1},
                                         .reduced = {1, 2, 2},
                                         .reduced_strides = {0, 12, 2},
                                         .divisor = 4};
  reduce_sum_f32<Scalar>(attrs, TensorView<const float>{in.data(), Extents(24)},
                         TensorView<float>{dynamic_out.data(), Extents(6)});
  reduce_sum_f32<Scalar>(Static{}, view<24>(std::as_const(in).data()), view<6>(static_out.data()));
  EXPECT_EQ(dynamic_out, static_out);
  EXPECT_THAT(dynamic_out, ElementsAre(7, 8, 11, 12, 15, 16)) << "(0 + 2 + 12 + 14) / 4 = 7, ...";
}

}  // namespace
}  // namespace mote::kernels
