#include "mote/compiler/onnx/file.h"

#include <gmock/gmock.h>

#include "mote/compiler/onnx/import.h"
#include "tests/support/onnx_builder.h"

namespace mote::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::OnnxBuilder;

OnnxBuilder small() {
  OnnxBuilder b;
  b.input("x", {-1, 3, 8, 8}).constant("w", {2}, {1.5f, -2.0f});
  b.node("Clip", {"x", "", "w"}, {"y"}, {{"alpha", 0.5f}, {"axes", OnnxBuilder::Ints{1, -2}}});
  return b.output("y");
}

TEST(OnnxFile, IsReadAsItIs) {
  const auto file = read_file(small().build(17));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->opset, 17);
  EXPECT_EQ(file->producer, "a test");
  ASSERT_EQ(file->inputs.size(), 1u);
  EXPECT_TRUE(file->inputs[0].is_tensor);
  ASSERT_EQ(file->inputs[0].dims.size(), 4u);
  EXPECT_EQ(file->inputs[0].dims[0].size, -1);
  EXPECT_EQ(file->inputs[0].dims[0].name, "open");
  EXPECT_EQ(file->inputs[0].dims[1].size, 3);
  ASSERT_EQ(file->constants.size(), 1u);
  EXPECT_EQ(file->constants[0].data.size(), 8u);
  ASSERT_EQ(file->nodes.size(), 1u);
  EXPECT_THAT(file->nodes[0].inputs, ElementsAre("x", "", "w"));
  ASSERT_NE(file->nodes[0].find("axes"), nullptr);
  EXPECT_THAT(file->nodes[0].find("axes")->integers, ElementsAre(1, -2));
  EXPECT_EQ(file->nodes[0].find("alpha")->real, 0.5f);
  EXPECT_EQ(file->nodes[0].find("beta"), nullptr);
}

TEST(OnnxFile, IsToldFromOthers) {
  EXPECT_TRUE(may_be_onnx(small().build()));
  const std::string other = "\x1c\0\0\0TFL3 a model of another format";
  EXPECT_FALSE(may_be_onnx(std::as_bytes(std::span(other))));
  EXPECT_FALSE(may_be_onnx({}));
}

TEST(OnnxFile, EndsInASentenceWhereverItIsCut) {
  const auto whole = small().build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto file = read_file(std::span(whole).first(size));
    const std::string said =
        file ? "damaged" : file.error().message;  // a cut may leave whole fields
    EXPECT_THAT(said, HasSubstr("damaged")) << size;
  }
}

std::string error_of(const Message& constant) {
  Message graph, model;
  graph.message(5, constant);
  model.integer(1, 8).message(7, graph);
  const auto file = read_file(OnnxBuilder::bytes_of(model));
  return file ? "" : file.error().message;
}

TEST(OnnxFile, RefusesConstantsThatAreNotThere) {
  EXPECT_THAT(error_of(Message().integer(2, 1).bytes(8, "w").integer(14, 1)),
              HasSubstr("'w' is in another file"));
  EXPECT_THAT(
      error_of(Message().integer(1, 1000000000).integer(2, 1).bytes(8, "w").bytes(9, "abcd")),
      HasSubstr("not what its dimensions say"));
  EXPECT_THAT(error_of(Message().integer(1, -3).integer(2, 1).bytes(8, "w")),
              HasSubstr("not what its dimensions say"));
  EXPECT_THAT(error_of(Message().integer(2, 10).bytes(8, "w").bytes(9, "ab")),
              HasSubstr("has the type FLOAT16"));
}

}  // namespace
}  // namespace mote::onnx
