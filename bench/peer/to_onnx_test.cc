#include "bench/peer/to_onnx.h"

#include <gmock/gmock.h>

#include "tests/support/graph_builder.h"

namespace mote::bench {
namespace {

using testing::HasSubstr;

/// One 1x1 convolution of two channels, with a scale a channel.
tests::GraphBuilder convolution() {
  tests::GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2, 2, 2}, {0.5f, -1});
  const int filter = b.constant(std::vector<std::int8_t>{1, 2, 3, 4}, {2, 1, 1, 2},
                                {std::vector<float>{0.1f, 0.2f}, 0});
  const int out = b.value(DType::kInt8, {1, 2, 2, 2}, {0.25f, 3});
  b.node("CONV_2D", {in, filter, -1}, {out},
         {{"stride_h", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"dilation_h_factor", std::int64_t{1}},
          {"dilation_w_factor", std::int64_t{1}}});
  b.output(out);
  return b;
}

TEST(ToOnnx, GivesActivationsAsUint8AndKeepsShapes) {
  const auto file = to_onnx(convolution().build());
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->input.type, DType::kUint8);
  EXPECT_EQ(file->output.shape, (std::vector<int>{1, 2, 2, 2}));
  EXPECT_THAT(file->bytes, HasSubstr("QLinearConv"));
}

TEST(ToOnnx, NamesAnOperatorThatItCannotConvert) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4});
  const int out = b.value(DType::kFloat32, {1, 4});
  b.node("TANH", {in}, {out});
  b.output(out);
  const auto file = to_onnx(b.build());
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("TANH"));
}

}  // namespace
}  // namespace mote::bench
