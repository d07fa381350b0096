// Several names for the same bytes, and memory that outlives a run: what the planner must not mix
// up.

#include <gmock/gmock.h>

#include "tests/support/programs.h"

namespace mote::compiler {
namespace {

using enum DType;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_of;
using tests::GraphBuilder;
using tests::interpreter_of;
using Bytes = std::vector<std::int8_t>;

/// Runs once on `input`; the output numbered `which`.
Bytes run(runtime::Interpreter& interpreter, const Bytes& input, int which = 0) {
  if (interpreter.input_count() > 0) {
    const auto target = interpreter.input(0).as<std::int8_t>();
    std::copy(input.begin(), input.end(), target->begin());
  }
  interpreter.run();
  const auto output = interpreter.output(which).as<std::int8_t>();
  return Bytes(output->begin(), output->end());
}

int reshape(GraphBuilder& b, int input, std::vector<int> shape) {
  const int output = b.value(kInt8, std::move(shape));
  b.node("RESHAPE", {input}, {output});
  return output;
}

int handle(GraphBuilder& b, const char* name) {
  const int tensor = b.resource();
  b.node("VAR_HANDLE", {}, {tensor}, {{"shared_name", name}});
  return tensor;
}

TEST(Alias, OfTheInputMayBeTheOutput) {
  GraphBuilder b;
  b.output(reshape(b, b.input(kInt8, {4}), {2, 2}));
  auto interpreter = interpreter_of(b);
  EXPECT_TRUE(interpreter.program().calls.empty());
  EXPECT_THAT(run(interpreter, {1, 2, 3, 4}), ElementsAre(1, 2, 3, 4));
}

TEST(Alias, MayBeAnOutputUnderTwoNames) {
  GraphBuilder b;
  const int input = b.input(kInt8, {2});
  const int twice = b.value(kInt8, {4});
  b.node("CONCATENATION", {input, input}, {twice}, {{"axis", 0}});
  b.output(reshape(b, twice, {2, 2}));
  b.output(reshape(b, twice, {1, 4}));
  b.output(input);
  auto interpreter = interpreter_of(b);
  EXPECT_THAT(run(interpreter, {1, 2}, 0), ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(run(interpreter, {3, 4}, 1), ElementsAre(3, 4, 3, 4));
  EXPECT_THAT(run(interpreter, {5, 6}, 2), ElementsAre(5, 6));
}

TEST(Alias, OfAConstantMayBeTheOutput) {
  GraphBuilder b;
  const int constant = b.constant(Bytes{7, 8}, {2});
  b.output(reshape(b, constant, {1, 2}));
  b.output(constant);
  auto interpreter = interpreter_of(b);
  EXPECT_THAT(run(interpreter, {}, 0), ElementsAre(7, 8));
  EXPECT_THAT(run(interpreter, {}, 1), ElementsAre(7, 8));
}

TEST(Alias, KeepsItsBytesAliveAsLongAsAnyOfItsNames) {
  GraphBuilder b;
  const int input = b.input(kInt8, {2});
  const int pair = b.value(kInt8, {4}), all = b.value(kInt8, {8}), last = b.value(kInt8, {12});
  b.node("CONCATENATION", {input, input}, {pair}, {{"axis", 0}});
  const int alias = reshape(b, pair, {4});
  b.node("CONCATENATION", {pair, pair}, {all}, {{"axis", 0}});
  b.node("CONCATENATION", {all, alias}, {last}, {{"axis", 0}});
  b.output(last);
  auto interpreter = interpreter_of(b);
  EXPECT_THAT(run(interpreter, {1, 2}), ElementsAre(1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2));
}

TEST(Alias, OfAVariableTensorIsItsPresentState) {
  GraphBuilder b;
  const int variable = b.variable(kInt8, {1, 4}, {1.0f, 5});
  b.output(reshape(b, variable, {4}));
  auto interpreter = interpreter_of(b);
  EXPECT_TRUE(interpreter.program().calls.empty()) << "nobody assigns to it: it is read in place";
  EXPECT_THAT(run(interpreter, {}), ElementsAre(5, 5, 5, 5)) << "filled with its zero point";
}

/// Reads variable "v", renames what was read, then assigns the input to it.
GraphBuilder delay(int zero_point) {
  GraphBuilder b;
  const int input = b.input(kInt8, {2}, {1.0f, zero_point});
  const int v = handle(b, "v");
  const int old = b.value(kInt8, {2}, {1.0f, zero_point});
  b.node("READ_VARIABLE", {v}, {old});
  b.output(reshape(b, old, {1, 2}));
  b.node("ASSIGN_VARIABLE", {v, input}, {});
  return b;
}

TEST(Variable, GivesWhatTheLastRunAssigned) {
  auto interpreter = interpreter_of(delay(-7));
  EXPECT_THAT(run(interpreter, {1, 2}), ElementsAre(-7, -7)) << "the zero point, at first";
  EXPECT_THAT(run(interpreter, {3, 4}), ElementsAre(1, 2));
  interpreter.reset();
  EXPECT_THAT(run(interpreter, {5, 6}), ElementsAre(-7, -7));
}

TEST(Variable, IsSetAtEachResetByTheSubgraphThatRunsOnce) {
  GraphBuilder b;
  b.node("CALL_ONCE", {}, {}, {{"init_subgraph_index", 1}});
  const int input = b.input(kInt8, {2}), v = handle(b, "v"), old = b.value(kInt8, {2});
  b.node("READ_VARIABLE", {v}, {old});
  b.node("ASSIGN_VARIABLE", {v, input}, {});
  b.output(old);
  b.next_subgraph();
  b.node("CALL_ONCE", {}, {}, {{"init_subgraph_index", 2}});
  b.node("ASSIGN_VARIABLE", {handle(b, "w"), b.constant(Bytes{9}, {1})}, {});
  b.next_subgraph();
  b.node("ASSIGN_VARIABLE", {handle(b, "v"), b.constant(Bytes{40, 41}, {2})}, {});
  auto interpreter = interpreter_of(b);
  EXPECT_EQ(interpreter.program().setup.size(), 2u);
  EXPECT_THAT(run(interpreter, {1, 2}), ElementsAre(40, 41));
  EXPECT_THAT(run(interpreter, {3, 4}), ElementsAre(1, 2));
  interpreter.reset();
  EXPECT_THAT(run(interpreter, {5, 6}), ElementsAre(40, 41));
}

TEST(Variable, MustBeAssignedSomewhere) {
  GraphBuilder b;
  const int out = b.value(kInt8, {2});
  b.node("READ_VARIABLE", {handle(b, "v")}, {out});
  b.output(out);
  EXPECT_THAT(error_of(b), HasSubstr("no node assigns the variable '/v'"));
}

TEST(Variable, HasOneSize) {
  GraphBuilder b = delay(0);
  b.node("ASSIGN_VARIABLE", {handle(b, "v"), b.constant(Bytes{1, 2, 3}, {3})}, {});
  EXPECT_THAT(error_of(b), HasSubstr("has 3 B, but the variable '/v' was made with 2 B"));
}

TEST(Variable, MayNotBeAnOutputAsAHandle) {
  GraphBuilder b;
  b.output(handle(b, "v"));
  EXPECT_THAT(error_of(b), HasSubstr("is a variable's handle, expected numbers"));
}

TEST(CallOnce, MustNameAnotherSubgraphThatExists) {
  for (int index : {-1, 0, 1}) {
    GraphBuilder b;
    b.node("CALL_ONCE", {}, {}, {{"init_subgraph_index", index}});
    EXPECT_THAT(error_of(b), HasSubstr("it calls subgraph")) << index;
  }
}

}  // namespace
}  // namespace mote::compiler
