#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "mote/compiler/model/tflite.h"
#include "mote/support/file.h"
#include "tests/support/shared.h"

// Models that TensorFlow wrote; they are others' and lie beside the checkout, if anywhere.
namespace mote::model {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

Result<Model> read_path(const std::string& path) {
  auto bytes = read_file(path);
  MOTE_TRY(bytes);
  return read_tflite_with_extras(std::make_shared<const std::vector<std::byte>>(std::move(*bytes)),
                                 path);
}

std::vector<std::string> real_models() {
  std::vector<std::string> paths;
  const std::filesystem::path folder = tests::shared_folder() / "models";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".tflite") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

void expect_same(const Tensor& a, const Tensor& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.type, b.type) << a.name;
  EXPECT_EQ(a.shape, b.shape) << a.name;
  EXPECT_EQ(a.quant.scale, b.quant.scale) << a.name;
  EXPECT_EQ(a.quant.zero_point, b.quant.zero_point) << a.name;
  EXPECT_EQ(a.quant.axis, b.quant.axis) << a.name;
  EXPECT_EQ(a.is_variable, b.is_variable) << a.name;
  EXPECT_EQ(a.is_resource, b.is_resource) << a.name;
  EXPECT_TRUE(std::ranges::equal(a.data, b.data)) << a.name;
}

void expect_same(const Node& a, const Node& b) {
  EXPECT_EQ(a.index, b.index);
  EXPECT_EQ(a.op, b.op);
  EXPECT_EQ(a.is_custom, b.is_custom);
  EXPECT_EQ(a.attrs.all(), b.attrs.all()) << a.op;
  EXPECT_EQ(a.inputs, b.inputs) << a.op;
  EXPECT_EQ(a.outputs, b.outputs) << a.op;
}

void expect_same(const Graph& a, const Graph& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.inputs, b.inputs);
  EXPECT_EQ(a.outputs, b.outputs);
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  ASSERT_EQ(a.nodes.size(), b.nodes.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) expect_same(a.tensors[i], b.tensors[i]);
  for (std::size_t i = 0; i < a.nodes.size(); ++i) expect_same(a.nodes[i], b.nodes[i]);
}

TEST(RealModels, AreReadOrRefusedForWhatMoteLacks) {
  MOTE_NEED_SHARED("models");
  for (const std::string& path : real_models()) {
    const auto model = read_path(path);
    if (model) continue;
    EXPECT_EQ(model.error().code, ErrorCode::kUnsupported) << model.error().message;
    EXPECT_THAT(model.error().message, testing::HasSubstr("audio_preprocessor_int8.tflite"))
        << "the only one with a type that mote lacks";
  }
}

TEST(RealModels, AreTheSameAfterWritingAndReadingAgain) {
  MOTE_NEED_SHARED("models");
  for (const std::string& path : real_models()) {
    SCOPED_TRACE(path);
    const auto model = read_path(path);
    if (!model) continue;
    auto bytes = write_tflite(*model);
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto again = read_tflite_with_extras(
        std::make_shared<const std::vector<std::byte>>(std::move(*bytes)), path);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(model->description, again->description);
    ASSERT_EQ(model->graphs.size(), again->graphs.size());
    for (std::size_t i = 0; i < model->graphs.size(); ++i)
      expect_same(model->graphs[i], again->graphs[i]);
  }
}

}  // namespace
}  // namespace mote::model
