#include <algorithm>
#include <bit>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/quantize.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// What a reduction does with each dimension of its input.
struct Reduction {
  std::vector<bool> is_reduced;
  std::int64_t count = 1;  ///< how many elements make one of the output
};

/// The output's shape: without the reduced dimensions, or with 1 for them.
std::vector<int> output_shape(const std::vector<int>& in, const Reduction& reduction, bool keep) {
  std::vector<int> shape;
  for (std::size_t k = 0; k < in.size(); ++k)
    if (!reduction.is_reduced[k] || keep) shape.push_back(reduction.is_reduced[k] ? 1 : in[k]);
  return shape;
}

Result<Reduction> plan_reduction(const graph::Graph& graph, const graph::Node& node) {
  const std::vector<int>& in = graph.input(node, 0)->shape;
  const auto axes = constant_integers(graph.input(node, 1), "the axes");
  if (!axes) return tl::unexpected(axes.error());
  Reduction reduction{.is_reduced = std::vector<bool>(in.size())};
  for (std::int64_t entry : *axes) {
    if (in.empty()) break;  // a scalar has no axes and is its own reduction
    const auto axis = resolve_axis(entry, in.size());
    if (!axis) return tl::unexpected(axis.error());
    reduction.is_reduced[static_cast<std::size_t>(*axis)] = true;
  }
  for (std::size_t k = 0; k < in.size(); ++k)
    if (reduction.is_reduced[k]) reduction.count *= in[k];
  const graph::Tensor& output = graph.output(node);
  if (output.shape != output_shape(in, reduction, false) &&
      output.shape != output_shape(in, reduction, true))
    return bad_input(cat("it turns ", graph::describe_shape(in), " into ",
                         graph::describe_shape(output.shape), ", expected ",
                         graph::describe_shape(output_shape(in, reduction, false))));
  return reduction;
}

/// Sets the four members that say which elements make which, from the last dimension on.
template <class Attrs>
Attrs describe(const std::vector<int>& in, const Reduction& reduction, Attrs attrs) {
  const std::vector<int> strides = strides_of(in);
  int next[2] = {2, 2};  // where the next group of kept and of reduced dimensions goes
  int last = -1;
  for (std::size_t k = in.size(); k-- > 0;) {
    if (in[k] == 1) continue;
    const int kind = reduction.is_reduced[k];
    int* extents = kind ? attrs.reduced : attrs.kept;
    int* steps = kind ? attrs.reduced_strides : attrs.kept_strides;
    if (kind == last) {
      extents[next[kind] + 1] *= in[k];
    } else {
      extents[next[kind]] = in[k], steps[next[kind]] = strides[k];
      --next[kind];
    }
    last = kind;
  }
  return attrs;
}

Result<void> check_common(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  MOTE_TRY(plan_reduction(graph, node));
  return {};
}

Result<void> check_sum(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_common(graph, node));
  for (const graph::Tensor* tensor : {graph.input(node, 0), &graph.output(node)})
    if (tensor->type != DType::kFloat32 && tensor->scale() == 0)
      return bad_input(cat("'", tensor->name, "' has no scale, expected one"));
  return {};
}

Result<void> check_extreme(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_common(graph, node));
  if (graph.output(node).type == DType::kFloat32) return {};
  return expect_same_quantization(*graph.input(node, 0), graph.output(node));
}

std::vector<DraftOperand> operands(const graph::Graph& graph, const graph::Node& node,
                                   Lowering& lowering) {
  const auto count = [](const graph::Tensor& tensor) {
    return Extents(static_cast<int>(graph::element_count(tensor)));
  };
  return {lowering.read(node.inputs[0], count(*graph.input(node, 0))),
          lowering.write(node.outputs[0], count(graph.output(node)))};
}

