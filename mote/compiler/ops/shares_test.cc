// Layers in shares: which they are, and when. That they give what the whole gives is held for
// random layers in tiled_layer_test.cc, for every operator in tests/golden.

#include "mote/compiler/ops/shares.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "mote/compiler/compile.h"
#include "tests/support/programs.h"

namespace mote::ops {
namespace {

using tests::GraphBuilder;
using tests::Quant;

/// 3 x 3 filters with a border of one, as SAME has them.
WindowedLayer layer_of_rows(int rows, int stride = 1) {
  return {.attrs = program::Conv2DAttrs{.stride_h = stride, .pad_top = 1, .pad_left = 1},
          .in = Extents(1, rows, 5, 2),
          .out = Extents(1, (rows + stride - 1) / stride, 5, 4),
          .filter_h = 3,
          .filter_w = 3};
}

int pad_top_of(const LayerShare& share) {
  return std::get<program::Conv2DAttrs>(share.attrs).pad_top;
}

TEST(LayerShares, OfRowsReadTheRowsThatTheirFiltersMeet) {
  const auto shares = layer_shares(layer_of_rows(10), 2);
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(shares[0].in, Extents(1, 6, 5, 2)) << "rows 0 to 5 for outputs 0 to 4";
  EXPECT_EQ(shares[0].out, Extents(1, 5, 5, 4));
  EXPECT_EQ(pad_top_of(shares[0]), 1);
  EXPECT_EQ(shares[1].in, Extents(1, 6, 5, 2)) << "rows 4 to 9 for outputs 5 to 9";
  EXPECT_EQ(shares[1].in_first, 4 * 5 * 2);
  EXPECT_EQ(shares[1].out_first, 5 * 5 * 4);
  EXPECT_EQ(pad_top_of(shares[1]), 0);
}

TEST(LayerShares, AreNoMoreThanRows) {
  EXPECT_EQ(layer_shares(layer_of_rows(3), 64).size(), 3u);
  EXPECT_TRUE(layer_shares(layer_of_rows(1), 64).empty()) << "a single one is no share";
  EXPECT_TRUE(layer_shares(layer_of_rows(10), 1).empty());
}

TEST(LayerShares, CoverTheOutputOnceWhateverTheirNumber) {
  for (int rows = 2; rows < 20; ++rows)
    for (int count = 2; count < 9; ++count)
      for (int stride = 1; stride < 4; ++stride) {
        const WindowedLayer layer = layer_of_rows(rows, stride);
        std::int64_t next = 0;
        for (const LayerShare& share : layer_shares(layer, count)) {
          ASSERT_EQ(share.out_first, next) << rows << " rows, " << count << " shares";
          next += volume(share.out);
          ASSERT_LE(share.in_first + volume(share.in), volume(layer.in));
        }
        ASSERT_EQ(next, layer.out[1] > 1 ? volume(layer.out) : 0);
      }
}

TEST(LayerShares, OfPointwiseFiltersArePixels) {
  const auto shares = layer_shares(
      {.attrs = program::TiledAttrs(), .in = Extents(1, 7, 7, 3), .out = Extents(1, 7, 7, 8)}, 2);
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(shares[0].out, Extents(1, 1, 24, 8));
  EXPECT_EQ(shares[1].out, Extents(1, 1, 25, 8));
  EXPECT_EQ(shares[1].in_first, 24 * 3);
}

TEST(LayerShares, OfOnePixelAreWholePanelsOfChannels) {
  const auto shares = layer_shares({.attrs = program::TiledAttrs(),
                                    .in = Extents(1, 1, 1, 9),
                                    .out = Extents(1, 1, 1, 40),
                                    .channel_step = 16},
                                   2);
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(shares[0].out, Extents(1, 1, 1, 16));
  EXPECT_EQ(shares[1].out, Extents(1, 1, 1, 24));
  EXPECT_EQ(shares[1].first_channel, 16);
}

TEST(LayerShares, AreNoneWhereOneWouldSeePaddingOnly) {
  WindowedLayer layer = layer_of_rows(2);
  layer.attrs = program::Conv2DAttrs{.pad_top = 8};
  layer.out = Extents(1, 10, 5, 4);
  EXPECT_TRUE(layer_shares(layer, 5).empty());
}

TEST(ProfitableShares, GrowWithTheWork) {
  const Rates rates = {.dense = 100};
  EXPECT_EQ(profitable_shares({.macs = 1'000'000}, rates, 4), 1) << "10 us";
  EXPECT_EQ(profitable_shares({.macs = 1'600'000}, rates, 4), 3) << "16 us";
  EXPECT_EQ(profitable_shares({.macs = 100'000'000}, rates, 4), 4) << "1 ms";
  EXPECT_EQ(profitable_shares({.macs = 100'000'000}, rates, 1), 1);
}

/// A 1 x 1 convolution of `pixels` by `pixels` pixels from 64 to 64 channels.
GraphBuilder network(int pixels) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, pixels, pixels, 64}, Quant(0.5f, 3));
  const int filter =
      b.constant(std::vector<std::int8_t>(64 * 64, 1), {64, 1, 1, 64}, Quant(0.5f, 0));
  const int bias = b.constant(std::vector<std::int32_t>(64, 7), {64}, Quant(0.25f, 0));
  const int out = b.value(DType::kInt8, {1, pixels, pixels, 64}, Quant(8.0f, 0));
  b.node("CONV_2D", {in, filter, bias}, {out},
         {{"padding", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"stride_h", std::int64_t{1}},
          {"dilation_w_factor", std::int64_t{1}},
          {"dilation_h_factor", std::int64_t{1}}});
  b.output(out);
  return b;
}

