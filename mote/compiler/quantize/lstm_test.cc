// LSTM on integers beside LSTM on floats.

#include "mote/compiler/quantize/lstm.h"

#include <gmock/gmock.h>

#include <cmath>

#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/quantize/quantize.h"
#include "mote/compiler/quantize/recurrent.h"
#include "tests/support/calibration.h"

namespace mote::quantize {
namespace {

using tests::GraphBuilder;
using tests::random_floats;

constexpr int kTimes = 15, kFeatures = 6, kUnits = 11, kExamples = 60;

/// An LSTM with random weights over [1, times, features], or that with time first. `shaped`: the
/// input gets its shape by a RESHAPE.
GraphBuilder lstm_network(bool time_major, bool shaped = false) {
  GraphBuilder b;
  const auto sequence = [&](int depth) {
    return time_major ? std::vector<int>{kTimes, 1, depth} : std::vector<int>{1, kTimes, depth};
  };
  int in =
      b.input(DType::kFloat32, shaped ? std::vector<int>{kTimes, kFeatures} : sequence(kFeatures));
  if (shaped) {
    const int flat = in;
    in = b.value(DType::kFloat32, sequence(kFeatures));
    const std::vector<int> shape = sequence(kFeatures);
    b.node("RESHAPE",
           {flat, b.constant(std::vector<std::int32_t>(shape.begin(), shape.end()), {3})}, {in});
  }
  std::vector<int> inputs(24, graph::kNoTensor);
  inputs[0] = in;
  const auto constant = [&](int depth, float deviation, unsigned seed) {
    const std::vector<int> shape =
        depth == 0 ? std::vector<int>{kUnits} : std::vector<int>{kUnits, depth};
    return b.constant(random_floats(kUnits * std::max(depth, 1), seed, deviation), shape);
  };
  for (unsigned gate = 0; gate < 4; ++gate) {
    inputs[1 + gate] = constant(kFeatures, 0.5f, 10 + gate);
    inputs[5 + gate] = constant(kUnits, 0.3f, 20 + gate);
    inputs[12 + gate] = constant(0, 0.5f, 30 + gate);
  }
  inputs[graph::lstm::kHidden] = b.variable(DType::kFloat32, {1, kUnits});
  inputs[graph::lstm::kCell] = b.variable(DType::kFloat32, {1, kUnits});
  const int out = b.value(DType::kFloat32, sequence(kUnits));
  b.node("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {out},
         {{"fused_activation_function", std::int64_t{4}},
          {"cell_clip", 0.0},
          {"proj_clip", 0.0},
          {"time_major", std::int64_t{time_major}}});
  b.output(out);
  return b;
}

Quantized quantized(const GraphBuilder& b, Scheme scheme) {
  auto result = quantize(
      b.build(), tests::calibration_on(tests::random_examples(kExamples, kTimes * kFeatures, 100)),
      {.scheme = scheme});
  EXPECT_TRUE(result) << result.error().message;
  return std::move(*result);
}

class QuantizeLstm : public testing::TestWithParam<Scheme> {};

TEST_P(QuantizeLstm, StaysNearToTheFloatLayer) {
  for (bool time_major : {false, true})
    for (bool shaped : {false, true}) {
      const Quantized result = quantized(lstm_network(time_major, shaped), GetParam());
      EXPECT_EQ(result.assignment.forms.back(), Form::kInteger);
      EXPECT_GT(result.measurement.output_sqnr_db(), GetParam() == Scheme::kInt8 ? 33 : 38)
          << time_major << shaped;
    }
}

TEST_P(QuantizeLstm, GivesTypesAndScalesThatTensorFlowLiteTakes) {
  const Quantized result = quantized(lstm_network(true), GetParam());
  const graph::Graph& graph = result.converted.model.graphs[0];
  const graph::Node& lstm = tests::node_of(graph, "UNIDIRECTIONAL_SEQUENCE_LSTM");
  const bool is_wide = GetParam() == Scheme::kInt16x8;
  const graph::Tensor &hidden = *graph.input(lstm, graph::lstm::kHidden),
                      &cell = *graph.input(lstm, graph::lstm::kCell), &out = graph.output(lstm);
  for (std::size_t i = 1; i < 9; ++i) {
    EXPECT_EQ(graph.input(lstm, i)->type, DType::kInt8);
    EXPECT_EQ(graph.input(lstm, i)->quant.scale.size(), 1u);
    EXPECT_EQ(graph.input(lstm, i)->zero_point(), 0);
  }
  EXPECT_EQ(graph.input(lstm, 12)->type, is_wide ? DType::kInt64 : DType::kInt32);
  EXPECT_EQ(hidden.type, out.type);
  EXPECT_EQ(hidden.scale(), out.scale());
  EXPECT_EQ(out.zero_point(), 0);
  EXPECT_EQ(cell.type, DType::kInt16);
  EXPECT_EQ(std::exp2(std::round(std::log2(cell.scale()))), cell.scale());
  const auto intermediates = lstm.attrs.integers("intermediates");
  ASSERT_EQ(intermediates.size(), 5u);
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(intermediates[4])].scale(), out.scale());
  EXPECT_TRUE(graph::verify(result.converted.model));
}

