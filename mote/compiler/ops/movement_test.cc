#include "mote/compiler/ops/movement.h"

#include <gmock/gmock.h>

#include "tests/support/graph_builder.h"

namespace mote::ops {
namespace {

using enum DType;
using tests::GraphBuilder;
using Ints = std::vector<std::int32_t>;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Simplify, MergesWhatContinuesAndDropsOnes) {
  const Copy copy = simplify({.extents = {2, 1, 3, 4},
                              .in_strides = {12, 12, 4, 1},
                              .out_strides = {50, 7, 4, 1},
                              .in_start = 5});
  EXPECT_THAT(copy.extents, ElementsAre(2, 12));
  EXPECT_THAT(copy.in_strides, ElementsAre(12, 1));
  EXPECT_THAT(copy.out_strides, ElementsAre(50, 1));
  EXPECT_EQ(copy.in_start, 5);
}

/// The calls that one copy of `extents` elements becomes.
DraftCall copy_call(DType type, const Copy& copy, int elements) {
  const graph::Model model{.graphs = {graph::Graph{}}};
  Lowering lowering(model);
  const DraftOperand operand = {.operand = {.type = type, .shape = Extents(elements)}};
  add_copy(lowering, operand, operand, copy);
  return lowering.calls.front();
}

TEST(AddCopy, CarriesBytesInWordsWhereEverythingIsAMultiple) {
  const DraftCall call = copy_call(
      kInt8, {.extents = {3, 8}, .in_strides = {16, 1}, .out_strides = {8, 1}, .in_start = 4}, 64);
  EXPECT_STREQ(call.kernel, "strided_copy_s32");
  const auto& attrs = std::get<program::StridedCopyAttrs>(call.attrs);
  EXPECT_THAT(attrs.extents, ElementsAre(1, 1, 1, 1, 3, 2));
  EXPECT_THAT(attrs.in_strides, ElementsAre(0, 0, 0, 0, 4, 1));
  EXPECT_EQ(attrs.in_start, 1);
  EXPECT_EQ(call.operands[0].operand.shape, Extents(16));
}

TEST(AddCopy, KeepsToBytesWhereTheStartIsOdd) {
  const Copy copy = {.extents = {8}, .in_strides = {1}, .out_strides = {1}, .in_start = 3};
  EXPECT_STREQ(copy_call(kInt8, copy, 64).kernel, "strided_copy_s8");
}

TEST(AddCopy, CarriesEightBytesInTwoPieces) {
  const Copy copy = {.extents = {3}, .in_strides = {2}, .out_strides = {1}};
  const DraftCall call = copy_call(kInt64, copy, 6);
  const auto& attrs = std::get<program::StridedCopyAttrs>(call.attrs);
  EXPECT_STREQ(call.kernel, "strided_copy_s32");
  EXPECT_THAT(attrs.extents, ElementsAre(1, 1, 1, 1, 3, 2));
  EXPECT_THAT(attrs.in_strides, ElementsAre(0, 0, 0, 0, 4, 1));
}

/// What mote says to a network of one node; "" when it takes it.
std::string message_of(const GraphBuilder& b) {
  const graph::Model model = b.build();
  const auto result = check_node(model.graphs[0], model.graphs[0].nodes.back());
  return result ? "" : result.error().message;
}

TEST(CheckMovement, WantsPartsThatMakeTheWhole) {
  GraphBuilder b;
  const int x = b.input(kInt32, {2, 3}), y = b.input(kInt32, {2, 2});
  b.node("CONCATENATION", {x, y}, {b.value(kInt32, {2, 6})}, {{"axis", 1}});
  EXPECT_THAT(message_of(b), HasSubstr("its parts have 5 elements along dimension 1, but 't2' has "
                                       "6"));
}

TEST(CheckMovement, WantsAnAxisThatExists) {
  GraphBuilder b;
  const int x = b.input(kInt32, {2, 3});
  b.node("CONCATENATION", {x}, {b.value(kInt32, {2, 3})}, {{"axis", 2}});
  EXPECT_THAT(message_of(b), HasSubstr("its axis is 2, expected one of 2 dimensions"));
}

TEST(CheckMovement, WantsIntegersOfOneScaleJoined) {
  GraphBuilder b;
  const int x = b.input(kInt8, {2}, {0.5f, 0}), y = b.input(kInt8, {2}, {0.25f, 0});
  b.node("CONCATENATION", {x, y}, {b.value(kInt8, {4}, {0.5f, 0})}, {{"axis", 0}});
  EXPECT_THAT(message_of(b), HasSubstr("'t1' has scale 0.25 and zero point 0, 't2' has 0.5 and 0"));
}

TEST(CheckMovement, WantsPaddingsThatAreConstant) {
  GraphBuilder b;
  const int x = b.input(kInt8, {3}), paddings = b.input(kInt32, {1, 2});
  b.node("PAD", {x, paddings}, {b.value(kInt8, {5})});
  EXPECT_THAT(message_of(b), HasSubstr("the paddings 't1': computed at run time, expected a "
                                       "constant"));
}

TEST(CheckMovement, RefusesNegativePaddings) {
  GraphBuilder b;
  const int x = b.input(kInt8, {3});
  b.node("PAD", {x, b.constant(Ints{-1, 3}, {1, 2})}, {b.value(kInt8, {5})});
  EXPECT_THAT(message_of(b), HasSubstr("it pads dimension 0 by -1 and 3"));
}

TEST(CheckMovement, RefusesMirrorsLargerThanTheirInput) {
  GraphBuilder b;
  const int x = b.input(kInt8, {3});
  b.node("MIRROR_PAD", {x, b.constant(Ints{3, 0}, {1, 2})}, {b.value(kInt8, {6})}, {{"mode", 0}});
  EXPECT_THAT(message_of(b), HasSubstr("it mirrors 3 elements of 3, expected at most 2"));
}

TEST(CheckMovement, RefusesSlicesThatLeaveTheInput) {
  GraphBuilder b;
  const int x = b.input(kInt8, {5});
  b.node("SLICE", {x, b.constant(Ints{3}, {1}), b.constant(Ints{3}, {1})}, {b.value(kInt8, {3})});
  EXPECT_THAT(message_of(b), HasSubstr("it takes 3 from 3 on of the 5 elements along dimension 0"));
}

TEST(CheckMovement, RefusesAStrideOfZero) {
  GraphBuilder b;
  const int x = b.input(kInt8, {5}), zero = b.constant(Ints{0}, {1});
  b.node("STRIDED_SLICE", {x, zero, b.constant(Ints{5}, {1}), zero}, {b.value(kInt8, {5})});
  EXPECT_THAT(message_of(b), HasSubstr("one of its strides is 0"));
}

TEST(CheckMovement, RefusesPermutationsThatNameADimensionTwice) {
  GraphBuilder b;
  const int x = b.input(kInt8, {2, 2});
  b.node("TRANSPOSE", {x, b.constant(Ints{1, 1}, {2})}, {b.value(kInt8, {2, 2})});
  EXPECT_THAT(message_of(b), HasSubstr("does not name each of 2 dimensions once"));
}

TEST(CheckMovement, RefusesConstantIndicesOutOfRange) {
  GraphBuilder b;
  const int x = b.input(kInt8, {3, 2});
  b.node("GATHER", {x, b.constant(Ints{0, 3}, {2})}, {b.value(kInt8, {2, 2})}, {{"axis", 0}});
  EXPECT_THAT(message_of(b), HasSubstr("is outside of [0, 3)"));
}

TEST(CheckMovement, RefusesNumbersWhereAHandleStands) {
  GraphBuilder b;
  const int handle = b.resource();
  b.node("VAR_HANDLE", {}, {handle}, {{"shared_name", "v"}});
  b.node("RESHAPE", {handle}, {b.value(kInt32, {})});
  EXPECT_THAT(message_of(b), HasSubstr("'t0' is a variable's handle, expected numbers"));
}

GraphBuilder pool(int filter, int stride, int out, int padding) {
  GraphBuilder b;
  const int x = b.input(kInt8, {1, 4, 4, 1}, {0.5f, 0});
  b.node("MAX_POOL_2D", {x}, {b.value(kInt8, {1, out, out, 1}, {0.5f, 0})},
         {{"filter_height", filter},
          {"filter_width", filter},
          {"stride_h", stride},
          {"stride_w", stride},
          {"padding", padding}});
  return b;
}

TEST(CheckPool2D, TakesWhatFits) { EXPECT_EQ(message_of(pool(2, 2, 2, 1)), ""); }

TEST(CheckPool2D, RefusesStridesAndWindowsOfZero) {
  EXPECT_THAT(message_of(pool(2, 0, 2, 1)), HasSubstr("its window is 2 wide with stride 0"));
  EXPECT_THAT(message_of(pool(0, 1, 4, 0)), HasSubstr("its window is 0 wide with stride 1"));
}

TEST(CheckPool2D, RefusesOutputsThatDoNotFollowFromTheWindow) {
  EXPECT_THAT(message_of(pool(2, 2, 3, 1)),
              HasSubstr("a window of 2 with stride 2 makes 2 of 4, but its output has 3"));
  EXPECT_THAT(message_of(pool(5, 1, 1, 1)), HasSubstr("makes 0 of 4"));
}

TEST(CheckReduce, WantsOutputsOfTheReducedShape) {
  GraphBuilder b;
  const int x = b.input(kFloat32, {2, 3});
  b.node("MEAN", {x, b.constant(Ints{1}, {1})}, {b.value(kFloat32, {3})});
  EXPECT_THAT(message_of(b), HasSubstr("it turns [2, 3] into [3], expected [2]"));
}

TEST(CheckReduce, WantsScalesOfIntegers) {
  GraphBuilder b;
  const int x = b.input(kInt8, {2, 3});
  b.node("SUM", {x, b.constant(Ints{1}, {1})}, {b.value(kInt8, {2})});
  EXPECT_THAT(message_of(b), HasSubstr("'t0' has no scale"));
}

TEST(CheckResize, RefusesBothOptionsAtOnce) {
  GraphBuilder b;
  const int x = b.input(kFloat32, {1, 2, 2, 1});
  b.node("RESIZE_BILINEAR", {x, b.constant(Ints{4, 4}, {2})}, {b.value(kFloat32, {1, 4, 4, 1})},
         {{"align_corners", 1}, {"half_pixel_centers", 1}});
  EXPECT_THAT(message_of(b), HasSubstr("it has align_corners and half_pixel_centers"));
}

}  // namespace
}  // namespace mote::ops
