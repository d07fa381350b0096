// Parts in the memory of what they are parts of, results over inputs that nobody needs any more.

#include "mote/compiler/share_memory.h"

#include <gmock/gmock.h>

#include "tests/support/programs.h"
#include "tests/support/same_outputs.h"

namespace mote::compiler {
namespace {

using enum DType;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using tests::GraphBuilder;
using tests::program_of;
using Bytes = std::vector<std::int8_t>;

const tests::Quant kQuant{0.5f, 3};

int unary(GraphBuilder& b, const char* op, int input, std::vector<int> shape) {
  const int output = b.value(kInt8, std::move(shape), kQuant);
  b.node(op, {input}, {output});
  return output;
}

int join(GraphBuilder& b, std::vector<int> parts, std::vector<int> shape, int axis = 0) {
  const int output = b.value(kInt8, std::move(shape), kQuant);
  b.node("CONCATENATION", std::move(parts), {output}, {{"axis", axis}});
  return output;
}

std::vector<std::string> kernels_of(const program::Program& program) {
  std::vector<std::string> list;
  for (const program::KernelCall& call : program.calls) list.push_back(call.kernel);
  return list;
}

int count_copies(const program::Program& program) {
  int count = 0;
  for (const std::string& kernel : kernels_of(program))
    count += kernel.starts_with("strided_copy") || kernel.starts_with("copy");
  return count;
}

/// The same bytes with memory shared, without, and without passes. @returns the program that
/// shares.
program::Program check_same(const GraphBuilder& b) {
  const graph::Model model = b.build();
  const program::Program plain = program_of(model, {.share_memory = false});
  program::Program shared = program_of(model);
  const auto as_it_stands = pass_context().lower(model);
  EXPECT_TRUE(as_it_stands) << as_it_stands.error().message;
  if (plain.inputs.empty() || shared.inputs.empty() || !as_it_stands) return {};
  EXPECT_EQ(tests::first_difference(plain, shared), "");
  EXPECT_EQ(tests::first_difference(plain, *as_it_stands), "");
  EXPECT_LE(shared.arena_bytes, plain.arena_bytes);
  EXPECT_LE(shared.arena_lower_bound, shared.arena_bytes);
  return shared;
}

TEST(SharedMemory, TakesTheInputsOfAConcatenationWhereTheyAreMade) {
  GraphBuilder b;
  const int in = b.input(kInt8, {1, 32}, kQuant);
  const int x = unary(b, "RELU", in, {1, 32}), y = unary(b, "RELU6", in, {1, 32});
  b.output(unary(b, "RELU", join(b, {x, y}, {1, 64}, 1), {1, 64}));
  const program::Program program = check_same(b);
  EXPECT_THAT(kernels_of(program), ElementsAre("lookup_s8", "lookup_s8", "lookup_s8"));
  EXPECT_EQ(program.arena_bytes, 64) << "all three are one memory, and half of it the input's";
}

TEST(SharedMemory, CopiesWhereThePartsAreInterleaved) {
  GraphBuilder b;
  const int in = b.input(kInt8, {2, 16}, kQuant);
  b.output(join(b, {unary(b, "RELU", in, {2, 16}), unary(b, "RELU6", in, {2, 16})}, {2, 32}, 1));
  EXPECT_EQ(count_copies(check_same(b)), 2);
}

TEST(SharedMemory, TakesOneTensorOnceWhereItIsJoinedTwice) {
  GraphBuilder b;
  const int in = b.input(kInt8, {16}, kQuant);
  const int x = unary(b, "RELU", in, {16});
  b.output(join(b, {x, x}, {32}));
  b.output(join(b, {x, in}, {32}));
  EXPECT_EQ(count_copies(check_same(b)), 3 - 1) << "one copy of x in each, the input in one";
}

TEST(SharedMemory, NestsThroughReshapes) {
  GraphBuilder b;
  const int in = b.input(kInt8, {16}, kQuant);
  const int pair = join(b, {unary(b, "RELU", in, {16}), unary(b, "RELU6", in, {16})}, {32});
  const int flat = b.value(kInt8, {2, 16}, kQuant);
  b.node("RESHAPE", {pair}, {flat});
  const int row = b.value(kInt8, {1, 16}, kQuant);
  b.node("RESHAPE", {in}, {row});
  const int third = unary(b, "RELU", row, {1, 16});
  b.output(join(b, {flat, third}, {3, 16}));
  EXPECT_EQ(count_copies(check_same(b)), 0);
}

TEST(SharedMemory, ViewsTheOutputsOfASplit) {
  GraphBuilder b;
  const int in = b.input(kInt8, {4, 16}, kQuant);
  const int all = unary(b, "RELU", in, {4, 16});
  const int axis = b.constant(std::vector<std::int32_t>{0}, {1});
  const int x = b.value(kInt8, {2, 16}, kQuant), y = b.value(kInt8, {2, 16}, kQuant);
  b.node("SPLIT", {axis, all}, {x, y}, {{"num_splits", 2}});
  const int sum = b.value(kInt8, {2, 16}, kQuant);
  b.node("ADD", {x, y}, {sum});
  b.output(sum);
  b.output(y);
  const program::Program program = check_same(b);
  EXPECT_THAT(kernels_of(program), ElementsAre("lookup_s8", "add_s8"));
  EXPECT_EQ(program.arena_bytes, 64) << "the sum lies over the first half of its own input";
}

TEST(SharedMemory, LeavesAnInputAloneThatIsReadLater) {
  GraphBuilder b;
  const int in = b.input(kInt8, {32}, kQuant);
  const int x = unary(b, "RELU", in, {32});
  const int y = unary(b, "RELU6", x, {32});
  const int sum = b.value(kInt8, {32}, kQuant);
  b.node("ADD", {x, y}, {sum});
  b.output(sum);
  EXPECT_EQ(check_same(b).arena_bytes, 64);
}

TEST(SharedMemory, LeavesRepeatedOperandsAlone) {
  GraphBuilder b;
  const int in = b.input(kInt8, {1, 32}, kQuant);
  const int row = unary(b, "RELU", in, {1, 32});
  const int sum = b.value(kInt8, {4, 32}, kQuant);
  const int other = b.input(kInt8, {4, 1}, kQuant);
  b.node("ADD", {row, other}, {sum});
  b.output(sum);
  EXPECT_EQ(check_same(b).arena_bytes, 32 + 128 + 4) << "the row apart from the sum";
}

/// ADD of a part and the whole: over the whole it may write only where the part is a copy.
TEST(SharedMemory, RatherCopiesAPartThanKeepsItsWhole) {
  GraphBuilder b;
  const int in = b.input(kInt8, {2, 16}, kQuant);
  const int all = unary(b, "RELU", in, {2, 16});
  const int begin = b.constant(std::vector<std::int32_t>{0, 0}, {2});
  const int size = b.constant(std::vector<std::int32_t>{1, 16}, {2});
  const int row = b.value(kInt8, {1, 16}, kQuant), sum = b.value(kInt8, {2, 16}, kQuant);
  b.node("SLICE", {all, begin, size}, {row});
  b.node("ADD", {all, row}, {sum});
  b.output(sum);
  EXPECT_EQ(check_same(b).arena_bytes, 32 + 16);
}

TEST(SharedMemory, KeepsWordsAlignedToTheirSize) {
  GraphBuilder b;
  const int in = b.input(kInt8, {6}, kQuant), axis = 0;
  const int x = unary(b, "RELU", in, {6}), y = unary(b, "RELU6", in, {6});
  b.output(join(b, {x, y}, {12}, axis));
  for (const program::KernelCall& call : check_same(b).calls)
    for (const program::Operand& operand : call.operands)
      EXPECT_EQ(operand.offset % size_of(operand.type), 0) << call.node;
}

TEST(SharedMemory, StillShowsWhatCallsWouldHaveWritten) {
  GraphBuilder b;
  const int in = b.input(kInt8, {16}, kQuant);
  const int all = join(b, {unary(b, "RELU", in, {16}), unary(b, "RELU6", in, {16})}, {32});
  b.output(all);
  const program::Program program = check_same(b);
  ASSERT_EQ(program.calls.size(), 2u);
  EXPECT_EQ(program.calls[1].writes.size(), 2u) << "its own output, and the whole";
}

/// A network of joins, parts, sums and functions of one element, as chance has it.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint32_t seed) : random_(seed) {
    values_ = {b_.input(kInt8, {4, 16}, kQuant), b_.input(kInt8, {2, 5}, kQuant)};
    for (int i = 0; i < 14; ++i) add_node();
    for (int v : values_)
      if (pick(4) == 0 || v == values_.back()) b_.output(v);
  }
  const GraphBuilder& builder() const { return b_; }

