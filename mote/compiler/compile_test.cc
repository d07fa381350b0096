#include "mote/compiler/compile.h"

#include <gtest/gtest.h>

#include <memory>

#include "mote/host/runtime/interpreter.h"

namespace mote::compiler {
namespace {

using graph::Tensor;

/// Bytes of `values`, kept alive by the model.
template <class T>
std::span<const std::byte> store(graph::Model& model, const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  model.storage.push_back(
      std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
  return *model.storage.back();
}

/// [1, 2, 2] --RESHAPE--> [1, 4] --FULLY_CONNECTED--> [1, 2], all scales 1, output zero point 1.
graph::Model reshape_then_dense() {
  graph::Model model{.source = "test"};
  graph::Graph graph;
  graph.tensors = {{.name = "in", .type = DType::kInt8, .shape = {1, 2, 2}, .quant = {{1.0f}, {0}}},
                   {.name = "flat", .type = DType::kInt8, .shape = {1, 4}, .quant = {{1.0f}, {0}}},
                   {.name = "filter",
                    .type = DType::kInt8,
                    .shape = {2, 4},
                    .quant = {{1.0f}, {0}},
                    .data = store<std::int8_t>(model, {1, 2, 3, 4, -1, 0, 0, 1})},
                   {.name = "bias",
                    .type = DType::kInt32,
                    .shape = {2},
                    .quant = {{1.0f}, {0}},
                    .data = store<std::int32_t>(model, {10, 100})},
                   {.name = "out", .type = DType::kInt8, .shape = {1, 2}, .quant = {{1.0f}, {1}}}};
  graph.nodes = {{.index = 0, .op = "RESHAPE", .inputs = {0}, .outputs = {1}},
                 {.index = 1, .op = "FULLY_CONNECTED", .inputs = {1, 2, 3}, .outputs = {4}}};
  graph.inputs = {0};
  graph.outputs = {4};
  model.graphs.push_back(graph);
  return model;
}

TEST(Compile, MakesAProgramThatGivesTheNetworksResult) {
  const auto program = compile(reshape_then_dense());
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(program->calls.size(), 1u) << "a reshape is no call";
  EXPECT_EQ(program::macs(*program), 8);
  EXPECT_EQ(program->arena_bytes, 18) << "4 B of input, then 2 B of output at the next 16";
  auto interpreter =
      runtime::Interpreter::create(std::make_shared<const program::Program>(*program));
  ASSERT_TRUE(interpreter) << interpreter.error().message;
  const auto input = interpreter->input(0).as<std::int8_t>();
  const std::int8_t values[] = {1, 2, 3, 4};
  std::copy(std::begin(values), std::end(values), input->begin());
  interpreter->run();
  const auto output = interpreter->output(0).as<std::int8_t>();
  EXPECT_EQ((*output)[0], 1 + 4 + 9 + 16 + 10 + 1);
  EXPECT_EQ((*output)[1], -1 + 4 + 100 + 1);
}

TEST(Compile, NamesEveryOperatorThatItDoesNotHave) {
  auto model = reshape_then_dense();
  model.graphs[0].nodes[0].op = "HASHTABLE";
  model.graphs[0].nodes[1].op = "WHERE";
  const auto program = compile(model);
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(program.error().message,
            "test: 2 operators cannot be run\n"
            "  node 0 HASHTABLE 'flat': mote does not have this operator; see `mote ops`\n"
            "  node 1 WHERE 'out': mote does not have this operator; see `mote ops`");
}

TEST(Compile, GivesNodesThatLackTheSameOneLine) {
  auto model = reshape_then_dense();
  for (auto& node : model.graphs[0].nodes) node.op = "WHERE";
  const auto program = compile(model);
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message,
            "test: 2 operators cannot be run\n"
            "  node 0 WHERE 'flat' and 1 more (node 1): mote does not have this operator; see "
            "`mote ops`");
}

TEST(Compile, SaysWhatDoesNotFitTheArena) {
  const auto program = compile(reshape_then_dense(), {.arena_limit = 10});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message,
            "the plan needs 18 B, the arena has 10 B\n"
            "  largest moment: node 1 FULLY_CONNECTED 'out' ('in' 4 B + 'out' 2 B)");
}

}  // namespace
}  // namespace mote::compiler
