// GRU on integers beside GRU on floats, and as a file.

#include "mote/compiler/quantize/recurrent.h"

#include <gmock/gmock.h>

#include <cmath>
#include <iostream>
#include <tuple>

#include "mote/compiler/compile.h"
#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/onnx/export.h"
#include "mote/compiler/onnx/import.h"
#include "mote/compiler/quantize/quantize.h"
#include "tests/support/calibration.h"

namespace mote::quantize {
namespace {

using tests::GraphBuilder;
using tests::random_floats;

constexpr int kTimes = 20, kFeatures = 10, kUnits = 19, kClasses = 5, kExamples = 200;

struct Layout {
  bool linear_before_reset = true, time_major = true, zeroed = true;
};

/// A GRU over `in`, [times, 1, features] or [1, times, features], with random weights.
int add_gru(GraphBuilder& b, int in, const Layout& layout, unsigned seed) {
  const int state = b.variable(DType::kFloat32, {1, kUnits});
  const int out = b.value(DType::kFloat32, layout.time_major ? std::vector<int>{kTimes, 1, kUnits}
                                                             : std::vector<int>{1, kTimes, kUnits});
  if (layout.zeroed)
    b.node("STREAM_WRITE", {state, b.constant(std::vector<float>(kUnits), {1, kUnits})}, {},
           {{"axis", std::int64_t{0}},
            {"begin", std::int64_t{0}},
            {"end", std::int64_t{1}},
            {"hop", std::int64_t{1}}});
  const auto constant = [&](int depth, float deviation, std::vector<int> shape) {
    return b.constant(random_floats(3 * kUnits * depth, ++seed, deviation), std::move(shape));
  };
  const float share = 1 / std::sqrt(static_cast<float>(kUnits));
  b.node("GRU",
         {in, constant(kFeatures, share, {3, kUnits, kFeatures}),
          constant(kUnits, share, {3, kUnits, kUnits}), constant(1, 0.2f, {3, kUnits}),
          constant(1, 0.2f, {3, kUnits}), state},
         {out},
         {{"time_major", std::int64_t{layout.time_major}},
          {"linear_before_reset", std::int64_t{layout.linear_before_reset}}});
  return out;
}

GraphBuilder gru_network(const Layout& layout) {
  GraphBuilder b;
  const int in =
      b.input(DType::kFloat32, layout.time_major ? std::vector<int>{kTimes, 1, kFeatures}
                                                 : std::vector<int>{1, kTimes, kFeatures});
  b.output(add_gru(b, in, layout, 40));
  return b;
}

int reversed(GraphBuilder& b, int in, int depth) {
  const int out = b.value(DType::kFloat32, {kTimes, 1, depth});
  b.node("REVERSE_V2", {in, b.constant(std::vector<std::int32_t>{0}, {1})}, {out});
  return out;
}

/// Both directions, joined; the last step, or both directions' last; a dense layer.
GraphBuilder classifier(bool linear_before_reset) {
  GraphBuilder b;
  const Layout layout{.linear_before_reset = linear_before_reset};
  const int in = b.input(DType::kFloat32, {kTimes, 1, kFeatures});
  const int forward = add_gru(b, in, layout, 60),
            backward = add_gru(b, reversed(b, in, kFeatures), layout, 80);
  const int both = b.value(DType::kFloat32, {kTimes, 1, 2 * kUnits}),
            last = b.value(DType::kFloat32, {1, 1, 2 * kUnits}),
            flat = b.value(DType::kFloat32, {1, 2 * kUnits}),
            scores = b.value(DType::kFloat32, {1, kClasses});
  b.node("CONCATENATION", {forward, reversed(b, backward, kUnits)}, {both},
         {{"axis", std::int64_t{2}}, {"fused_activation_function", std::int64_t{0}}});
  b.node("SLICE",
         {both, b.constant(std::vector<std::int32_t>{kTimes - 1, 0, 0}, {3}),
          b.constant(std::vector<std::int32_t>{1, 1, 2 * kUnits}, {3})},
         {last});
  b.node("RESHAPE", {last, b.constant(std::vector<std::int32_t>{1, 2 * kUnits}, {2})}, {flat});
  b.node("FULLY_CONNECTED",
         {flat, b.constant(random_floats(kClasses * 2 * kUnits, 7, 1), {kClasses, 2 * kUnits}),
          b.constant(random_floats(kClasses, 8, 0.1f), {kClasses})},
         {scores});
  b.output(scores);
  return b;
}

Calibration sequences() {
  compiler::with_gru();
  return tests::calibration_on(tests::random_examples(kExamples, kTimes * kFeatures, 1000));
}

Quantized quantized(const GraphBuilder& b, Scheme scheme, std::vector<std::string> floats = {}) {
  auto result =
      quantize(b.build(), sequences(), {.scheme = scheme, .keep_float = std::move(floats)});
  EXPECT_TRUE(result) << result.error().message;
  return std::move(*result);
}

const graph::Node& gru_of(const graph::Graph& graph) { return tests::node_of(graph, "GRU"); }

/// What ONNX's file says, read.
graph::Model read_back(const graph::Model& model) {
  const auto bytes = onnx::write_onnx(model);
  EXPECT_TRUE(bytes) << bytes.error().message;
  auto read = onnx::read_onnx(*bytes, "written");
  EXPECT_TRUE(read) << read.error().message;
  return std::move(*read);
}

class QuantizeGru : public testing::TestWithParam<std::tuple<Scheme, bool>> {
 protected:
  Scheme scheme() const { return std::get<0>(GetParam()); }
  bool linear_before_reset() const { return std::get<1>(GetParam()); }
};

TEST_P(QuantizeGru, StaysNearToTheFloatLayer) {
  for (bool time_major : {false, true}) {
    const Quantized result = quantized(
        gru_network({.linear_before_reset = linear_before_reset(), .time_major = time_major}),
        scheme());
    const double sqnr = result.measurement.output_sqnr_db();
    std::cout << (scheme() == Scheme::kInt8 ? "int8" : "int16x8") << ", linear_before_reset "
              << linear_before_reset() << ": " << sqnr << " dB\n";
    EXPECT_EQ(result.assignment.forms.back(), Form::kInteger);
    EXPECT_GT(sqnr, scheme() == Scheme::kInt8 ? 36 : 41);
  }
}

TEST_P(QuantizeGru, GivesTypesAndScalesThatTheOperatorTakes) {
  const Quantized result =
      quantized(gru_network({.linear_before_reset = linear_before_reset()}), scheme());
  const graph::Graph& graph = result.converted.model.graphs[0];
  const graph::Node& gru = gru_of(graph);
  const bool is_wide = scheme() == Scheme::kInt16x8;
  const graph::Tensor &weights = *graph.input(gru, 1),
                      &state = *graph.input(gru, graph::gru::kHidden);
  EXPECT_EQ(weights.type, DType::kInt8);
  ASSERT_EQ(weights.quant.scale.size(), 3u);
  EXPECT_EQ(graph.input(gru, 3)->type, is_wide ? DType::kInt64 : DType::kInt32);
  EXPECT_EQ(graph.input(gru, 4)->type, DType::kInt64);
  EXPECT_EQ(state.type, DType::kInt16);
  EXPECT_EQ(state.scale(), 1.0f / 32768);
  EXPECT_EQ(graph.nodes[0].op, "STREAM_WRITE");
  EXPECT_EQ(graph.input(graph.nodes[0], 1)->type, DType::kInt16);
  EXPECT_TRUE(graph::verify(result.converted.model));
}

TEST_P(QuantizeGru, KeepsTheClassesOfBothDirections) {
  const Quantized result = quantized(classifier(linear_before_reset()), scheme());
  const double agreement = result.measurement.classes.agreement();
  std::cout << (scheme() == Scheme::kInt8 ? "int8" : "int16x8") << ", linear_before_reset "
            << linear_before_reset() << ": " << 100 * agreement << " % agree\n";
  for (const graph::Node& node : result.converted.model.graphs[0].nodes)
    EXPECT_TRUE(node.op != "DEQUANTIZE" && node.op != "QUANTIZE") << node.op;
  EXPECT_GE(agreement, 0.98);
}

TEST_P(QuantizeGru, GivesTheSameBytesWhenItIsReadFromItsFile) {
  const Quantized result = quantized(classifier(linear_before_reset()), scheme());
  const graph::Model& model = result.converted.model;
  const graph::Model read = read_back(model);
  EXPECT_EQ(read.graphs[0].output(gru_of(read.graphs[0])).type,
            model.graphs[0].output(gru_of(model.graphs[0])).type);
  auto written = tests::interpreter_of(model), again = tests::interpreter_of(read);
  for (unsigned i = 0; i < 100; ++i) {
    const auto x = random_floats(kTimes * kFeatures, 2000 + i, 1.2f);
    ASSERT_TRUE(written.input(0).write_real(x));
    ASSERT_TRUE(again.input(0).write_real(x));
    written.run(), again.run();
    const auto expected = written.output(0).bytes(), made = again.output(0).bytes();
    ASSERT_EQ(std::vector(made.begin(), made.end()), std::vector(expected.begin(), expected.end()));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, QuantizeGru,
    testing::Combine(testing::Values(Scheme::kInt8, Scheme::kInt16x8), testing::Bool()),
    [](const auto& test) {
      return std::string(std::get<0>(test.param) == Scheme::kInt8 ? "int8" : "int16x8") +
             (std::get<1>(test.param) ? "_linear" : "_reset_first");
    });

/// The network's outputs for one sequence, the same in each run.
std::vector<float> run(runtime::Interpreter& network) {
  EXPECT_TRUE(network.input(0).write_real(random_floats(kTimes * kFeatures, 1, 1)));
  network.run();
  return network.output(0).read_real();
}

TEST(QuantizeGruState, IsKeptFromRunToRunWhereItIsInFloats) {
  const Quantized result = quantized(gru_network({.zeroed = false}), Scheme::kInt8);
  const graph::Model& model = result.converted.model;
  auto network = tests::interpreter_of(model);
  const auto first = run(network);
  EXPECT_NE(run(network), first);
  network.reset();
  EXPECT_EQ(run(network), first);
}

TEST(QuantizeGruState, BeginsEachRunWithZerosWhereItDoesInFloats) {
  const Quantized result = quantized(gru_network({}), Scheme::kInt8);
  auto network = tests::interpreter_of(result.converted.model);
  const auto first = run(network);
  EXPECT_EQ(run(network), first);
}

TEST(QuantizeGruState, StaysOfFloatsWhereTheLayerDoes) {
  const Quantized result = quantized(classifier(true), Scheme::kInt8, {"GRU"});
  const graph::Graph& graph = result.converted.model.graphs[0];
  EXPECT_EQ(graph.input(gru_of(graph), graph::gru::kHidden)->type, DType::kFloat32);
  EXPECT_EQ(graph.output(gru_of(graph)).type, DType::kFloat32);
}

}  // namespace
}  // namespace mote::quantize