INSTANTIATE_TEST_SUITE_P(All, QuantizeLstm, testing::Values(Scheme::kInt8, Scheme::kInt16x8),
                         [](const auto& test) {
                           return std::string(test.param == Scheme::kInt8 ? "int8" : "int16x8");
                         });

TEST(CellParameters, AreTheLeastPowerOfTwoThatTensorFlowLiteTakes) {
  EXPECT_EQ(cell_parameters({-0.2f, 0.3f}).scale, 1.0f / 32768);
  EXPECT_EQ(cell_parameters({-1.0f, 0.3f}).scale, 1.0f / 32768);
  EXPECT_EQ(cell_parameters({-1.01f, 0.3f}).scale, 2.0f / 32768);
  EXPECT_EQ(cell_parameters({-3, 17}).scale, 32.0f / 32768);
  EXPECT_EQ(cell_parameters({-3, 1000}).scale, 64.0f / 32768);
}

TEST(Cells, AreThoseOfTheLayer) {
  // A cell that counts: every gate is open, and each step adds tanh(1).
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 3, 1});
  std::vector<int> inputs(24, graph::kNoTensor);
  inputs[0] = in;
  for (int gate = 0; gate < 4; ++gate) {
    inputs[static_cast<std::size_t>(1 + gate)] =
        b.constant(std::vector<float>{gate == 2 ? 1.0f : 0.0f}, {1, 1});
    inputs[static_cast<std::size_t>(5 + gate)] = b.constant(std::vector<float>{0.0f}, {1, 1});
    inputs[static_cast<std::size_t>(12 + gate)] =
        b.constant(std::vector<float>{gate == 2 ? 0.0f : 100.0f}, {1});
  }
  inputs[graph::lstm::kHidden] = b.variable(DType::kFloat32, {1, 1});
  inputs[graph::lstm::kCell] = b.variable(DType::kFloat32, {1, 1});
  const int out = b.value(DType::kFloat32, {1, 3, 1});
  b.node("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {out},
         {{"fused_activation_function", std::int64_t{4}}, {"time_major", std::int64_t{0}}});
  b.output(out);
  const graph::Model model = b.build();
  std::vector<float> seen;
  const std::vector<float> ones = {1, 1, 1};
  Cells(model.graphs[0]).follow(in, ones, [&](int tensor, std::span<const float> cells) {
    EXPECT_EQ(tensor, inputs[graph::lstm::kCell]);
    seen.assign(cells.begin(), cells.end());
  });
  const float step = std::tanh(1.0f);
  EXPECT_THAT(seen, testing::ElementsAre(testing::FloatEq(step), testing::FloatEq(2 * step),
                                         testing::FloatEq(3 * step)));
}

}  // namespace
}  // namespace mote::quantize
