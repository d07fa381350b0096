#include <gmock/gmock.h>

#include "mote/compiler/passes/columns.h"
#include "mote/compiler/passes/passes.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"
#include "tests/support/streamed.h"

namespace mote::passes {
namespace {

using enum DType;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::GraphBuilder;
using tests::Quant;

const Quant kIn{0.1f, 5};

/// CONV_2D along the height; filters of one value.
int convolve(GraphBuilder& b, int in, std::vector<int> filter, std::vector<int> shape,
             int stride = 1, DType type = kInt8) {
  const int count = tests::count(filter), channels = filter[0];
  const Quant one = type == kInt8 ? Quant(0.01f, 0) : Quant();
  const int weights = b.constant(std::vector<std::int8_t>(static_cast<std::size_t>(count), 3),
                                 filter, Quant(0.01f, 0));
  const int bias =
      type == kInt8
          ? b.constant(std::vector<std::int32_t>(static_cast<std::size_t>(channels), 900),
                       {channels}, Quant(0.001f, 0))
          : b.constant(std::vector<float>(static_cast<std::size_t>(channels), 1.0f), {channels});
  const int out = b.value(type, std::move(shape), type == kInt8 ? Quant(0.1f, -4) : Quant());
  b.node("CONV_2D", {in, weights, bias}, {out},
         {{"padding", std::int64_t{1}},
          {"stride_h", std::int64_t{stride}},
          {"stride_w", std::int64_t{1}},
          {"dilation_h_factor", std::int64_t{1}},
          {"dilation_w_factor", std::int64_t{1}},
          {"fused_activation_function", std::int64_t{0}}});
  return out;
}

int dense(GraphBuilder& b, int in, int depth) {
  const int out = b.value(kInt8, {1, 2}, Quant(0.2f, 0));
  const int weights = b.constant(std::vector<std::int8_t>(static_cast<std::size_t>(2 * depth), 1),
                                 {2, depth}, Quant(0.01f, 0));
  b.node("FULLY_CONNECTED", {in, weights, graph::kNoTensor}, {out});
  return out;
}

Error error_of(const GraphBuilder& b, const Stream& stream) {
  const auto program = compiler::compile(b.build(), {.stream = stream});
  return program ? Error{.message = "it compiles"} : program.error();
}

std::vector<std::string> kernels_of(const program::Program& program) {
  std::vector<std::string> list;
  for (const auto& call : program.calls) list.push_back(call.kernel);
  return list;
}

TEST(Stream, KeepsTheColumnsThatTheNextWindowSharesAndNoMore) {
  GraphBuilder b;
  int x = b.input(kInt8, {1, 12, 1, 16}, kIn);
  x = convolve(b, x, {16, 3, 1, 16}, {1, 10, 1, 16});
  x = convolve(b, x, {16, 4, 1, 16}, {1, 7, 1, 16});
  b.output(convolve(b, x, {4, 7, 1, 16}, {1, 1, 1, 4}));
  const program::Program program =
      tests::program_of(b, {.share_memory = true, .stream = Stream{.axis = 1, .hop = 1}});
  std::vector<std::int64_t> states;
  for (const program::State& state : program.states) states.push_back(state.bytes);
  EXPECT_THAT(states, ElementsAre(3 * 16, 4 * 16, 7 * 16));
  EXPECT_THAT(kernels_of(program),
              ElementsAre("shift_s8", "strided_copy_s32", "shift_s8", "conv_2d_s8", "shift_s8",
                          "conv_2d_s8", "conv_2d_s8"))
      << "layers read and write the kept columns where they lie; only the input is copied";
  EXPECT_EQ(program.arena_bytes, 14 * 16 + 16) << "and the input or the output";
}

TEST(Stream, IsSetUpWithTheColumnsOfASilentWindow) {
  GraphBuilder b;
  int x = b.input(kInt8, {1, 8, 1, 4}, kIn);
  x = convolve(b, x, {4, 3, 1, 4}, {1, 6, 1, 4});
  b.output(convolve(b, x, {4, 6, 1, 4}, {1, 1, 1, 4}));
  const program::Program program = tests::program_of(b, {.stream = Stream{.axis = 1, .hop = 1}});
  ASSERT_EQ(program.states.size(), 2u);
  EXPECT_EQ(program.states[0].fill, 5) << "the input's zero point";
  EXPECT_EQ(program.setup.size(), 1u) << "what the first layer makes of it: its bias";
}

TEST(Stream, RunsOnlyWhereItIsAskedFor) {
  GraphBuilder b;
  b.output(convolve(b, b.input(kInt8, {1, 8, 1, 4}, kIn), {4, 3, 1, 4}, {1, 6, 1, 4}));
  const auto passes_with = [&](std::optional<Stream> stream) {
    std::vector<std::string_view> names;
    const auto program = compiler::compile(
        b.build(),
        {.stream = stream, .observer = [&](const Pass& pass, const Changes&, const auto&) {
           names.push_back(pass.name);
         }});
    EXPECT_TRUE(program);
    return names;
  };
  EXPECT_THAT(passes_with(std::nullopt), testing::Not(testing::Contains("stream_columns")));
  EXPECT_THAT(passes_with(Stream{.axis = 1, .hop = 1}), testing::Contains("stream_columns"));
}

TEST(StreamRefuses, AnAxisThatTheInputDoesNotHave) {
  GraphBuilder b;
  b.output(convolve(b, b.input(kInt8, {1, 8, 1, 4}, kIn), {4, 3, 1, 4}, {1, 6, 1, 4}));
  const Error error = error_of(b, {.axis = 4, .hop = 1});
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_THAT(error.message, HasSubstr("the axis is 4, but the input 't0' of shape [1, 8, 1, 4] "
                                       "has axes 0 to 3"));
}

TEST(StreamRefuses, AHopAsLongAsTheWindow) {
  GraphBuilder b;
  b.output(convolve(b, b.input(kInt8, {1, 8, 1, 4}, kIn), {4, 3, 1, 4}, {1, 6, 1, 4}));
  const Error error = error_of(b, {.axis = 1, .hop = 8});
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_THAT(error.message, HasSubstr("has 8 columns along axis 1, expected a hop from 1 to 7"));
}

TEST(StreamRefuses, AHopThatIsNoMultipleOfAStrideAndNamesOneThatIs) {
  GraphBuilder b;
  int x = b.input(kInt8, {1, 41, 1, 4}, kIn);
  x = convolve(b, x, {4, 3, 1, 4}, {1, 20, 1, 4}, 2);
  b.output(convolve(b, x, {4, 2, 1, 4}, {1, 7, 1, 4}, 3));
  EXPECT_THAT(error_of(b, {.axis = 1, .hop = 1}).message,
              HasSubstr("node 0 CONV_2D 't3' goes by 2 columns, but a hop of 1 moves its input by "
                        "1; --stream=1,6 works"));
  const Error error = error_of(b, {.axis = 1, .hop = 2});
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("node 1 CONV_2D 't6' goes by 3 columns, but a hop of 2 "
                                       "moves its input by 1; --stream=1,6 works"));
}

TEST(StreamRefuses, ANetworkWhoseFirstLayerMixesTheWholeWindow) {
  GraphBuilder b;
  b.output(dense(b, b.input(kInt8, {1, 8}, kIn), 8));
  const Error error = error_of(b, {.axis = 1, .hop = 1});
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message,
              HasSubstr("node 0 FULLY_CONNECTED 't1' multiplies the whole window at once, so that "
                        "nothing of a window can be kept for the next; run the model without "
                        "--stream"));
}

