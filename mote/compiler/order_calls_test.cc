// The order of operators: another one where that takes less memory, with the same results.

#include <gmock/gmock.h>

#include "mote/compiler/compile.h"
#include "mote/host/runtime/interpreter.h"
#include "tests/support/graph_builder.h"

namespace mote::compiler {
namespace {

using enum DType;
using tests::GraphBuilder;

std::vector<std::string> operators(const program::Program& program) {
  std::vector<std::string> list;
  for (const program::KernelCall& call : program.calls) list.push_back(call.node);
  return list;
}

/// Two branches from [1, 16]: repeated to [64, 16], then the mean of that. The file computes both
/// wide tensors first.
GraphBuilder branches() {
  GraphBuilder b;
  const tests::Quant quant{1.0f, 0};
  const int in = b.input(kInt8, {1, 16}, quant);
  const int shape = b.constant(std::vector<std::int32_t>{64, 16}, {2});
  const int axis = b.constant(std::vector<std::int32_t>{0}, {1});
  const int wide1 = b.value(kInt8, {64, 16}, quant), wide2 = b.value(kInt8, {64, 16}, quant);
  const int mean1 = b.value(kInt8, {1, 16}, quant), mean2 = b.value(kInt8, {1, 16}, quant);
  const int sum = b.value(kInt8, {1, 16}, quant);
  b.node("BROADCAST_TO", {in, shape}, {wide1});
  b.node("BROADCAST_TO", {in, shape}, {wide2});
  b.node("MEAN", {wide1, axis}, {mean1}, {{"keep_dims", 1}});
  b.node("MEAN", {wide2, axis}, {mean2}, {{"keep_dims", 1}});
  b.node("ADD", {mean1, mean2}, {sum});
  b.output(sum);
  return b;
}

TEST(OrderOfCalls, FinishesABranchBeforeItBeginsTheNext) {
  const auto program = compile(branches().build());
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(program->arena_bytes, 16 + 1024 + 16) << "one wide tensor at a time";
  EXPECT_EQ(operators(*program),
            (std::vector<std::string>{"node 0 BROADCAST_TO 't3'", "node 2 MEAN 't5'",
                                      "node 1 BROADCAST_TO 't4'", "node 3 MEAN 't6'",
                                      "node 4 ADD 't7'"}));
}

TEST(OrderOfCalls, GivesTheSameResults) {
  auto program = compile(branches().build());
  ASSERT_TRUE(program) << program.error().message;
  auto interpreter =
      *runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
  const auto input = *interpreter.input(0).as<std::int8_t>();
  for (std::size_t i = 0; i < 16; ++i) input[i] = static_cast<std::int8_t>(i);
  interpreter.run();
  const auto output = *interpreter.output(0).as<std::int8_t>();
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(output[i], static_cast<std::int8_t>(2 * i));
}

}  // namespace
}  // namespace mote::compiler
