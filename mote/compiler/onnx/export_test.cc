#include "mote/compiler/onnx/export.h"

#include <gmock/gmock.h>

#include "mote/compiler/onnx/file.h"
#include "mote/compiler/onnx/import.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"

namespace mote::onnx {
namespace {

using testing::HasSubstr;

graph::Model exported(const std::string& name) {
  const auto file = mote::read_file(cat(MOTE_SOURCE_DIR, "/tests/onnx/", name, ".onnx"));
  EXPECT_TRUE(file) << file.error().message;
  auto model = read_onnx(*file, name);
  EXPECT_TRUE(model) << model.error().message;
  return *model;
}

int moves(const graph::Model& model) {
  return static_cast<int>(std::ranges::count(model.graphs[0].nodes, "TRANSPOSE", &graph::Node::op));
}

class WrittenNetworks : public testing::TestWithParam<const char*> {};

TEST_P(WrittenNetworks, AreTheSameWhenReadAgain) {
  const graph::Model model = exported(GetParam());
  const auto bytes = write_onnx(model);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(*bytes, write_onnx(exported(GetParam())).value());
  const auto again = read_onnx(*bytes, "again");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(moves(*again), moves(model));
  auto a = tests::interpreter_of(model), b = tests::interpreter_of(*again);
  ASSERT_EQ(b.input(0).info().shape, a.input(0).info().shape);
  const auto to = a.input(0).as<float>(), same = b.input(0).as<float>();
  const auto in = tests::Random(1).floats(static_cast<int>(to->size()));
  std::copy(in.begin(), in.end(), to->begin());
  std::copy(in.begin(), in.end(), same->begin());
  a.run(), b.run();
  const auto expected = a.output(0).read_real(), made = b.output(0).read_real();
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i)
    EXPECT_NEAR(made[i], expected[i], 1e-6f * std::max(1.0f, std::abs(expected[i]))) << i;
}

INSTANTIATE_TEST_SUITE_P(All, WrittenNetworks,
                         testing::Values("autoencoder", "ds_cnn", "gru", "lstm", "mobilenet_v2",
                                         "resnet8", "tc_resnet", "transformer", "unet_1d"),
                         [](const auto& test) { return std::string(test.param); });

/// One 1x1 convolution of two channels, with a scale a channel.
graph::Model convolution(DType type) {
  tests::GraphBuilder b;
  const bool is_symmetric = type == DType::kInt16;
  const int in = b.input(type, {1, 2, 2, 2}, {0.5f, is_symmetric ? 0 : -1});
  const int filter = b.constant(std::vector<std::int8_t>{1, 2, 3, 4}, {2, 1, 1, 2},
                                {std::vector<float>{0.1f, 0.2f}, 0});
  const int out = b.value(type, {1, 2, 2, 2}, {0.25f, is_symmetric ? 0 : 3});
  b.node("CONV_2D", {in, filter, graph::kNoTensor}, {out},
         {{"stride_h", std::int64_t{1}}, {"stride_w", std::int64_t{1}}});
  b.output(out);
  return b.build();
}

TEST(WriteOnnx, PutsQuantisedLayersBetweenDequantizeAndQuantize) {
  const auto bytes = write_onnx(convolution(DType::kInt8));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto file = read_file(*bytes);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->opset, 13);
  EXPECT_EQ(file->inputs.at(0).type, DType::kInt8);
  std::vector<std::string> ops;
  for (const Node& node : file->nodes) ops.push_back(node.op);
  EXPECT_THAT(ops, testing::ElementsAre("DequantizeLinear", "DequantizeLinear", "Conv",
                                        "QuantizeLinear", "DequantizeLinear", "Identity"));
}

TEST(WriteOnnx, TakesALaterOpsetForSixteenBits) {
  const auto bytes = write_onnx(convolution(DType::kInt16));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto file = read_file(*bytes);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->opset, 21);
  EXPECT_EQ(file->inputs.at(0).type, DType::kInt16);
  const auto model = read_onnx(*bytes, "written");
  ASSERT_TRUE(model) << model.error().message;
  for (const graph::Node& node : model->graphs[0].nodes)
    EXPECT_EQ(model->graphs[0].output(node).type, DType::kInt16) << node.op;
}

TEST(WriteOnnx, NamesAnOperatorThatItCannotWriteAndItsNeighbours) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4}), middle = b.value(DType::kFloat32, {1, 4}),
            end = b.value(DType::kFloat32, {1, 4}), out = b.value(DType::kFloat32, {1, 4});
  b.node("TANH", {in}, {middle});
  b.node("SVDF", {middle}, {end});
  b.node("RELU", {end}, {out});
  b.output(out);
  const auto bytes = write_onnx(b.build());
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error().message,
              HasSubstr("node 1 SVDF 't2' (behind node 0 TANH 't1', before node 2 RELU "
                        "'t3'): there is no conversion"));
}

}  // namespace
}  // namespace mote::onnx
