#include <cmath>

#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

enum Input : std::size_t { kInput, kFeature, kTime, kBias, kState };

/// Sizes of the layer, as the weights give them.
struct Sizes {
  int batch, features, filters, memory, units;
};

Sizes sizes_of(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, kInput), &feature = *graph.input(node, kFeature);
  return {.batch = input.shape[0],
          .features = input.shape[1],
          .filters = feature.shape[0],
          .memory = graph.input(node, kTime)->shape[1],
          .units = feature.shape[0] / node.attrs.integer("rank")};
}

Result<void> expect_shape(const char* role, const graph::Tensor& tensor,
                          const std::vector<int>& expected) {
  if (tensor.shape == expected) return {};
  return bad_input(cat("the ", role, " '", tensor.name, "' has shape ",
                       graph::describe_shape(tensor.shape), ", expected ",
                       graph::describe_shape(expected)));
}

Result<void> check_shapes(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i : {kInput, kFeature, kTime, kState}) {
    const graph::Tensor* tensor = graph.input(node, i);
    if (!tensor) return bad_input(cat("its input ", i, " is left out"));
    if (tensor->shape.size() != 2)
      return bad_input(cat("'", tensor->name, "' has shape ", graph::describe_shape(tensor->shape),
                           ", expected two dimensions"));
  }
  const int rank = node.attrs.integer("rank");
  const graph::Tensor& feature = *graph.input(node, kFeature);
  if (rank < 1 || feature.shape[0] % rank != 0)
    return bad_input(
        cat("its rank is ", rank, ", expected a divisor of its ", feature.shape[0], " filters"));
  const Sizes sizes = sizes_of(graph, node);
  MOTE_TRY(expect_shape("feature weights", feature, {sizes.filters, sizes.features}));
  MOTE_TRY(expect_shape("time weights", *graph.input(node, kTime), {sizes.filters, sizes.memory}));
  if (std::int64_t{sizes.memory} * sizes.filters != graph.input(node, kState)->shape[1])
    return bad_input(cat("the state '", graph.input(node, kState)->name, "' has shape ",
                         graph::describe_shape(graph.input(node, kState)->shape), ", expected [",
                         sizes.batch, ", ", std::int64_t{sizes.memory} * sizes.filters, "]"));
  MOTE_TRY(expect_shape("state", *graph.input(node, kState),
                        {sizes.batch, sizes.memory * sizes.filters}));
  if (const graph::Tensor* bias = graph.input(node, kBias))
    MOTE_TRY(expect_shape("bias", *bias, {sizes.units}));
  return expect_shape("output", graph.output(node), {sizes.batch, sizes.units});
}

Result<void> check_roles(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i : {kFeature, kTime, kBias})
    if (const graph::Tensor* tensor = graph.input(node, i); tensor && !tensor->is_constant())
      return unsupported(
          cat("the weights '", tensor->name, "' are computed at run time, expected a constant"));
  const graph::Tensor& state = *graph.input(node, kState);
  if (!state.is_variable)
    return bad_input(cat("the state '", state.name, "' is no variable, expected one"));
  return {};
}

/// Scale that leads from the features' dot product to the state; the reference multiplies floats.
double feature_factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, kInput)->scale() * graph.input(node, kFeature)->scale() /
                graph.input(node, kState)->scale()};
}
/// Scale that leads from the sums over time to the output.
double time_factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, kState)->scale() * graph.input(node, kTime)->scale() /
                graph.output(node).scale()};
}

Result<void> check_scales(const graph::Graph& graph, const graph::Node& node) {
  constexpr int kRelu = 1;
  const graph::Tensor& output = graph.output(node);
  const int activation = node.attrs.integer("fused_activation_function");
  if (output.type == DType::kFloat32) {
    MOTE_TRY(float_activation_range(activation));
    return {};
  }
  // The reference saturates to int8 and looks at no activation; that is a RELU only with this zero
  // point, which the converter chooses.
  if (activation != 0 && !(activation == kRelu && output.zero_point() == -128))
    return unsupported(cat("its fused activation is ", activation, " and the output's zero point ",
                           output.zero_point(), ", expected NONE, or RELU with zero point -128"));
  MOTE_TRY(check_quantized("input", *graph.input(node, kInput)));
  MOTE_TRY(check_quantized("feature weights", *graph.input(node, kFeature)));
  MOTE_TRY(check_quantized("time weights", *graph.input(node, kTime)));
  MOTE_TRY(check_quantized("state", *graph.input(node, kState)));
  MOTE_TRY(check_quantized("output", output));
  for (std::size_t i : {kFeature, kTime})
    if (graph.input(node, i)->zero_point() != 0)
      return unsupported(cat("the weights '", graph.input(node, i)->name, "' have zero point ",
                             graph.input(node, i)->zero_point(), ", expected 0"));
  return {};
}

