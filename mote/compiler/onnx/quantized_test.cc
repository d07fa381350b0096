// Which operators of quantised models compute with integers, and what is refused.

#include <gmock/gmock.h>

#include <algorithm>

#include "mote/compiler/onnx/import.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/support/onnx_runs.h"

namespace mote::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::OnnxBuilder;
using Ints = OnnxBuilder::Ints;

std::vector<std::string> ops_of(const graph::Model& model) {
  std::vector<std::string> ops;
  for (const graph::Node& node : model.graphs[0].nodes) ops.push_back(node.op);
  return ops;
}

/// Adds x -> integers -> xr, with this scale and zero points of UINT8 0.
OnnxBuilder& quantized(OnnxBuilder& b, const std::string& from, const std::string& to,
                       const std::string& scale) {
  return b.node("QuantizeLinear", {from, scale}, {to + "_q"})
      .node("DequantizeLinear", {to + "_q", scale}, {to});
}

OnnxBuilder with_scales() {
  OnnxBuilder b;
  b.constant("s", {}, {0.1f}).constant("t", {}, {0.2f});
  return b;
}

std::string error_of(const OnnxBuilder& b, int opset = 13) {
  const auto model = read_onnx(b.build(opset), "model");
  return model ? "" : model.error().message;
}

TEST(QuantizedOnnx, ComputesWithIntegersBetweenTheTwo) {
  OnnxBuilder b = with_scales();
  b.input("x", {1, 8}).output("y");
  quantized(quantized(b, "x", "xr", "s").node("Relu", {"xr"}, {"r"}), "r", "rr", "t");
  quantized(b.node("Add", {"xr", "rr"}, {"a"}), "a", "y", "t");
  EXPECT_THAT(ops_of(tests::model_of(b)), ElementsAre("QUANTIZE", "QUANTIZE", "ADD", "DEQUANTIZE"));
}

TEST(QuantizedOnnx, LeavesFloatsWhereSomethingElseReadsThem) {
  OnnxBuilder b = with_scales();
  b.input("x", {1, 8}).output("y").output("a");
  quantized(b, "x", "xr", "s").node("Add", {"xr", "xr"}, {"a"});
  quantized(b, "a", "y", "t");
  EXPECT_THAT(ops_of(tests::model_of(b)),
              ElementsAre("QUANTIZE", "DEQUANTIZE", "ADD", "QUANTIZE", "DEQUANTIZE"));
}

TEST(QuantizedOnnx, MovesIntegersEvenIfFloatsComeOfThem) {
  OnnxBuilder b = with_scales();
  b.input("x", {2, 3, 4}).output("y");
  quantized(b, "x", "xr", "s").node("Transpose", {"xr"}, {"m"}, {{"perm", Ints{2, 1, 0}}});
  b.node("Exp", {"m"}, {"y"});
  EXPECT_THAT(ops_of(tests::model_of(b)),
              ElementsAre("QUANTIZE", "TRANSPOSE", "DEQUANTIZE", "EXP"));
}

TEST(QuantizedOnnx, HasOnlyIntegersInRecordedNetworks) {
  for (const char* name : {"network_ds_cnn_uint8", "network_mobilenet_v2_operators"}) {
    SCOPED_TRACE(name);
    const auto bytes =
        mote::read_file(cat(MOTE_SOURCE_DIR, "/tests/onnx/recorded/", name, ".onnx"));
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto model = read_onnx(*bytes, name);
    ASSERT_TRUE(model) << model.error().message;
    const graph::Graph& graph = model->graphs[0];
    for (const graph::Node& node : graph.nodes) {
      if (node.op == "QUANTIZE" || node.op == "DEQUANTIZE") continue;
      EXPECT_EQ(graph.output(node).type, DType::kInt8) << graph::describe(graph, node);
    }
    EXPECT_EQ(tests::count_of(*model, "DEQUANTIZE"), 1);
  }
}

