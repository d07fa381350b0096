#include "mote/compiler/quantize/quantize.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "mote/compiler/quantize/bias.h"
#include "mote/compiler/quantize/prepare.h"
#include "tests/support/calibration.h"

namespace mote::quantize {
namespace {

using testing::HasSubstr;
using tests::GraphBuilder;

constexpr std::int64_t kSame = 0, kValid = 1;

std::vector<float> random_floats(std::size_t count, unsigned seed, float mean = 0) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(mean, 1);
  std::vector<float> values(count);
  for (float& x : values) x = normal(engine);
  return values;
}

/// 32 random examples of a network's one input, of so many elements.
Calibration calibration(std::size_t elements) {
  std::vector<std::vector<float>> examples;
  for (unsigned i = 0; i < 32; ++i) examples.push_back(random_floats(elements, 100 + i, 0.3f));
  return tests::calibration_on(std::move(examples));
}
Calibration calibration(const graph::Model& model) {
  const graph::Graph& graph = model.graphs[0];
  const auto count = graph::element_count(graph.tensors[static_cast<std::size_t>(graph.inputs[0])]);
  return calibration(static_cast<std::size_t>(count));
}

void conv(GraphBuilder& b, int in, int out, std::int64_t activation, unsigned seed) {
  const int depth = b.graph().tensors[static_cast<std::size_t>(in)].shape[3];
  const int channels = b.graph().tensors[static_cast<std::size_t>(out)].shape[3];
  const auto count = static_cast<std::size_t>(channels * 9 * depth);
  b.node("CONV_2D",
         {in, b.constant(random_floats(count, seed), {channels, 3, 3, depth}),
          b.constant(random_floats(static_cast<std::size_t>(channels), seed + 1), {channels})},
         {out},
         {{"padding", kSame},
          {"stride_h", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"fused_activation_function", activation}});
}

/// Two convolutions that are added, a mean, a dense layer, SOFTMAX.
GraphBuilder small_network() {
  GraphBuilder b;
  const std::vector<int> shape = {1, 5, 5, 4};
  const int in = b.input(DType::kFloat32, shape), first = b.value(DType::kFloat32, shape),
            second = b.value(DType::kFloat32, shape), sum = b.value(DType::kFloat32, shape),
            mean = b.value(DType::kFloat32, {1, 4}), scores = b.value(DType::kFloat32, {1, 3}),
            out = b.value(DType::kFloat32, {1, 3});
  conv(b, in, first, 1, 10);
  conv(b, first, second, 0, 20);
  b.node("ADD", {first, second}, {sum}, {{"fused_activation_function", std::int64_t{1}}});
  b.node("MEAN", {sum, b.constant(std::vector<std::int32_t>{1, 2}, {2})}, {mean});
  auto weights = random_floats(12, 30);
  for (float& w : weights) w *= 0.1f;
  b.node("FULLY_CONNECTED", {mean, b.constant(weights, {3, 4})}, {scores});
  b.node("SOFTMAX", {scores}, {out}, {{"beta", 1.0}});
  b.output(out);
  return b;
}

const graph::Tensor& input_of(const graph::Graph& graph, const std::string& op, std::size_t i) {
  for (const graph::Node& node : graph.nodes)
    if (node.op == op) return *graph.input(node, i);
  ADD_FAILURE() << "no " << op;
  return graph.tensors[0];
}
const graph::Tensor& output_of(const graph::Graph& graph, const std::string& op) {
  for (const graph::Node& node : graph.nodes)
    if (node.op == op) return graph.output(node);
  ADD_FAILURE() << "no " << op;
  return graph.tensors[0];
}

Quantized quantized_network(const GraphBuilder& b, const Options& options = {}) {
  const graph::Model model = b.build();
  auto result = quantize(model, calibration(model), options);
  EXPECT_TRUE(result) << result.error().message;
  return std::move(*result);
}

TEST(Quantize, GivesLayersWhatTheSpecificationAsksFor) {
  const Quantized result = quantized_network(small_network());
  const graph::Graph& graph = result.converted.model.graphs[0];
  const graph::Tensor& filter = input_of(graph, "CONV_2D", 1);
  EXPECT_EQ(filter.type, DType::kInt8);
  EXPECT_EQ(filter.quant.scale.size(), 4u);
  EXPECT_EQ(filter.quant.axis, 0);
  const graph::Tensor& bias = input_of(graph, "CONV_2D", 2);
  EXPECT_EQ(bias.type, DType::kInt32);
  for (std::size_t c = 0; c < 4; ++c)
    EXPECT_FLOAT_EQ(bias.quant.scale[c],
                    input_of(graph, "CONV_2D", 0).scale() * filter.quant.scale[c]);
  EXPECT_EQ(input_of(graph, "FULLY_CONNECTED", 1).quant.scale.size(), 1u);
  EXPECT_FLOAT_EQ(output_of(graph, "SOFTMAX").scale(), 1.0f / 256);
  EXPECT_EQ(output_of(graph, "SOFTMAX").zero_point(), -128);
  EXPECT_TRUE(graph::verify(result.converted.model));
  EXPECT_GT(result.measurement.output_sqnr_db(), 25);
}

TEST(Quantize, KeepsNoFloatsWhereAllIsQuantised) {
  const Quantized result = quantized_network(small_network());
  for (const graph::Tensor& tensor : result.converted.model.graphs[0].tensors)
    EXPECT_NE(tensor.type, DType::kFloat32) << tensor.name;
}

TEST(Quantize, LeavesInputsAndOutputsFloatsWhereAsked) {
  const Quantized result = quantized_network(small_network(), {.float_io = true});
  const graph::Graph& graph = result.converted.model.graphs[0];
  EXPECT_EQ(graph.nodes.front().op, "QUANTIZE");
  EXPECT_EQ(graph.nodes.back().op, "DEQUANTIZE");
  for (int port : {graph.inputs[0], graph.outputs[0]})
    EXPECT_EQ(graph.tensors[static_cast<std::size_t>(port)].type, DType::kFloat32);
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.outputs[0])].name, "t6");
}

