// Layers in bands of rows give, byte for byte, what whole layers give: random networks, every
// region of each and every height of bands; and what that is worth.

#include <gmock/gmock.h>

#include "mote/compiler/passes/bands_rewrite.h"
#include "mote/compiler/passes/bands_schedule.h"
#include "mote/compiler/passes/bands_source.h"
#include "tests/support/image_networks.h"
#include "tests/support/programs.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using testing::HasSubstr;
using tests::Net;
using tests::Quant;

/// Expects the input's rows to be asked for one after another from the first on.
void expect_rows_in_order(const program::Program& program) {
  std::int64_t next = 0;
  for (const program::KernelCall& call : program.calls)
    if (const program::Operand& from = call.operands[0]; from.space == program::Space::kSource) {
      EXPECT_EQ(from.offset, next);
      next += volume(from.shape);
    }
  EXPECT_GT(next, 0);
  EXPECT_LE(next, program.tensors[static_cast<std::size_t>(program.inputs[0])].bytes);
}

enum class Input : std::uint8_t { kWhole, kInRows };

/// Expects every region in bands of every height to compute the same. @returns how many there were.
int expect_same_in_bands(const Net& net, const char* isa, Input input = Input::kWhole) {
  graph::Model model = net.b.build();
  const graph::Graph& graph = model.graphs[0];
  const auto plain = tests::program_of(model, {.isa = isa});
  const bool in_rows = input == Input::kInRows;
  EXPECT_TRUE(!in_rows || keep_input_outside(model));
  const RowRules rules = row_rules_of(graph);
  int seen = 0;
  for (std::size_t first = 0; first < (in_rows ? 1 : graph.nodes.size()); ++first)
    for (std::size_t last = first; last < graph.nodes.size(); ++last) {
      const auto region = region_of(graph, rules, first, last);
      for (int height = 1; region && height <= 4; ++height) {
        const auto schedule = schedule_of(graph, rules, *region, height);
        if (!schedule || schedule->bands < 2) continue;
        graph::Model banded = model;
        rewrite_in_bands(banded, rules, *schedule);
        const auto program = tests::program_of(banded, {.isa = isa});
        if (testing::Test::HasFailure()) return seen;
        EXPECT_LE(program::macs(program), program::macs(plain));
        EXPECT_EQ(tests::first_difference(plain, program, 8), "")
            << "nodes " << first << " to " << last << ", height " << height << ", " << isa;
        if (in_rows) expect_rows_in_order(program);
        ++seen;
      }
    }
  return seen;
}

TEST(RunInBands, GivesWhatWholeLayersGive) {
  int seen = 0;
  for (unsigned seed = 1; seed <= 14; ++seed)
    for (DType type : {DType::kInt8, DType::kInt16, DType::kFloat32})
      seen += expect_same_in_bands(tests::random_net(type, seed), seed % 2 ? "scalar" : "dsp");
  EXPECT_GT(seen, 500);
}

TEST(RunInBands, ReadsTheInputsRowsOnceAndInOrder) {
  int seen = 0;
  for (unsigned seed = 1; seed <= 20; ++seed)
    for (DType type : {DType::kInt8, DType::kInt16, DType::kFloat32})
      seen += expect_same_in_bands(tests::random_net(type, seed), seed % 2 ? "mve" : "dsp",
                                   Input::kInRows);
  EXPECT_GT(seen, 300);
}

TEST(RunInBands, NeverHasAllOfAnInputThatIsReadInRows) {
  Net net(DType::kInt8, 6);
  const int x = net.convolve(net.input({1, 64, 32, 3}), 8, {.stride = 2});
  net.b.output(net.convolve(net.convolve(x, 8, {.stride = 2}), 8, {.stride = 2}));
  const graph::Model model = net.b.build();
  constexpr std::int64_t kInputBytes = 64 * 32 * 3;
  std::string said;
  const auto tell = [&](const std::string& line) { said += line + "\n"; };
  const auto whole = tests::program_of(model, {.bands = Bands()});
  const auto rows = tests::program_of(model, {.bands = Bands{.reads_rows = true, .tell = tell}});
  EXPECT_GE(whole.arena_bytes, kInputBytes);
  EXPECT_LT(rows.arena_bytes * 2, kInputBytes);
  EXPECT_EQ(program::macs(rows), program::macs(whole));
  EXPECT_EQ(tests::first_difference(whole, rows), "");
  expect_rows_in_order(rows);
  EXPECT_THAT(said, HasSubstr("stays with the caller: "));
  EXPECT_THAT(said, HasSubstr(" of its 64 rows, "));
}

TEST(RunInBands, ReadsAllRowsAtOnceWhereBandsGainNothing) {
  Net net(DType::kInt8, 2);
  net.b.output(net.convolve(net.input({1, 1, 12, 8}), 2, {}));
  const graph::Model model = net.b.build();
  const auto rows = tests::program_of(model, {.bands = Bands{.reads_rows = true}});
  EXPECT_EQ(rows.calls.size(), 2u);
  expect_rows_in_order(rows);
  EXPECT_EQ(tests::first_difference(tests::program_of(model), rows), "");
}