/// Takes 1 / count into the multiplier as TFLM's QuantizedMeanOrSum does: as many bits as count
/// has are first won by a shift.
QuantizedMultiplier divide(QuantizedMultiplier factor, std::int64_t count) {
  int shift = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count))) - 1;
  shift = std::min({shift, 32, 31 + factor.shift});
  return {
      .multiplier = static_cast<std::int32_t>((std::int64_t{factor.multiplier} << shift) / count),
      .shift = factor.shift - shift};
}

void lower_sum(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
               bool is_mean) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  const Reduction reduction = *plan_reduction(graph, node);
  DraftCall call{.operands = operands(graph, node, lowering)};
  if (output.type == DType::kFloat32) {
    const float divisor = is_mean ? static_cast<float>(reduction.count) : 1.0f;
    call.kernel = "reduce_sum_f32";
    call.attrs = describe(input.shape, reduction, program::ReduceSumAttrs{.divisor = divisor});
  } else {
    auto factor = quantize_multiplier(double{input.scale()} / double{output.scale()});
    if (is_mean) factor = divide(factor, reduction.count);
    const std::int64_t sum_offset = -reduction.count * input.zero_point();
    call.kernel = output.type == DType::kInt8 ? "reduce_sum_s8" : "reduce_sum_s16";
    call.attrs = describe(
        input.shape, reduction,
        program::ReduceSumQuantizedAttrs{.sum_offset = static_cast<std::int32_t>(sum_offset),
                                         .multiplier = factor.multiplier,
                                         .shift = factor.shift,
                                         .output_offset = output.zero_point()});
  }
  lowering.call(std::move(call));
}

void lower_extreme(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                   bool is_max) {
  const graph::Tensor& input = *graph.input(node, 0);
  lowering.call({.kernel = input.type == DType::kInt8 ? "reduce_extreme_s8" : "reduce_extreme_f32",
                 .attrs = describe(input.shape, *plan_reduction(graph, node),
                                   program::ReduceExtremeAttrs{.is_max = is_max}),
                 .operands = operands(graph, node, lowering)});
}

Result<void> lower_mean(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_sum(graph, node, lowering, /*is_mean=*/true);
  return {};
}
Result<void> lower_plain_sum(const graph::Graph& graph, const graph::Node& node,
                             Lowering& lowering) {
  lower_sum(graph, node, lowering, /*is_mean=*/false);
  return {};
}
Result<void> lower_max(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_extreme(graph, node, lowering, /*is_max=*/true);
  return {};
}
Result<void> lower_min(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_extreme(graph, node, lowering, /*is_max=*/false);
  return {};
}

constexpr auto& kMeanSignatures =
    kSignaturesOf<DType::kInt8, DType::kUint8, DType::kInt16, DType::kFloat32>;
constexpr auto& kSumSignatures = kSignaturesOf<DType::kInt8, DType::kInt16, DType::kFloat32>;
constexpr auto& kExtremeSignatures = kSignaturesOf<DType::kInt8, DType::kFloat32>;
constexpr std::string_view kNotes = "the axes must be a constant";

}  // namespace

const Op mean = {.tflite_name = "MEAN",
                 .signatures = kMeanSignatures,
                 .min_inputs = 2,
                 .max_inputs = 2,
                 .check = check_sum,
                 .lower = lower_mean,
                 .notes = kNotes};
const Op sum = {.tflite_name = "SUM",
                .signatures = kSumSignatures,
                .min_inputs = 2,
                .max_inputs = 2,
                .check = check_sum,
                .lower = lower_plain_sum,
                .notes = kNotes};
const Op reduce_max = {.tflite_name = "REDUCE_MAX",
                       .signatures = kExtremeSignatures,
                       .min_inputs = 2,
                       .max_inputs = 2,
                       .check = check_extreme,
                       .lower = lower_max,
                       .notes = kNotes};
const Op reduce_min = {.tflite_name = "REDUCE_MIN",
                       .signatures = kExtremeSignatures,
                       .min_inputs = 2,
                       .max_inputs = 2,
                       .check = check_extreme,
                       .lower = lower_min,
                       .notes = kNotes};

}  // namespace mote::ops
