#include <algorithm>
#include <cmath>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr int kLargest = 1 << 20;  // of a side, so that 1/1024ths of it fit 32 bits

struct Options {
  bool align_corners = false, half_pixel_centers = false;
};
Options options_of(const graph::Node& node) {
  return {.align_corners = node.attrs.integer("align_corners") != 0,
          .half_pixel_centers = node.attrs.integer("half_pixel_centers") != 0};
}

Result<void> check_shapes(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  MOTE_TRY(expect_same_type(input, output));
  const auto size = constant_integers(graph.input(node, 1), "the new size");
  if (!size) return tl::unexpected(size.error());
  if (input.shape.size() != 4 || size->size() != 2)
    return bad_input(cat("it resizes ", graph::describe_shape(input.shape), " by ", size->size(),
                         " numbers, expected [batch, height, width, channels] by two"));
  for (std::int64_t side :
       {(*size)[0], (*size)[1], std::int64_t{input.shape[1]}, std::int64_t{input.shape[2]}})
    if (side < 1 || side > kLargest)
      return bad_input(cat("one side is ", side, ", expected 1 to ", kLargest));
  const int expected[] = {input.shape[0], static_cast<int>((*size)[0]),
                          static_cast<int>((*size)[1]), input.shape[3]};
  return expect_shape(output, expected);
}

// RESIZE_NEAREST_NEIGHBOR

/// Which element of `in` each of `out` takes, computed as TFLM's GetNearestNeighbor does, in float.
std::vector<std::int32_t> nearest(int in, int out, const Options& options) {
  const bool align = options.align_corners && out > 1;
  const float scale = align ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                            : static_cast<float>(in) / static_cast<float>(out);
  const float offset = options.half_pixel_centers ? 0.5f : 0.0f;
  std::vector<std::int32_t> sources;
  for (int i = 0; i < out; ++i) {
    const float place = (static_cast<float>(i) + offset) * scale;
    const float rounded = options.align_corners ? std::round(place) : std::floor(place);
    sources.push_back(std::clamp(static_cast<std::int32_t>(rounded), 0, in - 1));
  }
  return sources;
}

Result<void> lower_nearest(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const std::vector<int>&in = graph.input(node, 0)->shape, &out = graph.output(node).shape;
  DraftOperand source = lowering.read(node.inputs[0]), target = lowering.write(node.outputs[0]);
  const int bytes = size_of(target.operand.type);
  const DType type = bytes == 4 ? DType::kInt32 : bytes == 2 ? DType::kInt16 : DType::kInt8;
  source.operand.type = target.operand.type = type;
  lowering.call(
      {.kernel = bytes == 4   ? "resize_nearest_s32"
                 : bytes == 2 ? "resize_nearest_s16"
                              : "resize_nearest_s8",
       .operands = {source, lowering.constant(nearest(in[1], out[1], options_of(node))),
                    lowering.constant(nearest(in[2], out[2], options_of(node))), target}});
  return {};
}

// RESIZE_BILINEAR

/// The two neighbours of each element of the output, and the weight of the second.
struct Mixture {
  std::vector<std::int32_t> first, second;
  std::vector<std::int32_t> weight;  ///< in 1/1024, for int8
  std::vector<float> real_weight;    ///< for float32
};

/// In 1/1024ths, as TFLM's ResizeBilinearInteger.
Mixture mix_integers(int in, int out, const Options& options) {
  constexpr int kOne = 1 << 10;
  const bool align = options.align_corners && out > 1;
  const int scale =
      align ? (kOne * (in - 1) + (out - 1) / 2) / (out - 1) : (kOne * in + out / 2) / out;
  Mixture mixture;
  for (int i = 0; i < out; ++i) {
    const std::int64_t start = options.half_pixel_centers ? scale / 2 - kOne / 2 : 0;
    const std::int64_t place = std::int64_t{i} * scale + start;
    const auto first = static_cast<std::int32_t>(std::max<std::int64_t>(place / kOne, 0));
    mixture.first.push_back(first);
    mixture.second.push_back(
        static_cast<std::int32_t>(std::min<std::int64_t>((place + kOne - 1) / kOne, in - 1)));
    mixture.weight.push_back(static_cast<std::int32_t>(place - std::int64_t{kOne} * first));
  }
  return mixture;
}