TEST(Quantize, TakesSixteenBitsForActivations) {
  const Quantized result = quantized_network(small_network(), {.scheme = Scheme::kInt16x8});
  const graph::Graph& graph = result.converted.model.graphs[0];
  EXPECT_EQ(input_of(graph, "CONV_2D", 0).type, DType::kInt16);
  EXPECT_EQ(input_of(graph, "CONV_2D", 0).zero_point(), 0);
  EXPECT_EQ(input_of(graph, "CONV_2D", 1).type, DType::kInt8);
  EXPECT_EQ(input_of(graph, "CONV_2D", 2).type, DType::kInt64);
  const Quantized narrow = quantized_network(small_network());
  EXPECT_GT(result.measurement.output_sqnr_db(), narrow.measurement.output_sqnr_db() + 3);
}

TEST(Quantize, TakesWeightsAlone) {
  const Quantized result =
      quantized_network(small_network(), {.scheme = Scheme::kWeights, .float_io = true});
  const graph::Graph& graph = result.converted.model.graphs[0];
  EXPECT_EQ(input_of(graph, "CONV_2D", 0).type, DType::kFloat32);
  EXPECT_EQ(input_of(graph, "CONV_2D", 1).type, DType::kInt8);
  EXPECT_EQ(input_of(graph, "CONV_2D", 2).type, DType::kFloat32);
  EXPECT_GT(result.measurement.output_sqnr_db(), 25);
}

TEST(Quantize, KeepsNodesInFloatsWhereAsked) {
  const Quantized result = quantized_network(small_network(), {.keep_float = {"ADD"}});
  const graph::Graph& graph = result.converted.model.graphs[0];
  EXPECT_EQ(input_of(graph, "ADD", 0).type, DType::kFloat32);
  EXPECT_EQ(output_of(graph, "ADD").type, DType::kFloat32);
  EXPECT_EQ(input_of(graph, "CONV_2D", 0).type, DType::kInt8);
  EXPECT_EQ(input_of(graph, "MEAN", 0).type, DType::kInt8);
}

TEST(Quantize, SendsNodesBackUntilOutputsAreNearEnough) {
  const double before = quantized_network(small_network()).measurement.output_sqnr_db();
  const Quantized result = quantized_network(small_network(), {.min_sqnr_db = before + 3});
  EXPECT_GE(result.measurement.output_sqnr_db(), before + 3);
  EXPECT_FALSE(result.sent_back.empty());
}

TEST(Quantize, LeavesAllInFloatsWhereNothingElseIsNearEnough) {
  const Quantized result = quantized_network(small_network(), {.min_sqnr_db = 199});
  EXPECT_EQ(result.sent_back.size(), result.exact.graphs[0].nodes.size());
  EXPECT_EQ(result.measurement.score_noise_share, 0);
}