TEST(StreamRefuses, FloatsThatAreQuantisedByTheLargestOfTheWindow) {
  GraphBuilder b;
  const int x = b.input(kFloat32, {1, 8, 1, 4});
  b.output(convolve(b, x, {4, 3, 1, 4}, {1, 6, 1, 4}, 1, kFloat32));
  EXPECT_THAT(error_of(b, {.axis = 1, .hop = 1}).message,
              HasSubstr("scales its input by the largest number of the whole window"));
}

TEST(StreamRefuses, TwoInputs) {
  GraphBuilder b;
  const int x = b.input(kInt8, {1, 8}, kIn), y = b.input(kInt8, {1, 8}, kIn);
  const int sum = b.value(kInt8, {1, 8}, kIn);
  b.node("ADD", {x, y}, {sum});
  b.output(sum);
  EXPECT_THAT(error_of(b, {.axis = 1, .hop = 1}).message,
              HasSubstr("the network has 2 inputs, expected one window that slides"));
}

TEST(StreamRefuses, ANetworkThatKeepsItsOwnStateOfTheWindow) {
  GraphBuilder b;
  const int x = b.input(kInt8, {1, 8}, kIn), sum = b.value(kInt8, {1, 8}, kIn);
  b.node("ADD", {x, b.variable(kInt8, {1, 8}, kIn)}, {sum});
  b.output(sum);
  EXPECT_THAT(error_of(b, {.axis = 1, .hop = 1}).message,
              HasSubstr("which is another in each run"));
}

TEST(Columns, OfSamePaddingGrowABorderWithEveryLayer) {
  const Rule rule{.kind = Rule::Kind::kWindow, .axis = 1, .count = 25, .reach = 3, .before = 1};
  const auto out = pass_on({.axis = 1, .count = 25, .left = 2, .right = 3, .shift = 1}, rule);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->left, 3);
  EXPECT_EQ(out->right, 4);
  EXPECT_EQ(out->shift, 1);
}

TEST(Columns, OfAStrideMoveByAWholeNumberOrNotAtAll) {
  const Rule rule{.kind = Rule::Kind::kWindow, .axis = 1, .count = 20, .stride = 2, .reach = 3};
  EXPECT_EQ(pass_on({.axis = 1, .count = 41, .shift = 4}, rule)->shift, 2);
  EXPECT_FALSE(pass_on({.axis = 1, .count = 41, .shift = 3}, rule));
  EXPECT_FALSE(pass_on({.axis = 1, .count = 41, .shift = 39}, rule)->is_streamed())
      << "all twenty are new: any hop will do";
}

}  // namespace
}  // namespace mote::passes
