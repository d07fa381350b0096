#include "mote/core/kernels/strided_copy.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::StridedCopyAttrs;
using testing::ElementsAre;

template <class T>
TensorView<const T> flat(const std::vector<T>& values) {
  return {values.data(), Extents(static_cast<int>(values.size()))};
}
template <class T>
TensorView<T> flat(std::vector<T>& values) {
  return {values.data(), Extents(static_cast<int>(values.size()))};
}

TEST(StridedCopy, TransposesByWalkingTheInputAcross) {
  // [[1, 2, 3], [4, 5, 6]] -> [[1, 4], [2, 5], [3, 6]]
  const std::vector<int8_t> in = {1, 2, 3, 4, 5, 6};
  std::vector<int8_t> out(6);
  const StridedCopyAttrs attrs = {.extents = {1, 1, 1, 1, 3, 2},
                                  .in_strides = {0, 0, 0, 0, 1, 3},
                                  .out_strides = {0, 0, 0, 0, 2, 1}};
  strided_copy_s8<Scalar>(attrs, flat(in), flat(out));
  EXPECT_THAT(out, ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(StridedCopy, MovesNeighboursToLowerPlacesOfTheSameMemory) {
  std::vector<int8_t> rows(200), moved;
  for (int i = 0; i < 200; ++i) rows[static_cast<std::size_t>(i)] = static_cast<int8_t>(i);
  moved.assign(rows.begin() + 7, rows.end());
  const StridedCopyAttrs attrs = {.extents = {1, 1, 1, 1, 1, 193},
                                  .in_strides = {0, 0, 0, 0, 0, 1},
                                  .out_strides = {0, 0, 0, 0, 0, 1},
                                  .in_start = 7};
  const TensorView<const int8_t> from = {rows.data(), Extents(200)};
  strided_copy_s8<Scalar>(attrs, from, flat(rows));
  rows.resize(193);
  EXPECT_EQ(rows, moved);
}

TEST(StridedCopy, ReversesByANegativeStride) {
  const std::vector<int16_t> in = {1, 2, 3, 4};
  std::vector<int16_t> out(4);
  const StridedCopyAttrs attrs = {.extents = {1, 1, 1, 1, 1, 4},
                                  .in_strides = {0, 0, 0, 0, 0, -1},
                                  .out_strides = {0, 0, 0, 0, 0, 1},
                                  .in_start = 3};
  strided_copy_s16<Scalar>(attrs, flat(in), flat(out));
  EXPECT_THAT(out, ElementsAre(4, 3, 2, 1));
}

TEST(StridedCopy, RepeatsByAStrideOfZeroAndWritesOnlyItsPart) {
  const std::vector<int32_t> in = {7, 8};
  std::vector<int32_t> out(6, -1);
  const StridedCopyAttrs attrs = {.extents = {1, 1, 1, 1, 2, 2},
                                  .in_strides = {0, 0, 0, 0, 0, 1},
                                  .out_strides = {0, 0, 0, 0, 3, 1},
                                  .out_start = 1};
  strided_copy_s32<Scalar>(attrs, flat(in), flat(out));
  EXPECT_THAT(out, ElementsAre(-1, 7, 8, -1, 7, 8));
}

/// Six dimensions: [2, 3, 2, 2, 2, 2], written with the first and the last exchanged.
struct Static {
  static constexpr int extents[] = {2, 3, 2, 2, 2, 2}, in_strides[] = {48, 16, 8, 4, 2, 1},
                       out_strides[] = {1, 16, 8, 4, 2, 48}, in_start = 0, out_start = 0;
};

TEST(StridedCopy, GivesTheSameWithStaticExtents) {
  std::vector<int8_t> in(96), dynamic_out(96), static_out(96);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<int8_t>(i);
  const StridedCopyAttrs attrs = {.extents = {2, 3, 2, 2, 2, 2},
                                  .in_strides = {48, 16, 8, 4, 2, 1},
                                  .out_strides = {1, 16, 8, 4, 2, 48}};
  strided_copy_s8<Scalar>(attrs, flat(std::as_const(in)), flat(dynamic_out));
  strided_copy_s8<Scalar>(Static{}, view<96>(std::as_const(in).data()),
                          view<96>(static_out.data()));
  EXPECT_EQ(dynamic_out, static_out);
  EXPECT_EQ(dynamic_out[1], 48) << "one step along the last dimension is one along the first";
}

}  // namespace
}  // namespace mote::kernels
