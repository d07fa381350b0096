// Chains of functions of one 8-bit element become one table.

#include "mote/compiler/merge_lookups.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/support/programs.h"

namespace mote::compiler {
namespace {

using enum DType;
using tests::GraphBuilder;
using tests::interpreter_of;

/// What the last output of a network of one int8 input of 256 elements makes of every element.
std::vector<std::byte> results_of(const GraphBuilder& b) {
  auto interpreter = interpreter_of(b);
  const auto input = interpreter.input(0).bytes();
  for (std::size_t x = 0; x < input.size(); ++x) input[x] = static_cast<std::byte>(x);
  interpreter.run();
  const auto output = interpreter.output(interpreter.output_count() - 1).bytes();
  return {output.begin(), output.end()};
}

std::size_t call_count(const GraphBuilder& b) { return interpreter_of(b).program().calls.size(); }

/// Functions of one element, as chance has them. With `shows_all`, every result is an output too,
/// so that nothing can be merged.
GraphBuilder chain(std::uint32_t seed, bool shows_all) {
  std::mt19937 random(seed);
  GraphBuilder b;
  int last = b.input(kInt8, {256}, {0.05f, 3});
  for (int i = 0; i < 5; ++i) {
    const auto which = static_cast<int>(random() % 5);
    const tests::Quant before(b.graph().tensors[static_cast<std::size_t>(last)].scale(),
                              b.graph().tensors[static_cast<std::size_t>(last)].zero_point());
    const tests::Quant other(0.02f * static_cast<float>(1 + random() % 4),
                             static_cast<int>(random() % 40) - 20);
    const tests::Quant quant = which == 0   ? before
                               : which == 1 ? tests::Quant(1.0f / 256, -128)
                                            : other;
    const int next = b.value(kInt8, {256}, quant);
    const char* ops[] = {"RELU6", "LOGISTIC", "QUANTIZE", "LEAKY_RELU", "RELU"};
    b.node(ops[which], {last}, {next}, {{"alpha", 0.3}});
    last = next;
    if (shows_all || i == 4) b.output(last);
  }
  return b;
}

TEST(MergeLookups, GivesTheSameBytesForEveryElement) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    EXPECT_EQ(results_of(chain(seed, false)), results_of(chain(seed, true))) << seed;
    EXPECT_EQ(call_count(chain(seed, false)), 1u) << seed;
    EXPECT_GE(call_count(chain(seed, true)), 4u) << seed;
  }
}

TEST(MergeLookups, TakesTheFlippedSignsOfUint8Along) {
  GraphBuilder b;
  const int in = b.input(kUint8, {16}, {0.05f, 100}), out = b.value(kUint8, {16}, {0.1f, 7});
  b.node("RELU", {in}, {out});
  b.output(out);
  EXPECT_EQ(call_count(b), 1u);
}

TEST(MergeLookups, KeepsAResultThatSomethingElseReads) {
  GraphBuilder b;
  const int in = b.input(kInt8, {16}, {0.05f, 3}), x = b.value(kInt8, {16}, {0.1f, 7});
  const int y = b.value(kInt8, {16}, {0.02f, 1}), sum = b.value(kInt8, {16}, {0.1f, 7});
  b.node("LEAKY_RELU", {in}, {x}, {{"alpha", 0.3}});
  b.node("RELU", {x}, {y});
  b.node("ADD", {x, y}, {sum});
  b.output(sum);
  EXPECT_EQ(call_count(b), 3u);
}

}  // namespace
}  // namespace mote::compiler