/// The kernel adds the bias in units of state scale * time scale, whatever scale the bias claims.
Result<void> check_bias_scale(const graph::Graph& graph, const graph::Node& node) {
  constexpr double kMaxError = 1e-5;  // the reference's limit
  const graph::Tensor* bias = graph.input(node, kBias);
  if (!bias || bias->type == DType::kFloat32) return {};
  const double expected =
      double{graph.input(node, kState)->scale() * graph.input(node, kTime)->scale()};
  if (std::abs(double{bias->scale()} - expected) < kMaxError) return {};
  return bad_input(cat("the bias '", bias->name, "' has the scale ", bias->scale(),
                       ", expected state scale times time weights' scale: ", expected));
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_shapes(graph, node));
  MOTE_TRY(check_roles(graph, node));
  MOTE_TRY(check_scales(graph, node));
  return check_bias_scale(graph, node);
}

template <class T>
std::vector<T> bias_of(const graph::Graph& graph, const graph::Node& node, int units) {
  const graph::Tensor* bias = graph.input(node, kBias);
  return bias ? graph::values<T>(*bias) : std::vector<T>(static_cast<std::size_t>(units));
}

std::vector<DraftOperand> operands_of(const graph::Graph& graph, const graph::Node& node,
                                      const Sizes& sizes, Lowering& lowering) {
  const auto units = static_cast<std::size_t>(sizes.units);
  std::vector<DraftOperand> operands = {lowering.read(node.inputs[kInput]),
                                        lowering.read(node.inputs[kFeature]),
                                        lowering.read(node.inputs[kTime])};
  if (graph.output(node).type == DType::kFloat32) {
    operands.push_back(lowering.constant(bias_of<float>(graph, node, sizes.units)));
  } else {
    const auto [multiplier, shift] = quantize_multiplier(time_factor(graph, node));
    operands.push_back(lowering.constant(bias_of<std::int32_t>(graph, node, sizes.units)));
    operands.push_back(lowering.constant(std::vector<std::int32_t>(units, multiplier)));
    operands.push_back(lowering.constant(std::vector<std::int32_t>(units, shift)));
  }
  operands.push_back(
      lowering.state(node.inputs[kState], Extents(sizes.batch, sizes.filters, sizes.memory)));
  operands.push_back(lowering.write(node.outputs[0]));
  return operands;
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const Sizes sizes = sizes_of(graph, node);
  const graph::Tensor &output = graph.output(node), &state = *graph.input(node, kState);
  const int activation = node.attrs.integer("fused_activation_function");
  Attributes attrs;
  if (output.type == DType::kFloat32) {
    const auto range = float_activation_range(activation);
    attrs = program::FloatActivationAttrs{.act_min = range->min, .act_max = range->max};
  } else {
    const auto [multiplier, shift] = quantize_multiplier(feature_factor(graph, node));
    attrs = program::SvdfAttrs{.input_offset = -graph.input(node, kInput)->zero_point(),
                               .state_zero_point = state.zero_point(),
                               .output_offset = output.zero_point(),
                               .feature_multiplier = multiplier,
                               .feature_shift = shift,
                               .act_min = -128,
                               .act_max = 127};
  }
  const std::int64_t filters = std::int64_t{sizes.batch} * sizes.filters;
  lowering.call({.kernel = output.type == DType::kFloat32 ? "svdf_f32"
                           : state.type == DType::kInt16  ? "svdf_s8_state_s16"
                                                          : "svdf_s8",
                 .attrs = attrs,
                 .operands = operands_of(graph, node, sizes, lowering),
                 .macs = filters * (sizes.features + sizes.memory)});
  return {};
}

constexpr DType kInt8[] = {DType::kInt8, DType::kInt8, DType::kInt8, DType::kInt32, DType::kInt8};
constexpr DType kInt16State[] = {DType::kInt8, DType::kInt8, DType::kInt16, DType::kInt32,
                                 DType::kInt16};
constexpr DType kFloat[] = {DType::kFloat32, DType::kFloat32, DType::kFloat32, DType::kFloat32,
                            DType::kFloat32};
constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kInt8, .output = DType::kInt8},
    {.label = "int8 (int16 state)", .inputs = kInt16State, .output = DType::kInt8},
    {.label = "float32", .inputs = kFloat, .output = DType::kFloat32}};

}  // namespace

const Op svdf = {.tflite_name = "SVDF",
                 .signatures = kSignatures,
                 .min_inputs = 5,
                 .max_inputs = 5,
                 .check = check,
                 .lower = lower,
                 .notes = "keeps state from run to run"};

}  // namespace mote::ops
