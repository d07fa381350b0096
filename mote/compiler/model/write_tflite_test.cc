#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/compiler/model/builtin.h"
#include "mote/compiler/model/flatbuffer.h"
#include "mote/compiler/model/tflite.h"

namespace mote::model {
namespace {

using graph::Attributes;
using graph::Model;
using graph::Node;
using graph::Tensor;

const std::vector<std::int8_t> kWeights = {1, -2, 3, -4, 5, -6, 7, -8};

/// [1, 4] -> FULLY_CONNECTED -> [1, 2], whose filter is kWeights.
Model dense() {
  Model model = {.source = "dense.tflite", .description = "made in code"};
  const graph::Quantization quant = {.scale = {0.5f}, .zero_point = {0}};
  model.graphs.push_back(
      {.name = "main",
       .tensors = {{.name = "in", .type = DType::kInt8, .shape = {1, 4}, .quant = quant},
                   {.name = "filter",
                    .type = DType::kInt8,
                    .shape = {2, 4},
                    .quant = quant,
                    .data = std::as_bytes(std::span(kWeights))},
                   {.name = "out", .type = DType::kInt8, .shape = {1, 2}, .quant = quant}},
       .nodes = {{.index = 0,
                  .op = "FULLY_CONNECTED",
                  .inputs = {0, 1, graph::kNoTensor},
                  .outputs = {2}}},
       .inputs = {0},
       .outputs = {2}});
  return model;
}

Model round_trip(const Model& model) {
  auto bytes = write_tflite(model);
  EXPECT_TRUE(bytes) << bytes.error().message;
  if (!bytes) return {};
  auto again = read_tflite_with_extras(
      std::make_shared<const std::vector<std::byte>>(std::move(*bytes)), "again");
  EXPECT_TRUE(again) << again.error().message;
  return again ? *again : Model();
}

/// A value for the field that is not its default.
Attributes::Value unusual(const Field& field) {
  switch (field.kind) {
    case FieldKind::kFloat:
      return 0.25;
    case FieldKind::kString:
      return std::string("text");
    case FieldKind::kInts:
      return std::vector<std::int64_t>{3, -1};
    case FieldKind::kBool:
      return std::int64_t{1 - field.fallback};
    default:
      return std::int64_t{field.fallback + 1};
  }
}

TEST(WriteTflite, GivesTheSameBytesForTheSameModel) {
  EXPECT_EQ(write_tflite(dense()).value(), write_tflite(dense()).value());
}

TEST(WriteTflite, KeepsTensorsAndTheirQuantization) {
  const Model again = round_trip(dense());
  ASSERT_EQ(again.graphs.size(), 1u);
  const Tensor& filter = again.graphs[0].tensors.at(1);
  EXPECT_EQ(filter.name, "filter");
  EXPECT_EQ(filter.type, DType::kInt8);
  EXPECT_EQ(filter.shape, (std::vector<int>{2, 4}));
  EXPECT_EQ(filter.scale(), 0.5f);
  EXPECT_EQ(graph::values<std::int8_t>(filter), kWeights);
  EXPECT_EQ(again.description, "made in code");
  EXPECT_EQ(again.graphs[0].name, "main");
}

TEST(WriteTflite, KeepsInputsThatAreLeftOut) {
  EXPECT_EQ(round_trip(dense()).graphs.at(0).nodes.at(0).inputs,
            (std::vector<int>{0, 1, graph::kNoTensor}));
}

TEST(WriteTflite, AlignsConstantsTo16Bytes) {
  const auto bytes = write_tflite(dense()).value();
  const auto weights = std::as_bytes(std::span(kWeights));
  const auto found = std::search(bytes.begin(), bytes.end(), weights.begin(), weights.end());
  ASSERT_NE(found, bytes.end());
  EXPECT_EQ((found - bytes.begin()) % 16, 0);
}

TEST(WriteTflite, StoresConstantsThatTensorsShareOnce) {
  Model model = dense();
  const std::size_t alone = write_tflite(model).value().size();
  const std::vector<std::byte> large(10000);
  for (int i = 0; i < 3; ++i)
    model.graphs[0].tensors.push_back({.type = DType::kInt8, .shape = {10000}, .data = large});
  EXPECT_LT(write_tflite(model).value().size(), alone + 11000);
}

TEST(WriteTflite, KeepsEveryOptionOfEveryBuiltin) {
  for (int code = 0; code < builtin_count(); ++code) {
    const Builtin& builtin = *find_builtin(code);
    if (builtin.options->type == kNotDescribed || code == kCustomBuiltin) continue;
    Model model = dense();
    Node& node = model.graphs[0].nodes[0];
    node.op = builtin.name;
    for (const Field& field : builtin.options->all())
      if (field.kind != FieldKind::kGone) node.attrs.set(field.name, unusual(field));
    const Node again = round_trip(model).graphs.at(0).nodes.at(0);
    EXPECT_EQ(again.op, builtin.name);
    EXPECT_EQ(again.attrs.all(), node.attrs.all()) << builtin.name;
  }
}

TEST(WriteTflite, KeepsACustomOperatorAndItsOptions) {
  Model model = dense();
  Node& node = model.graphs[0].nodes[0];
  node.op = "ethos-u";
  node.is_custom = true;
  node.attrs.set("custom_options", std::string("\1\0\2", 3));
  const Node again = round_trip(model).graphs.at(0).nodes.at(0);
  EXPECT_TRUE(again.is_custom);
  EXPECT_EQ(again.op, "ethos-u");
  EXPECT_EQ(again.attrs.text("custom_options"), std::string("\1\0\2", 3));
}

TEST(WriteTflite, KeepsAnLstmsIntermediates) {
  Model model = dense();
  model.graphs[0].nodes[0].attrs.set("intermediates", std::vector<std::int64_t>{0, 2});
  EXPECT_EQ(round_trip(model).graphs.at(0).nodes.at(0).attrs.integers("intermediates"),
            (std::vector<std::int64_t>{0, 2}));
}

TEST(WriteTflite, KeepsVariablesAndResources) {
  Model model = dense();
  auto& tensors = model.graphs[0].tensors;
  tensors.push_back({.name = "state", .shape = {1, 2}, .is_variable = true});
  tensors.push_back({.name = "handle", .type = DType::kInt32, .is_resource = true});
  const Model again = round_trip(model);
  EXPECT_TRUE(again.graphs.at(0).tensors.at(3).is_variable);
  EXPECT_TRUE(again.graphs.at(0).tensors.at(4).is_resource);
}

TEST(WriteTflite, RefusesAnAttributeThatTheFormatLacks) {
  Model model = dense();
  model.graphs[0].nodes[0].attrs.set("stride_w", std::int64_t{2});
  EXPECT_EQ(
      write_tflite(model).error().message,
      "dense.tflite: subgraph 0 node 0 FULLY_CONNECTED 'out': the format has no place for its "
      "attribute 'stride_w'");
}

TEST(WriteTflite, RefusesAValueThatDoesNotFit) {
  Model model = dense();
  model.graphs[0].nodes[0].attrs.set("weights_format", std::int64_t{300});
  EXPECT_EQ(write_tflite(model).error().message,
            "dense.tflite: subgraph 0 node 0 FULLY_CONNECTED 'out': its attribute 'weights_format' "
            "cannot be written: its value 300 does not fit");
}

TEST(WriteTflite, RefusesAnOperatorThatTensorFlowLiteLacks) {
  Model model = dense();
  model.graphs[0].nodes[0].op = "DENSE";
  EXPECT_EQ(write_tflite(model).error().message,
            "dense.tflite: subgraph 0 node 0 DENSE 'out': TensorFlow Lite has no such builtin "
            "operator");
}

/// The version of the first operator code, as the file has it.
std::int32_t version_in(const std::vector<std::byte>& bytes) {
  const FlatFile file(bytes);
  return file.root().tables({"operator_codes", 1})[0].scalar<std::int32_t>({"version", 2}, 1);
}

TEST(WriteTflite, GivesOperatorsTheVersionThatTheirTypesNeed) {
  Model model = dense();
  EXPECT_EQ(version_in(write_tflite(model).value()), 4);  // FULLY_CONNECTED of INT8
  model.graphs[0].nodes[0].inputs.resize(2);
  EXPECT_EQ(version_in(write_tflite(model).value()), 6);  // with no place for a bias
  model.graphs[0].nodes[0].op = "RELU";
  EXPECT_EQ(version_in(write_tflite(model).value()), 2);
  model.graphs[0].nodes[0].op = "BROADCAST_TO";
  EXPECT_EQ(version_in(write_tflite(model).value()), 3);
  for (Tensor& tensor : model.graphs[0].tensors) tensor.quant = {};
  model.graphs[0].nodes[0].op = "FLOOR";
  EXPECT_EQ(version_in(write_tflite(model).value()), 1);
}

TEST(WriteTflite, KeepsMetadataAndSignatures) {
  Model model = dense();
  model.extras = std::make_shared<const graph::Extras>(graph::Extras{
      .metadata = {{"min_runtime_version", std::as_bytes(std::span(kWeights))}},
      .signatures = {{.key = "serving_default", .inputs = {{"x", 0}}, .outputs = {{"y", 0}}}}});
  const Model read = round_trip(model);
  ASSERT_TRUE(read.extras);
  const graph::Extras& again = *read.extras;
  ASSERT_EQ(again.metadata.size(), 1u);
  EXPECT_EQ(again.metadata[0].name, "min_runtime_version");
  EXPECT_TRUE(std::ranges::equal(again.metadata[0].data, std::as_bytes(std::span(kWeights))));
  ASSERT_EQ(again.signatures.size(), 1u);
  EXPECT_EQ(again.signatures[0].key, "serving_default");
  EXPECT_EQ(again.signatures[0].inputs.at(0).name, "x");
  EXPECT_EQ(again.signatures[0].outputs.at(0).place, 0);
}

TEST(WriteTflite, GivesAReshapeTheShapeOfItsOutput) {
  Model model = dense();
  Node& node = model.graphs[0].nodes[0];
  node.op = "RESHAPE";
  node.inputs.resize(1);
  EXPECT_EQ(round_trip(model).graphs.at(0).nodes.at(0).attrs.integers("new_shape"),
            (std::vector<std::int64_t>{1, 2}));
}

TEST(WriteTflite, RefusesWhatRoundsAsUint8Does) {
  Model model = dense();
  model.graphs[0].nodes[0].from_uint8 = true;
  EXPECT_THAT(write_tflite(model).error().message, testing::HasSubstr("as UINT8"));
}

TEST(WriteTflite, RefusesAModelThatContradictsItself) {
  Model model = dense();
  model.graphs[0].nodes[0].inputs[0] = 7;
  EXPECT_EQ(
      write_tflite(model).error().message,
      "dense.tflite: an input of subgraph 0 node 0 FULLY_CONNECTED is tensor 7, but subgraph 0 "
      "has 3 tensors");
}

}  // namespace
}  // namespace mote::model
