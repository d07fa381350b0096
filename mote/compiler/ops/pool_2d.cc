#include <algorithm>
#include <cmath>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/quantize.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr int kLargest = 1 << 16;  // of a stride and a window's side, so that no sum overflows
constexpr int kLargestInput = 1 << 30;

/// One direction of a pooling.
struct Side {
  int stride = 1, filter = 1, pad = 0;
};

/// How far windows reach over the image: as `same` says, or so far explicitly.
struct Border {
  bool same = false;
  int before = -1, after = -1;  ///< -1: as `same` says
};

/// One direction with a border that the node gives. Every window must see some of the image.
struct Extent {
  int in = 0, out = 0, stride = 1, filter = 1;
};
Result<Side> plan_bordered_side(const Extent& e, const Border& border) {
  const std::int64_t room = std::int64_t{border.before} + e.in + border.after;
  if (border.before >= e.filter || border.after < 0 || border.after >= e.filter ||
      room < e.filter || (room - e.filter) / e.stride + 1 != e.out)
    return bad_input(cat("a window of ", e.filter, " with stride ", e.stride, " and a border of ",
                         border.before, " and ", border.after, " does not make ", e.out, " of ",
                         e.in));
  return Side{.stride = e.stride, .filter = e.filter, .pad = border.before};
}

/// @returns the padding in front, or kBadInput where `out` is not what stride and window give.
Result<Side> plan_side(int in, int out, int stride, int filter, const Border& border) {
  if (stride < 1 || filter < 1 || stride > kLargest || filter > kLargest)
    return bad_input(cat("its window is ", filter, " wide with stride ", stride,
                         ", expected both to be from 1 to ", kLargest));
  if (in > kLargestInput)
    return unsupported(
        cat("its input has ", in, " elements along one side, expected at most ", kLargestInput));
  if (border.before >= 0) return plan_bordered_side({in, out, stride, filter}, border);
  const bool same = border.same;
  const int expected = same ? (in + stride - 1) / stride : (in + stride - filter) / stride;
  if (expected != out || (!same && filter > in))
    return bad_input(cat("a window of ", filter, " with stride ", stride, " makes ",
                         same || filter <= in ? expected : 0, " of ", in, ", but its output has ",
                         out));
  const std::int64_t needed = std::int64_t{out - 1} * stride + filter - in;
  return Side{.stride = stride,
              .filter = filter,
              .pad = static_cast<int>(std::max<std::int64_t>(needed, 0) / 2)};
}

struct Pool {
  Side y, x;
};

Result<Pool> plan_pool(const graph::Graph& graph, const graph::Node& node) {
  const auto &in = graph.input(node, 0)->shape, &out = graph.output(node).shape;
  if (in.size() != 4 || out.size() != 4 || in[0] != out[0] || in[3] != out[3])
    return bad_input(cat("it turns ", graph::describe_shape(in), " into ",
                         graph::describe_shape(out),
                         ", expected [batch, height, width, channels] twice, with the same batch "
                         "and channels"));
  const bool same = node.attrs.integer("padding") == 0;
  const auto side = [&](std::size_t axis, const char* stride, const char* filter,
                        const char* before, const char* after) {
    return plan_side(in[axis], out[axis], node.attrs.integer(stride), node.attrs.integer(filter),
                     {same, node.attrs.integer(before, -1), node.attrs.integer(after, -1)});
  };
  const auto y = side(1, "stride_h", "filter_height", "pad_top", "pad_bottom"),
             x = side(2, "stride_w", "filter_width", "pad_left", "pad_right");
  if (!y) return tl::unexpected(y.error());
  if (!x) return tl::unexpected(x.error());
  return Pool{.y = *y, .x = *x};
}

/// The reference sums in 32 bits.
Result<void> check_sum(const graph::Tensor& input, const Pool& pool) {
  const std::int64_t area = std::int64_t{std::min(pool.y.filter, input.shape[1])} *
                            std::min(pool.x.filter, input.shape[2]);
  const std::int64_t limit = input.type == DType::kInt16   ? (1 << 16) - 1
                             : input.type == DType::kUint8 ? (1 << 23) - 1
                                                           : (1 << 24) - 1;
  if (input.type == DType::kFloat32 || area <= limit) return {};
  return unsupported(cat("its window has ", area, " elements, expected at most ", limit,
                         " so that their sum fits 32 bits"));
}

Result<void> check_activation(const graph::Tensor& input, const graph::Tensor& output,
                              int activation) {
  if (output.type == DType::kFloat32) {
    MOTE_TRY(float_activation_range(activation));
    return {};
  }
  if (std::abs(double{input.scale()} - double{output.scale()}) > 1e-6 ||
      input.zero_point() != output.zero_point())
    return expect_same_quantization(input, output);
  if (activation != 0 && output.scale() == 0)
    return bad_input(cat("'", output.name, "' has no scale, expected one"));
  MOTE_TRY(activation_range(output, activation));
  return {};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  MOTE_TRY(expect_same_type(input, output));
  const auto pool = plan_pool(graph, node);
  if (!pool) return tl::unexpected(pool.error());
  MOTE_TRY(check_sum(input, *pool));
  return check_activation(input, output, node.attrs.integer("fused_activation_function"));
}

template <class Attrs, class Range>
Attrs attributes(const Pool& pool, const Range& range) {
  return {.stride_h = pool.y.stride,
          .stride_w = pool.x.stride,
          .filter_h = pool.y.filter,
          .filter_w = pool.x.filter,
          .pad_top = pool.y.pad,
          .pad_left = pool.x.pad,
          .act_min = range.min,
          .act_max = range.max};
}

/// `kernels` by type: int8, int16, float32.
void lower_pool(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                const char* const (&kernels)[3]) {
  const graph::Tensor& output = graph.output(node);
  const int activation = node.attrs.integer("fused_activation_function");
  const Pool pool = *plan_pool(graph, node);
  DraftCall call{.operands = {lowering.read(node.inputs[0]), lowering.write(node.outputs[0])}};
  if (output.type == DType::kFloat32) {
    call.kernel = kernels[2];
    call.attrs = attributes<program::Pool2DFloatAttrs>(pool, *float_activation_range(activation));
  } else {
    call.kernel = kernels[output.type == DType::kInt16];
    call.attrs = attributes<program::Pool2DAttrs>(pool, *activation_range(output, activation));
  }
  lowering.call(std::move(call));
}

Result<void> lower_average(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_pool(graph, node, lowering,
             {node.from_uint8 ? "average_pool_2d_s8_half_up" : "average_pool_2d_s8",
              "average_pool_2d_s16", "average_pool_2d_f32"});
  return {};
}

Result<void> lower_max(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_pool(graph, node, lowering, {"max_pool_2d_s8", "max_pool_2d_s16", "max_pool_2d_f32"});
  return {};
}

constexpr auto& kSignatures =
    kSignaturesOf<DType::kInt8, DType::kUint8, DType::kInt16, DType::kFloat32>;

}  // namespace

const Op average_pool_2d = {.tflite_name = "AVERAGE_POOL_2D",
                            .signatures = kSignatures,
                            .check = check,
                            .lower = lower_average};
const Op max_pool_2d = {
    .tflite_name = "MAX_POOL_2D", .signatures = kSignatures, .check = check, .lower = lower_max};

}  // namespace mote::ops