 private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  int any() { return values_[static_cast<std::size_t>(pick(static_cast<int>(values_.size())))]; }
  std::vector<int> shape(int tensor) {
    return b_.graph().tensors[static_cast<std::size_t>(tensor)].shape;
  }
  int value(std::vector<int> shape) {
    values_.push_back(b_.value(kInt8, std::move(shape), kQuant));
    return values_.back();
  }
  int like(int columns, int except) {
    for (int tries = 0; tries < 20; ++tries)
      if (const int v = any(); v != except && shape(v)[1] == columns) return v;
    return except;
  }

  void add_node() {
    const int x = any();
    const int rows = shape(x)[0], columns = shape(x)[1];
    switch (pick(5)) {
      case 0: {
        const char* ops[] = {"RELU", "RELU6", "LEAKY_RELU"};
        b_.node(ops[pick(3)], {x}, {value({rows, columns})}, {{"alpha", 0.3}});
        return;
      }
      case 1: {
        const int y = like(columns, x);
        if (rows + shape(y)[0] > 40) return;
        b_.node("CONCATENATION", {x, y}, {value({rows + shape(y)[0], columns})}, {{"axis", 0}});
        return;
      }
      case 2: {
        const int first = pick(rows), count = 1 + pick(rows - first);
        const int begin = b_.constant(std::vector<std::int32_t>{first, 0}, {2});
        const int size = b_.constant(std::vector<std::int32_t>{count, columns}, {2});
        b_.node("SLICE", {x, begin, size}, {value({count, columns})});
        return;
      }
      case 3: {
        const int y = like(columns, x);
        if (shape(y)[0] != rows && shape(y)[0] != 1) return;
        b_.node("ADD", {x, y}, {value({rows, columns})});
        return;
      }
      default: {
        const int y = b_.value(kInt8, {1, rows * columns}, kQuant);
        if (rows * columns > 16) return;
        b_.node("RESHAPE", {x}, {y});
        values_.push_back(y);
      }
    }
  }

  std::mt19937 random_;
  GraphBuilder b_;
  std::vector<int> values_;
};

TEST(SharedMemory, GivesTheSameBytesInRandomNetworks) {
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    const RandomNetwork network(seed);
    check_same(network.builder());
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace mote::compiler
