#include <gtest/gtest.h>

#include "mote/compiler/model/tflite.h"

// What a sound file means. What is said of unsound ones stands in tests/error.
namespace mote::model {
namespace {

using graph::Model;

/// A node of that operator between two vectors.
Model one_node(const std::string& op, const graph::Attributes& attrs = {}) {
  Model model;
  model.graphs.push_back({.tensors = {{.name = "in", .shape = {4}}, {.name = "out", .shape = {4}}},
                          .nodes = {{.op = op, .attrs = attrs, .inputs = {0}, .outputs = {1}}},
                          .inputs = {0},
                          .outputs = {1}});
  return model;
}

Result<Model> written_and_read(const Model& model) {
  auto bytes = write_tflite(model);
  MOTE_TRY(bytes);
  return read_tflite_with_extras(std::make_shared<const std::vector<std::byte>>(std::move(*bytes)),
                                 "x.tflite");
}

TEST(ReadTflite, SetsAbsentOptionsToTheirDefaults) {
  const auto model = written_and_read(one_node("CONV_2D"));
  ASSERT_TRUE(model);
  const graph::Attributes& attrs = model->graphs[0].nodes[0].attrs;
  EXPECT_EQ(attrs.all().size(), 7u);
  EXPECT_EQ(attrs.integer("stride_w", -1), 0);
  EXPECT_EQ(attrs.integer("dilation_w_factor", -1), 1);
}

TEST(ReadTflite, UnderstandsCodesAboveThoseOfTheOldField) {
  const auto model = written_and_read(one_node("GELU"));
  ASSERT_TRUE(model);
  EXPECT_EQ(model->graphs[0].nodes[0].op, "GELU");
}

TEST(ReadTflite, KeepsTheFilesBytesAliveForItsConstants) {
  Model model = one_node("RELU");
  const std::vector<float> values = {1, 2};
  model.graphs[0].tensors.push_back({.shape = {2}, .data = std::as_bytes(std::span(values))});
  const auto read = written_and_read(model);
  ASSERT_TRUE(read);
  EXPECT_EQ(graph::values<float>(read->graphs[0].tensors[2]), values);
}

TEST(ReadTflite, KeepsControlCharactersOutOfNames) {
  Model model = one_node("RELU");
  model.graphs[0].tensors[0].name = "in\n#include \"/etc/passwd\"";
  const auto read = written_and_read(model);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->graphs[0].tensors[0].name, "in?#include \"/etc/passwd\"");
}

TEST(ReadTflite, RemembersWhereTheModelCameFrom) {
  const auto read = written_and_read(one_node("RELU"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->source, "x.tflite");
}

TEST(ReadTflite, SaysThatAFileOfAnotherKindIsNoModel) {
  const std::string text = "#!/bin/sh\necho hello\n";
  const auto bytes = std::as_bytes(std::span(text));
  const auto read = read_tflite_with_extras(
      std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()), "run.sh");
  ASSERT_FALSE(read);
  EXPECT_EQ(
      read.error().message,
      "run.sh: bytes 4 to 7 of the file are 'in/s', expected 'TFL3': this is not a TensorFlow "
      "Lite model");
}

}  // namespace
}  // namespace mote::model
