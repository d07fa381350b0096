#include "mote/compiler/convert/shrink.h"

#include <gmock/gmock.h>

#include "mote/compiler/model/tflite.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"

namespace mote::convert {
namespace {

/// [1, 4, 4, 2] -> CONV_2D to 4 channels, of which one's filter is zero -> RESHAPE ->
/// FULLY_CONNECTED to 3. UINT8 has the same numbers, 128 more.
graph::Model network(DType type) {
  const bool is_uint8 = type == DType::kUint8;
  const int shift = is_uint8 ? 128 : 0;
  tests::Random random(7);
  const auto weights = [&](int count, int zeros_from, int zeros) {
    std::vector<std::uint8_t> list;
    for (int i = 0; i < count; ++i) {
      const bool is_zero = i >= zeros_from && i < zeros_from + zeros;
      list.push_back(static_cast<std::uint8_t>((is_zero ? 0 : random.pick(-127, 127)) + shift));
    }
    return list;
  };
  tests::GraphBuilder b;
  const auto constant = [&](const std::vector<std::uint8_t>& list, std::vector<int> shape) {
    return b.constant(std::as_bytes(std::span(list)), type, std::move(shape), {0.01f, shift});
  };
  const int in = b.input(type, {1, 4, 4, 2}, {0.1f, shift});
  const int middle = b.value(type, {1, 4, 4, 4}, {0.1f, shift});
  const int flat = b.value(type, {1, 64}, {0.1f, shift});
  const int out = b.value(type, {1, 3}, {0.5f, shift});
  b.node("CONV_2D",
         {in, constant(weights(4 * 9 * 2, 18, 18), {4, 3, 3, 2}),
          b.constant(std::vector<std::int32_t>{5, 0, -9, 100}, {4}, {0.001f, 0})},
         {middle},
         {{"stride_h", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"dilation_h_factor", std::int64_t{1}},
          {"dilation_w_factor", std::int64_t{1}},
          {"padding", std::int64_t{0}}});
  b.node("RESHAPE", {middle, b.constant(std::vector<std::int32_t>{1, 64}, {2})}, {flat});
  b.node("FULLY_CONNECTED", {flat, constant(weights(3 * 64, 0, 0), {3, 64}), graph::kNoTensor},
         {out});
  b.output(out);
  return b.build();
}

class ShrunkModel : public testing::TestWithParam<DType> {};

TEST_P(ShrunkModel, GivesTheSameBitsAsAFile) {
  const graph::Model whole = network(GetParam());
  graph::Model small = whole;
  const auto shrunk = shrink(small);
  ASSERT_TRUE(shrunk) << shrunk.error().message;
  EXPECT_LT(shrunk->certificate.after.macs, shrunk->certificate.before.macs);
  const auto before = model::write_tflite(whole), bytes = model::write_tflite(small);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_LT(bytes->size(), before->size());
  const auto again = model::read_tflite_with_extras(
      std::make_shared<const std::vector<std::byte>>(*bytes), "small");
  ASSERT_TRUE(again) << again.error().message;
  const graph::Graph& graph = again->graphs[0];
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.inputs[0])].type, GetParam());
  auto a = tests::interpreter_of(whole, {.shrink = false}),
       b = tests::interpreter_of(*again, {.shrink = false});
  tests::Random random(3);
  for (int run = 0; run < 50; ++run) {
    for (std::byte& byte : a.input(0).bytes()) byte = static_cast<std::byte>(random.byte());
    std::ranges::copy(a.input(0).bytes(), b.input(0).bytes().begin());
    a.run(), b.run();
    EXPECT_TRUE(std::ranges::equal(a.output(0).bytes(), b.output(0).bytes())) << run;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, ShrunkModel, testing::Values(DType::kInt8, DType::kUint8),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST(Shrink, KeepsAModelThatHasNothingToLose) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4}), out = b.value(DType::kFloat32, {1, 4});
  b.node("TANH", {in}, {out});
  b.output(out);
  graph::Model model = b.build();
  const auto shrunk = shrink(model);
  ASSERT_TRUE(shrunk) << shrunk.error().message;
  EXPECT_TRUE(shrunk->lines.empty());
  EXPECT_EQ(model.graphs[0].nodes.size(), 1u);
}

TEST(Shrink, RefusesWhatItDoesNotUnderstand) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4}), out = b.value(DType::kFloat32, {1, 4});
  b.node("WHERE", {in}, {out});
  b.output(out);
  graph::Model model = b.build();
  const auto shrunk = shrink(model);
  ASSERT_FALSE(shrunk);
  EXPECT_THAT(shrunk.error().message, testing::HasSubstr("WHERE"));
}

}  // namespace
}  // namespace mote::convert