TEST(Threads, AreForLargeLayersOnly) {
  const auto small = tests::program_of(network(4), {.isa = "avx512vnni", .threads = 2});
  EXPECT_TRUE(small.calls[0].shares.empty());
  const auto large = tests::program_of(network(64), {.isa = "avx512vnni", .threads = 2});
  EXPECT_EQ(large.calls[0].shares.size(), 2u);
}

TEST(Threads, ChangeNothingWhereThereIsOne) {
  const auto by_default = tests::program_of(network(64), {.isa = "avx512vnni"});
  EXPECT_TRUE(by_default.calls[0].shares.empty());
  const auto for_two = tests::program_of(network(64), {.isa = "avx512vnni", .threads = 2});
  EXPECT_LT(by_default.arena_bytes, for_two.arena_bytes) << "each share keeps rows of its own";
}

TEST(Threads, WorkInMemoryOfTheirOwn) {
  const auto program = tests::program_of(network(64), {.isa = "avx512vnni", .threads = 4});
  const program::KernelCall& call = program.calls[0];
  const std::size_t rows = call.operands.size() - 2;
  std::int64_t next = 0;
  for (const program::Share& share : call.shares) {
    EXPECT_EQ(share.views[rows].offset, next);
    EXPECT_GT(share.views[rows].shape[0], 0);
    next += share.views[rows].shape[0];
  }
  EXPECT_LE(next, call.operands[rows].shape[0]);
}

TEST(Threads, AreAtLeastOneAndAtMostTheLimit) {
  for (const int threads : {-1, 0, compiler::kMaxThreads + 1, 1 << 30}) {
    const auto program = compiler::compile(network(4).build(), {.threads = threads});
    ASSERT_FALSE(program) << threads;
    EXPECT_EQ(program.error().code, ErrorCode::kUsage);
  }
  EXPECT_TRUE(compiler::compile(network(4).build(), {.threads = compiler::kMaxThreads}));
}

TEST(Threads, OfSeveralInterpretersShareOneProgram) {
  const auto program = std::make_shared<const program::Program>(
      tests::program_of(network(9), {.threads = 3, .split_all = true}));
  const auto output_of = [](runtime::Interpreter& interpreter, int value) {
    const auto input = interpreter.input(0).bytes();
    std::fill(input.begin(), input.end(), static_cast<std::byte>(value));
    interpreter.run();
    const auto output = interpreter.output(0).bytes();
    return std::vector<std::byte>(output.begin(), output.end());
  };
  const auto wrong_runs = [&](int& wrong) {
    auto whole = tests::interpreter_of(network(9));
    auto shares = runtime::Interpreter::create(program);
    for (int run = 0; run < 50; ++run)
      wrong += !shares || output_of(*shares, run) != output_of(whole, run);
  };
  int wrong[2] = {};
  std::thread other(wrong_runs, std::ref(wrong[0]));
  wrong_runs(wrong[1]);
  other.join();
  EXPECT_EQ(wrong[0] + wrong[1], 0);
}

TEST(Threads, RunOnlyWhereTheyHaveWork) {
  EXPECT_EQ(tests::interpreter_of(network(4), {.threads = 8, .split_all = true}).threads(), 8);
  EXPECT_EQ(tests::interpreter_of(network(1), {.threads = 8, .split_all = true}).threads(), 1);
  EXPECT_EQ(tests::interpreter_of(network(4)).threads(), 1);
}

}  // namespace
}  // namespace mote::ops