/// In float, as TFLM's ResizeBilinear.
Mixture mix_floats(int in, int out, const Options& options) {
  const bool align = options.align_corners && out > 1;
  const float scale = align ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                            : static_cast<float>(in) / static_cast<float>(out);
  Mixture mixture;
  for (int i = 0; i < out; ++i) {
    const float place = options.half_pixel_centers ? (static_cast<float>(i) + 0.5f) * scale - 0.5f
                                                   : static_cast<float>(i) * scale;
    const auto first = std::max(static_cast<std::int32_t>(std::floor(place)), 0);
    mixture.first.push_back(first);
    mixture.second.push_back(std::min(static_cast<std::int32_t>(std::ceil(place)), in - 1));
    mixture.real_weight.push_back(place - static_cast<float>(first));
  }
  return mixture;
}

/// The reference mixes UINT8 in float.
bool computes_in_float(const graph::Graph& graph, const graph::Node& node) {
  const DType type = graph.output(node).type;
  return type == DType::kFloat32 || type == DType::kUint8 || node.from_uint8;
}

Mixture mix(const graph::Graph& graph, const graph::Node& node, std::size_t axis) {
  const int in = graph.input(node, 0)->shape[axis], out = graph.output(node).shape[axis];
  return computes_in_float(graph, node) ? mix_floats(in, out, options_of(node))
                                        : mix_integers(in, out, options_of(node));
}

Result<void> check_bilinear(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_shapes(graph, node));
  if (options_of(node).align_corners && options_of(node).half_pixel_centers)
    return bad_input("it has align_corners and half_pixel_centers, expected one of them");
  for (std::size_t axis : {1u, 2u}) {
    const Mixture mixture = mix(graph, node, axis);
    if (std::ranges::max(mixture.first) >= graph.input(node, 0)->shape[axis] ||
        std::ranges::min(mixture.second) < 0)
      return unsupported(
          cat("it enlarges dimension ", axis,
              " so much that its rounded steps leave the image; resize in two steps"));
  }
  return {};
}

std::vector<std::int32_t> interleave(const Mixture& mixture, bool with_weight) {
  std::vector<std::int32_t> table;
  for (std::size_t i = 0; i < mixture.first.size(); ++i) {
    table.push_back(mixture.first[i]), table.push_back(mixture.second[i]);
    if (with_weight) table.push_back(mixture.weight[i]);
  }
  return table;
}

Result<void> lower_bilinear(const graph::Graph& graph, const graph::Node& node,
                            Lowering& lowering) {
  const bool is_float = computes_in_float(graph, node);
  const Mixture rows = mix(graph, node, 1), columns = mix(graph, node, 2);
  const auto table = [&](const Mixture& mixture) {
    const auto values = interleave(mixture, !is_float);
    const auto count = static_cast<int>(mixture.first.size());
    return lowering.constant(std::span(values), Extents(count, is_float ? 2 : 3));
  };
  DraftCall call{.kernel = node.from_uint8 ? "resize_bilinear_s8_real"
                           : is_float      ? "resize_bilinear_f32"
                                           : "resize_bilinear_s8",
                 .operands = {lowering.read(node.inputs[0]), table(rows), table(columns)}};
  if (is_float) {
    call.operands.push_back(lowering.constant(rows.real_weight));
    call.operands.push_back(lowering.constant(columns.real_weight));
  }
  call.operands.push_back(lowering.write(node.outputs[0]));
  lowering.call(std::move(call));
  return {};
}

using enum DType;

}  // namespace

const Op resize_nearest_neighbor = {.tflite_name = "RESIZE_NEAREST_NEIGHBOR",
                                    .signatures = kSignaturesOf<kInt8, kUint8, kInt16, kFloat32>,
                                    .min_inputs = 2,
                                    .max_inputs = 2,
                                    .check = check_shapes,
                                    .lower = lower_nearest,
                                    .notes = "the size must be a constant"};
const Op resize_bilinear = {.tflite_name = "RESIZE_BILINEAR",
                            .signatures = kSignaturesOf<kInt8, kUint8, kFloat32>,
                            .min_inputs = 2,
                            .max_inputs = 2,
                            .check = check_bilinear,
                            .lower = lower_bilinear,
                            .notes = "the size must be a constant"};

}  // namespace mote::ops
