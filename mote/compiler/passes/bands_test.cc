// Layers in bands of rows give, byte for byte, what whole layers give: random networks, every
// region of each and every height of bands; and what that is worth.

#include <gmock/gmock.h>

#include "mote/compiler/passes/bands_rewrite.h"
#include "mote/compiler/passes/bands_schedule.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using testing::HasSubstr;
using tests::count;
using tests::Quant;
using tests::Random;

/// A window along both axes.
struct Layer {
  int high = 3, wide = 3, stride = 1, dilation = 1;
  bool same_padding = true;
};

/// Builds a network on images [1, height, width, channels] of INT8, INT16 or FLOAT32.
class Net {
 public:
  Net(DType type, unsigned seed) : random(seed), type_(type) {}

  int input(std::vector<int> shape) { return b.input(type_, std::move(shape), quant(0.05f, -7)); }
  const std::vector<int>& shape(int tensor) {
    return b.graph().tensors[static_cast<std::size_t>(tensor)].shape;
  }
  int convolve(int in, int channels, const Layer& layer) {
    return weighted("CONV_2D", in, channels, layer,
                    {channels, layer.high, layer.wide, shape(in)[3]}, 0);
  }
  int depthwise(int in, const Layer& layer) {
    const int channels = shape(in)[3];
    return weighted("DEPTHWISE_CONV_2D", in, channels, layer, {1, layer.high, layer.wide, channels},
                    3);
  }
  int pool(const char* op, int in, const Layer& layer) {
    const int out = like(in, window_shape(in, shape(in)[3], layer));
    b.node(op, {in}, {out},
           {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
            {"stride_h", std::int64_t{layer.stride}},
            {"stride_w", std::int64_t{layer.stride}},
            {"filter_height", std::int64_t{layer.high}},
            {"filter_width", std::int64_t{layer.wide}}});
    return out;
  }
  int unary(const char* op, int in) {
    const int out = value(shape(in), 0.1f);
    b.node(op, {in}, {out});
    return out;
  }
  int add(int x, int y) {
    const int out = value(shape(x), 0.15f);
    b.node("ADD", {x, y}, {out});
    return out;
  }
  /// One row above and two below, a column on either side.
  int pad(int in) {
    const auto& from = shape(in);
    const int out = like(in, {1, from[1] + 3, from[2] + 2, from[3]});
    b.node("PAD", {in, b.constant(std::vector<std::int32_t>{0, 0, 1, 2, 1, 1, 0, 0}, {4, 2})},
           {out});
    return out;
  }

  tests::GraphBuilder b;
  Random random;

 private:
  Quant quant(float scale, int zero_point) const {
    if (type_ == DType::kFloat32) return {};
    return {scale, type_ == DType::kInt16 ? 0 : zero_point};
  }
  int value(std::vector<int> to, float scale) {
    return b.value(type_, std::move(to), quant(scale, 3));
  }
  int like(int in, std::vector<int> to) {
    const Quant same = [&] {
      const auto& of = b.graph().tensors[static_cast<std::size_t>(in)];
      return quant(of.scale(), of.zero_point());
    }();
    return b.value(type_, std::move(to), same);
  }
  std::vector<int> window_shape(int in, int channels, const Layer& layer) {
    const auto& from = shape(in);
    return {1, tests::out_size(from[1], layer.high, layer),
            tests::out_size(from[2], layer.wide, layer), channels};
  }
  int weighted(const char* op, int in, int channels, const Layer& layer, std::vector<int> filter,
               int axis) {
    const int out = value(window_shape(in, channels, layer), 0.1f);
    b.node(op, {in, weights(filter, axis), bias(channels)}, {out},
           {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
            {"stride_h", std::int64_t{layer.stride}},
            {"stride_w", std::int64_t{layer.stride}},
            {"dilation_h_factor", std::int64_t{layer.dilation}},
            {"dilation_w_factor", std::int64_t{layer.dilation}},
            {"depth_multiplier", std::int64_t{1}},
            {"fused_activation_function", std::int64_t{0}}});
    return out;
  }
  int weights(const std::vector<int>& of, int axis) {
    if (type_ == DType::kFloat32) return b.constant(random.floats(count(of)), of);
    std::vector<float> scales;
    for (int c = 0; c < of[static_cast<std::size_t>(axis)]; ++c)
      scales.push_back(0.0002f * static_cast<float>(random.pick(5, 40)));
    return b.constant(random.symmetric_bytes(count(of)), of, Quant(scales, axis));
  }
  int bias(int channels) {
    if (type_ == DType::kFloat32) return b.constant(random.floats(channels), {channels});
    if (type_ == DType::kInt16)
      return b.constant(std::vector<std::int64_t>(static_cast<std::size_t>(channels), 55),
                        {channels}, Quant(0.0001f, 0));
    std::vector<std::int32_t> list;
    for (int c = 0; c < channels; ++c) list.push_back(random.pick(-2000, 2000));
    return b.constant(list, {channels}, Quant(0.0001f, 0));
  }

