// Networks quantised to UINT8, as users see them: unsigned bytes in and out.

#include <gmock/gmock.h>

#include "tests/support/programs.h"

namespace mote::compiler {
namespace {

using enum DType;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_of;
using tests::GraphBuilder;
using tests::interpreter_of;
using tests::program_of;
using Bytes = std::vector<std::uint8_t>;

Bytes run(const GraphBuilder& b, const Bytes& input) {
  auto interpreter = interpreter_of(b);
  const auto target = *interpreter.input(0).as<std::uint8_t>();
  std::copy(input.begin(), input.end(), target.begin());
  interpreter.run();
  const auto output = *interpreter.output(0).as<std::uint8_t>();
  return Bytes(output.begin(), output.end());
}

/// Input zero point 100, filter zero point 2, output zero point 10; all scales 1.
GraphBuilder dense() {
  GraphBuilder b;
  const int in = b.input(kUint8, {1, 2}, {1.0f, 100});
  const int filter = b.constant(Bytes{3, 4, 2, 0}, {2, 2}, {1.0f, 2});  // 1, 2; 0, -2
  const int bias = b.constant(std::vector<std::int32_t>{5, 0}, {2}, {1.0f, 0});
  const int out = b.value(kUint8, {1, 2}, {1.0f, 10});
  b.node("FULLY_CONNECTED", {in, filter, bias}, {out});
  b.output(out);
  return b;
}

TEST(Uint8, HasZeroPointsInActivationsAndFilters) {
  EXPECT_THAT(run(dense(), {101, 110}), ElementsAre(10 + 1 + 20 + 5, 0)) << "-20 + 10 saturates";
  EXPECT_THAT(run(dense(), {95, 99}), ElementsAre(10 - 5 - 2 + 5, 10 + 2));
}

TEST(Uint8, IsConvertedInPlaceAtTheNetworksEnds) {
  const program::Program program = program_of(dense());
  EXPECT_EQ(program.arena_bytes, 16 + 2) << "2 B at 0, 2 B at 16";
  ASSERT_EQ(program.calls.size(), 3u);
  EXPECT_STREQ(program.calls[0].kernel, "flip_sign_s8");
  EXPECT_STREQ(program.calls[2].kernel, "flip_sign_s8");
}

TEST(Uint8, IsLeftAloneInAnInputThatIsAnOutputToo) {
  GraphBuilder b = dense();
  b.output(0);
  auto interpreter = interpreter_of(b);
  const auto input = *interpreter.input(0).as<std::uint8_t>();
  input[0] = 7, input[1] = 200;
  interpreter.run();
  EXPECT_THAT(*interpreter.output(1).as<std::uint8_t>(), ElementsAre(7, 200));
}

TEST(Uint8, RoundsAveragesHalfUp) {
  GraphBuilder b;
  const int in = b.input(kUint8, {1, 1, 6, 1}, {0.5f, 128});
  const int out = b.value(kUint8, {1, 1, 3, 1}, {0.5f, 128});
  b.node("AVERAGE_POOL_2D", {in}, {out},
         {{"padding", 1},
          {"stride_h", 1},
          {"stride_w", 2},
          {"filter_height", 1},
          {"filter_width", 2}});
  b.output(out);
  EXPECT_THAT(run(b, {100, 101, 200, 201, 0, 1}), ElementsAre(101, 201, 1))
      << "INT8 would round -27.5 to -28: 100";
}

TEST(Uint8, MayBeJoinedFromSeveralScales) {
  GraphBuilder b;
  const int in = b.input(kUint8, {2}, {0.5f, 0}), all = b.value(kUint8, {4}, {1.0f, 100});
  const int other = b.constant(Bytes{4, 6}, {2}, {2.0f, 5});
  b.node("CONCATENATION", {in, other}, {all}, {{"axis", 0}});
  b.output(all);
  EXPECT_THAT(run(b, {1, 255}), ElementsAre(101, 228, 98, 102)) << "0.5, 127.5, -2 and 2";
}

TEST(Uint8, IsNamedWhereAnOperatorLacksIt) {
  GraphBuilder b;
  const int in = b.input(kUint8, {4}, {0.5f, 128}), out = b.value(kUint8, {4}, {0.5f, 128});
  b.node("SUB", {in, in}, {out});
  b.output(out);
  EXPECT_THAT(error_of(b), HasSubstr("node 0 SUB 't1': its types are UINT8, UINT8 -> UINT8, mote "
                                     "has int8, int16, int32, float32"));
}

TEST(Uint8, KeepsItsNumbersInMessages) {
  GraphBuilder b;
  const int in = b.input(kUint8, {1, 4}, {0.5f, 128}), out = b.value(kUint8, {1, 4}, {0.5f, 3});
  b.node("SOFTMAX", {in}, {out}, {{"beta", 1.0}});
  b.output(out);
  EXPECT_THAT(error_of(b), HasSubstr("its output has scale 0.5 and zero point 3, expected 1/256 "
                                     "and 0"));
}

TEST(Uint8, TakesNoScalesByChannel) {
  GraphBuilder b = dense();
  b.graph().tensors[1].quant = {.scale = {1, 2}, .zero_point = {128, 128}, .axis = 0};
  EXPECT_THAT(error_of(b), HasSubstr("the filter 't1' of type UINT8 has 2 scales, expected one"));
}

}  // namespace
}  // namespace mote::compiler