TEST(Quantize, TakesGeluAsATableOfTheFloatFunction) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 16}), out = b.value(DType::kFloat32, {1, 16});
  b.node("GELU", {in}, {out});
  b.output(out);
  const Quantized result = quantized_network(b);
  const graph::Graph& graph = result.converted.model.graphs[0];
  const graph::Tensor &input = input_of(graph, "GELU", 0), &output = output_of(graph, "GELU");
  ASSERT_EQ(output.type, DType::kInt8);
  auto network = tests::interpreter_of(result.converted.model);
  for (int x = -128; x < 128; x += 16) {
    for (int i = 0; i < 16; ++i) (*network.input(0).as<std::int8_t>())[i] = std::int8_t(x + i);
    network.run();
    const auto made = *network.output(0).as<std::int8_t>();
    for (int i = 0; i < 16; ++i) {
      const double real = double{input.scale()} * (x + i - input.zero_point());
      const double exact = real * std::erfc(-real / std::sqrt(2)) / 2;
      const double steps = exact / double{output.scale()} + output.zero_point();
      EXPECT_NEAR(made[i], std::clamp(steps, -128.0, 127.0), 0.51) << x + i;
    }
  }
}

/// The largest mean error of a channel behind the one layer, in units of its output's scale.
double mean_error(const graph::Model& model, bool corrects) {
  Options options{.bias_correction = corrects ? Choice::kOn : Choice::kOff,
                  .equalize = Choice::kOff};
  const auto result = quantize(model, calibration(model), options);
  EXPECT_TRUE(result) << result.error().message;
  const int output = model.graphs[0].outputs[0];
  const auto channels = static_cast<std::size_t>(
      model.graphs[0].tensors[static_cast<std::size_t>(output)].shape.back());
  std::vector<double> error(channels);
  std::size_t count = 0;
  const auto add = [&](const graph::Model& network, int tensor, double sign) {
    const auto run = calibration(model).load(network);
    for (int example = 0; example < 32; ++example)
      (*run)(example, [&](int seen, std::span<const float> values) {
        if (seen != tensor) return;
        for (std::size_t i = 0; i < values.size(); ++i)
          error[i % channels] += sign * double{values[i]};
        count += values.size() / channels;
      });
  };
  add(result->exact, output, 1);
  add(result->converted.model, result->converted.tensors[static_cast<std::size_t>(output)], -1);
  double most = 0;
  for (double e : error) most = std::max(most, std::abs(e) / (double(count) / 2));
  return most / double{result->assignment.parameters.at(output).scale};
}

TEST(BiasCorrection, BringsTheMeansOfChannelsBack) {
  // Weights of very different sizes in one channel, so that rounding has a direction; a stride and
  // a border.
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 7, 7, 3}),
            out = b.value(DType::kFloat32, {1, 4, 4, 8});
  auto filter = random_floats(8 * 9 * 3, 1);
  for (std::size_t i = 0; i < filter.size(); i += 9) filter[i] *= 40;
  b.node("CONV_2D", {in, b.constant(filter, {8, 3, 3, 3})}, {out},
         {{"padding", kSame}, {"stride_h", std::int64_t{2}}, {"stride_w", std::int64_t{2}}});
  b.output(out);
  const double before = mean_error(b.build(), false), after = mean_error(b.build(), true);
  EXPECT_LT(after, before / 3);
  EXPECT_LT(after, 0.05);
}

TEST(BiasCorrection, KnowsDepthwiseLayersGroupsAndDilation) {
  const auto uneven = [](std::size_t count) {
    auto filter = random_floats(count, 1);
    for (std::size_t i = 0; i < filter.size(); i += 7) filter[i] *= 40;
    return filter;
  };
  for (const std::string op : {"DEPTHWISE_CONV_2D", "CONV_2D"}) {
    const std::vector<int> shape =
        op == "CONV_2D" ? std::vector<int>{8, 3, 3, 2} : std::vector<int>{1, 3, 3, 8};
    GraphBuilder b;
    const int in = b.input(DType::kFloat32, {1, 7, 7, 4}),
              out = b.value(DType::kFloat32, {1, 7, 7, 8});
    b.node(op, {in, b.constant(uneven(op == "CONV_2D" ? 144 : 72), shape)}, {out},
           {{"padding", kSame},
            {"stride_h", std::int64_t{1}},
            {"stride_w", std::int64_t{1}},
            {"dilation_h_factor", std::int64_t{2}},
            {"dilation_w_factor", std::int64_t{2}}});
    if (op != "CONV_2D") b.graph().nodes[0].attrs.set("depth_multiplier", std::int64_t{2});
    b.output(out);
    const double before = mean_error(b.build(), false), after = mean_error(b.build(), true);
    EXPECT_LT(after, before / 2) << op;
    EXPECT_LT(after, 0.05) << op;
  }
}