  DType type_;
};

/// A chain with residuals, of a few layers.
Net random_net(DType type, unsigned seed) {
  Net net(type, seed);
  Random& random = net.random;
  int x = net.input({1, random.pick(7, 16), random.pick(1, 6), random.pick(1, 3)});
  const int layers = random.pick(2, 4);
  for (int i = 0; i < layers; ++i) {
    const auto& from = net.shape(x);
    Layer layer{.high = random.pick(1, std::min(4, from[1])),
                .wide = random.pick(1, std::min(3, from[2])),
                .stride = random.pick(1, 3) / 2 + (from[1] < 4 ? 0 : random.pick(0, 1)),
                .same_padding = random.pick(0, 2) > 0};
    layer.stride = std::max(1, layer.stride);
    if (layer.stride == 1 && layer.same_padding && random.pick(0, 3) == 0) layer.dilation = 2;
    const int kind = random.pick(0, 6);
    if (kind <= 1) x = net.convolve(x, random.pick(1, 9), layer);
    if (kind == 2) x = net.depthwise(x, layer);
    layer.dilation = 1;
    if (kind == 3) x = net.pool(i % 2 ? "MAX_POOL_2D" : "AVERAGE_POOL_2D", x, layer);
    if (kind == 4) x = net.add(x, net.convolve(x, from[3], {.high = layer.high}));
    if (kind == 5) x = type == DType::kInt16 ? net.add(x, x) : net.unary("HARD_SWISH", net.pad(x));
    if (kind == 6) x = net.add(net.depthwise(x, {.high = 2, .wide = 1}), net.depthwise(x, {}));
  }
  net.b.output(x);
  return net;
}

/// Expects every region in bands of every height to compute the same. @returns how many there were.
int expect_same_in_bands(const Net& net, const char* isa) {
  const graph::Model model = net.b.build();
  const graph::Graph& graph = model.graphs[0];
  const auto plain = tests::program_of(model, {.isa = isa});
  const RowRules rules = row_rules_of(graph);
  int seen = 0;
  for (std::size_t first = 0; first < graph.nodes.size(); ++first)
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
        ++seen;
      }
    }
  return seen;
}

TEST(RunInBands, GivesWhatWholeLayersGive) {
  int seen = 0;
  for (unsigned seed = 1; seed <= 14; ++seed)
    for (DType type : {DType::kInt8, DType::kInt16, DType::kFloat32})
      seen += expect_same_in_bands(random_net(type, seed), seed % 2 ? "scalar" : "dsp");
  EXPECT_GT(seen, 500);
}

/// Layers that widen and narrow again: what lies between takes most.
Net wide_net() {
  Net net(DType::kInt8, 4);
  const int in = net.input({1, 24, 16, 4});
  const int x = net.convolve(in, 32, {});
  const int y = net.add(net.depthwise(x, {}), x);
  net.b.output(net.convolve(y, 4, {.stride = 2}));
  return net;
}

TEST(RunInBands, TakesLessMemoryAndNoMoreConstants) {
  const graph::Model model = wide_net().b.build();
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
  const graph::Model model = wide_net().b.build();
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