TEST(RunInBands, ReadsRowsOfOneImageOnly) {
  const auto error_of = [](const Net& net) {
    const auto program = compiler::compile(net.b.build(), {.bands = Bands{.reads_rows = true}});
    return program ? "" : program.error().message;
  };
  Net two(DType::kInt8, 3);
  two.b.output(two.add(two.input({1, 8, 4, 4}), two.input({1, 8, 4, 4})));
  EXPECT_THAT(error_of(two), HasSubstr("the network has 2"));
  Net flat(DType::kInt8, 3);
  flat.b.output(flat.unary("HARD_SWISH", flat.input({1, 640})));
  EXPECT_THAT(error_of(flat), HasSubstr("[1, 640] cannot be read in rows"));
  Net batch(DType::kInt8, 3);
  batch.b.output(batch.unary("HARD_SWISH", batch.input({2, 8, 4, 4})));
  EXPECT_THAT(error_of(batch), HasSubstr("expected one image [1, height, width, channels]"));
}

TEST(RunInBands, TakesLessMemoryAndNoMoreConstants) {
  const graph::Model model = tests::wide_net().b.build();
  for (const char* isa : {"scalar", "scalar_packed", "dsp", "mve"}) {
    const auto plain = tests::program_of(model, {.isa = isa});
    std::string said;
    const Bands bands{.tell = [&](const std::string& line) { said += line; }};
    const auto banded = tests::program_of(model, {.isa = isa, .bands = bands});
    EXPECT_LT(banded.arena_bytes * 2, plain.arena_bytes) << isa;
    EXPECT_LE(banded.constants.size(), plain.constants.size() + 256) << isa;
    EXPECT_EQ(program::macs(banded), program::macs(plain)) << isa;
    EXPECT_GT(banded.calls.size(), plain.calls.size()) << isa;
    EXPECT_EQ(tests::first_difference(plain, banded), "") << isa;
    EXPECT_THAT(said, HasSubstr(cat("arena ", plain.arena_bytes, " -> ", banded.arena_bytes)));
  }
}

TEST(RunInBands, LeavesANetworkThatGainsNothing) {
  Net net(DType::kInt8, 2);
  net.b.output(net.convolve(net.input({1, 1, 12, 8}), 2, {}));
  const graph::Model model = net.b.build();
  std::string said;
  const Bands bands{.tell = [&](const std::string& line) { said += line; }};
  const auto plain = tests::program_of(model, {.isa = "dsp"});
  const auto banded = tests::program_of(model, {.isa = "dsp", .bands = bands});
  EXPECT_EQ(said, "");
  EXPECT_EQ(banded.calls.size(), plain.calls.size());
  EXPECT_EQ(banded.arena_bytes, plain.arena_bytes);
}

TEST(RunInBands, HoldsTheLimitOfTheArenaAgainstTheBands) {
  const graph::Model model = tests::wide_net().b.build();
  const auto banded = tests::program_of(model, {.bands = Bands()});
  EXPECT_TRUE(compiler::compile(model, {.arena_limit = banded.arena_bytes, .bands = Bands()}));
  EXPECT_FALSE(compiler::compile(model, {.arena_limit = banded.arena_bytes - 1, .bands = Bands()}));
}

TEST(Region, EndsWhereOthersReadWhatIsInIt) {
  Net net(DType::kInt8, 3);
  const int in = net.input({1, 8, 4, 4});
  const int x = net.convolve(in, 4, {}), y = net.convolve(x, 4, {});
  net.b.output(net.add(x, y));
  const graph::Model model = net.b.build();
  const RowRules rules = row_rules_of(model.graphs[0]);
  EXPECT_FALSE(region_of(model.graphs[0], rules, 0, 1)) << "the ADD reads node 0's output, too";
  EXPECT_TRUE(region_of(model.graphs[0], rules, 0, 2));
  EXPECT_TRUE(region_of(model.graphs[0], rules, 1, 2));
}

TEST(Region, HasNoBatches) {
  Net net(DType::kInt8, 3);
  const int in = net.input({2, 8, 4, 4});
  const int out = net.b.value(DType::kInt8, {2, 8, 4, 4}, Quant(0.1f, 0));
  net.b.node("TANH", {in}, {out});
  EXPECT_FALSE(row_rules_of(net.b.build().graphs[0])[0]);
}

TEST(Schedule, MakesNoRowTwiceAndKeepsWhatTheNextBandSees) {
  Net net(DType::kInt8, 3);
  const int in = net.input({1, 12, 4, 4});
  const int x = net.convolve(in, 4, {}), y = net.convolve(x, 4, {.stride = 2});
  net.b.output(y);
  const graph::Model model = net.b.build();
  const RowRules rules = row_rules_of(model.graphs[0]);
  const auto schedule =
      schedule_of(model.graphs[0], rules, *region_of(model.graphs[0], rules, 0, 1), 2);
  ASSERT_TRUE(schedule);
  ASSERT_EQ(schedule->bands, 3u);
  // Row i of y sees rows 2i to 2i + 2 of x, and row j of x the rows j - 1 to j + 1 of the input.
  EXPECT_EQ(schedule->find(y)->end, (std::vector<int>{2, 4, 6}));
  EXPECT_EQ(schedule->find(x)->end, (std::vector<int>{5, 9, 12}));
  EXPECT_EQ(schedule->find(x)->first, (std::vector<int>{0, 4, 8}));
  EXPECT_EQ(schedule->find(in)->end, (std::vector<int>{6, 10, 12}));
  EXPECT_EQ(schedule->find(in)->first, (std::vector<int>{0, 4, 8}));
  EXPECT_TRUE(schedule->find(in)->is_entry);
}

}  // namespace
}  // namespace mote::passes
