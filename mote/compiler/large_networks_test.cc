// Networks of thousands of operators compile in no time worth mentioning.

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "mote/compiler/compile.h"
#include "tests/support/graph_builder.h"

namespace mote::compiler {
namespace {

using tests::GraphBuilder;

constexpr int kOperators = 2000;
constexpr double kBound = 5;  // seconds of the processor: several times what it takes

const tests::Quant kQuant{0.5f, 3};

GraphBuilder chain() {
  GraphBuilder b;
  int last = b.input(DType::kInt8, {1, 64}, kQuant);
  for (int i = 0; i < kOperators; ++i) {
    const int next = b.value(DType::kInt8, {1, 64}, kQuant);
    b.node("RELU", {last}, {next});
    last = next;
  }
  b.output(last);
  return b;
}

/// Every operator adds two results of any age; what nobody reads is an output.
GraphBuilder random_network() {
  std::mt19937 random(1);
  GraphBuilder b;
  std::vector<int> values = {b.input(DType::kInt8, {1, 64}, kQuant)};
  std::vector<bool> is_read(1);
  for (int i = 0; i < kOperators; ++i) {
    const std::size_t x = random() % values.size(), y = random() % values.size();
    is_read[x] = is_read[y] = true;
    values.push_back(b.value(DType::kInt8, {1, 64}, kQuant));
    is_read.push_back(false);
    b.node("ADD", {values[x], values[y]}, {values.back()});
  }
  for (std::size_t v = 0; v < values.size(); ++v)
    if (!is_read[v]) b.output(values[v]);
  return b;
}

double seconds_to_compile(const GraphBuilder& b) {
  const graph::Model model = b.build();
  const std::clock_t start = std::clock();
  const auto program = compile(model);
  EXPECT_TRUE(program) << program.error().message;
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST(LargeNetworks, CompileQuicklyAsAChain) {
  const double seconds = seconds_to_compile(chain());
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, kBound);
}

TEST(LargeNetworks, CompileQuicklyWithManyBranches) {
  const double seconds = seconds_to_compile(random_network());
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, kBound);
}

TEST(LargeNetworks, SayQuicklyWhatDoesNotFit) {
  const graph::Model model = random_network().build();
  const std::clock_t start = std::clock();
  EXPECT_FALSE(compile(model, {.arena_limit = 1000}));
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, kBound);
}

}  // namespace
}  // namespace mote::compiler