TEST(Prepare, FoldsScalesAndFusesActivationsThroughReshapes) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 1, 6, 2}),
            wide = b.value(DType::kFloat32, {1, 1, 4, 3}),
            flat = b.value(DType::kFloat32, {1, 4, 3}),
            scaled = b.value(DType::kFloat32, {1, 1, 4, 3}),
            moved = b.value(DType::kFloat32, {1, 1, 4, 3}),
            out = b.value(DType::kFloat32, {1, 4, 3});
  b.node("CONV_2D",
         {in, b.constant(random_floats(18, 1), {3, 1, 3, 2}), b.constant(random_floats(3, 2), {3})},
         {wide},
         {{"padding", kValid}, {"stride_h", std::int64_t{1}}, {"stride_w", std::int64_t{1}}});
  b.node("MUL", {wide, b.constant(std::vector<float>{2, -3, 0.5f}, {3})}, {scaled});
  b.node("ADD", {b.constant(std::vector<float>{1, 2, 3}, {1, 1, 1, 3}), scaled}, {moved});
  b.node("RESHAPE", {moved, b.constant(std::vector<std::int32_t>{1, 4, 3}, {3})}, {flat});
  b.node("RELU", {flat}, {out});
  b.output(out);
  const graph::Model before = b.build();
  graph::Model after = before;
  prepare(after);
  ASSERT_EQ(after.graphs[0].nodes.size(), 2u);
  EXPECT_EQ(after.graphs[0].nodes[0].attrs.integer("fused_activation_function"), 1);
  EXPECT_EQ(after.graphs[0].nodes[1].op, "RESHAPE");
  auto one = tests::interpreter_of(before), other = tests::interpreter_of(after);
  for (auto* network : {&one, &other}) {
    ASSERT_TRUE(network->input(0).write_real(random_floats(12, 5)));
    network->run();
  }
  const auto expected = one.output(0).read_real(), made = other.output(0).read_real();
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 1e-5f) << i;
}

TEST(Quantize, LetsJoinedValuesShareTheirParametersButNotGivenOnes) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 8}), gate = b.value(DType::kFloat32, {1, 8}),
            large = b.value(DType::kFloat32, {1, 8}), out = b.value(DType::kFloat32, {1, 16});
  b.node("LOGISTIC", {in}, {gate});
  b.node("MUL", {in, b.constant(std::vector<float>{10}, {1})}, {large});
  b.node("CONCATENATION", {gate, large}, {out}, {{"axis", std::int64_t{1}}});
  b.output(out);
  const Quantized result = quantized_network(b);
  const graph::Graph& graph = result.converted.model.graphs[0];
  EXPECT_FLOAT_EQ(output_of(graph, "LOGISTIC").scale(), 1.0f / 256);
  EXPECT_EQ(output_of(graph, "QUANTIZE").scale(), output_of(graph, "CONCATENATION").scale());
  EXPECT_EQ(output_of(graph, "MUL").scale(), output_of(graph, "CONCATENATION").scale());
}

TEST(Quantize, RefusesWhatIsQuantisedAlready) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4}, {0.5f, 3}),
            out = b.value(DType::kInt8, {4}, {0.5f, 3});
  b.node("RESHAPE", {in, b.constant(std::vector<std::int32_t>{4}, {1})}, {out});
  b.output(out);
  const auto result = quantize(b.build(), calibration(4), {});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message,
              HasSubstr("test is quantised already: 't0' is INT8 with the scale 0.5"));
}

TEST(Quantize, RefusesAnOutputThatNeverChanges) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4}), out = b.value(DType::kFloat32, {1, 4});
  b.node("MUL", {in, b.constant(std::vector<float>{0}, {1})}, {out});
  b.output(out);
  const auto result = quantize(b.build(), calibration(4), {});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("'t1' of test is 0 everywhere in all 32 examples"));
}

TEST(Quantize, RefusesValuesThatAreNoNumbers) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4}), root = b.value(DType::kFloat32, {1, 4}),
            out = b.value(DType::kFloat32, {1, 4});
  b.node("SQRT", {in}, {root});
  b.node("MUL", {root, in}, {out});
  b.output(out);
  const auto result = quantize(b.build(), calibration(4), {});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message,
              HasSubstr("'t1' of the float network is not a finite number"));
}

TEST(Quantize, RefusesNamesThatNobodyHas) {
  const auto result = quantize(small_network().build(), calibration(100), {.keep_float = {"GRU"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUsage);
  EXPECT_THAT(result.error().message, HasSubstr("'GRU'"));
}

}  // namespace
}  // namespace mote::quantize