TEST(QuantizedOnnx, SaysWhatItDoesNotRead) {
  OnnxBuilder by_channel;
  by_channel.input("x", {1, 2, 3, 3}).output("y").constant("s", {2}, {0.1f, 0.2f});
  by_channel.node("QuantizeLinear", {"x", "s"}, {"q"}).node("DequantizeLinear", {"q", "s"}, {"y"});
  EXPECT_EQ(error_of(by_channel),
            "model: node 0 QuantizeLinear 'q': it has 2 scales for computed values, expected one; "
            "quantise activations by tensor");
  OnnxBuilder bad = with_scales();
  bad.input("x", {4}).output("y").constant("n", {}, {-1});
  bad.node("QuantizeLinear", {"x", "n"}, {"q"}).node("DequantizeLinear", {"q", "s"}, {"y"});
  EXPECT_THAT(error_of(bad), HasSubstr("its scale is -1, expected a positive number"));
  OnnxBuilder other = with_scales();
  other.input("x", {4}).output("y");
  other.node("QuantizeLinear", {"x", "s"}, {"q"}).node("DequantizeLinear", {"q", "t"}, {"y"});
  EXPECT_THAT(error_of(other), HasSubstr("but it was made with others"));
  OnnxBuilder dynamic;
  dynamic.input("x", {4}).output("y");
  dynamic.node("DynamicQuantizeLinear", {"x"}, {"q", "s", "z"});
  dynamic.node("DequantizeLinear", {"q", "s", "z"}, {"y"});
  EXPECT_THAT(error_of(dynamic),
              HasSubstr("node 0 DynamicQuantizeLinear 'q' (before node 1 DequantizeLinear 'y'): "
                        "mote does not read this operator; its scales are found as it runs"));
}

// GRU

/// A GRU of one unit and one feature between integers, its weights INT8 with these scales: one, or
/// one a row.
OnnxBuilder gru_with(const std::vector<float>& scales, const std::string& direction = "forward") {
  const std::int64_t directions = direction == "bidirectional" ? 2 : 1, units = 2, rows = 3 * units;
  const auto count = static_cast<std::size_t>(directions * rows);
  OnnxBuilder b = with_scales();
  b.input("x", {4, 1, 1}).output("y");
  b.bytes("w", {directions, rows, 1}, std::vector<std::int8_t>(count, 5))
      .bytes("r", {directions, rows, units}, std::vector<std::int8_t>(count * 2, -7));
  const Ints dims = scales.size() == 1 ? Ints{} : Ints{static_cast<std::int64_t>(scales.size())};
  b.constant("ws", dims, scales);
  b.bytes("wz", dims, std::vector<std::int8_t>(scales.size()));
  for (const std::string name : {"w", "r"})
    b.node("DequantizeLinear", {name, "ws", "wz"}, {name + "f"}, {{"axis", std::int64_t{1}}});
  b.constant("b", {directions, 2 * rows}, std::vector<float>(2 * count, 0.1f));
  quantized(b, "x", "xr", "s")
      .node("GRU", {"xr", "wf", "rf", "b"}, {"g"},
            {{"hidden_size", units}, {"direction", direction}});
  return quantized(b, "g", "y", "t");
}

std::vector<DType> types_of_grus(const OnnxBuilder& b) {
  std::vector<DType> types;
  const graph::Model model = tests::model_of(b);
  for (const graph::Node& node : model.graphs[0].nodes)
    if (node.op == "GRU") types.push_back(model.graphs[0].output(node).type);
  return types;
}

TEST(QuantizedOnnx, ComputesAGruWithIntegersWhereRowsOfAGateHaveOneScale) {
  const std::vector<float> scales = {0.01f, 0.01f, 0.02f, 0.02f, 0.03f, 0.03f};
  EXPECT_THAT(types_of_grus(gru_with(scales)), ElementsAre(DType::kInt8));
  EXPECT_THAT(types_of_grus(gru_with(scales, "reverse")), ElementsAre(DType::kInt8));
  EXPECT_THAT(types_of_grus(gru_with(scales, "bidirectional")),
              ElementsAre(DType::kInt8, DType::kInt8));
}

TEST(QuantizedOnnx, ComputesAGruOfOtherScalesWithFloats) {
  EXPECT_THAT(types_of_grus(gru_with({0.01f, 0.01f, 0.02f, 0.025f, 0.03f, 0.03f})),
              ElementsAre(DType::kFloat32));
  EXPECT_THAT(types_of_grus(gru_with({0.01f})), ElementsAre(DType::kFloat32));
}

}  // namespace
}  // namespace mote::onnx
