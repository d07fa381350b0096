#include "mote/compiler/model/operator_version.h"

#include <algorithm>
#include <string_view>

/// After TensorFlow Lite's tools/versioning/op_version.cc, for the types that mote knows.
namespace mote::model {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

/// A node as versions depend on it.
struct Form {
  const Graph& graph;
  const Node& node;

  const Tensor* input(std::size_t i) const { return graph.input(node, i); }
  bool is(std::size_t i, DType type) const { return input(i) && input(i)->type == type; }
  bool gives(DType type) const { return !node.outputs.empty() && graph.output(node).type == type; }
  int attr(std::string_view name, int fallback = 0) const {
    return node.attrs.integer(name, fallback);
  }
  int rank(std::size_t i = 0) const {
    return input(i) ? static_cast<int>(input(i)->shape.size()) : 0;
  }
  bool is_per_channel(std::size_t i) const { return input(i) && input(i)->quant.scale.size() > 1; }
  bool is_quantized(std::size_t i) const { return input(i) && !input(i)->quant.scale.empty(); }
  /// Float activations with int8 weights.
  bool is_hybrid(std::size_t weights = 1) const {
    return is(0, DType::kFloat32) && is(weights, DType::kInt8) && gives(DType::kFloat32);
  }
  bool broadcasts() const { return input(0) && input(1) && input(0)->shape != input(1)->shape; }
};

constexpr auto kInt8 = DType::kInt8;
constexpr auto kInt16 = DType::kInt16;

int version_of_conv(const Form& f) {
  if (f.is(0, kInt16) && f.is(1, kInt8) && f.attr("quantized_bias_type") != 0) return 8;
  if (f.input(0) && f.input(1) && f.rank(0) == 4 && f.rank(1) == 4 &&
      f.input(0)->shape[3] != f.input(1)->shape[3])
    return 6;  // grouped
  if (f.is(0, kInt16)) return 4;
  if (f.is(0, kInt8) && f.is(1, kInt8)) return 3;
  if (f.is_hybrid()) return f.is_per_channel(1) ? 5 : 2;
  return 1;
}

int version_of_depthwise(const Form& f) {
  if (f.is(0, kInt16)) return 5;
  if (f.is_hybrid()) return f.is_per_channel(1) ? 6 : 4;
  if (f.is(0, kInt8) && f.is(1, kInt8)) return 3;
  return f.attr("dilation_w_factor", 1) != 1 || f.attr("dilation_h_factor", 1) != 1 ? 2 : 1;
}

int version_of_fully_connected(const Form& f) {
  if (f.is_hybrid() && f.is_per_channel(1)) return 12;
  if (f.is(0, kInt16) && f.is(1, kInt8) && f.attr("quantized_bias_type") != 0) return 11;
  if (f.is(0, kInt16)) return 7;
  if (f.node.inputs.size() == 2) return 6;
  if (f.attr("keep_num_dims") != 0) return 5;
  if (f.is(0, kInt8) && f.is(1, kInt8)) return 4;
  if (f.is_hybrid()) return f.attr("asymmetric_quantize_inputs") != 0 ? 9 : 3;
  return f.attr("weights_format") != 0 ? 2 : 1;
}

int version_of_transpose_conv(const Form& f) {
  if (f.is(2, kInt16) && f.attr("quantized_bias_type") != 0) return 5;
  if (f.attr("fused_activation_function") != 0) return 4;
  if (f.input(3)) return 3;
  return f.is(1, kInt8) ? 2 : 1;
}

int version_of_mul(const Form& f) {
  if ((f.is(0, kInt16) && !f.is_quantized(0)) || f.is(0, DType::kUint32)) return 7;
  if (f.is(0, DType::kInt64)) return 5;
  if (f.is(0, kInt16)) return 4;
  const float out = f.node.outputs.empty() ? 0 : f.graph.output(f.node).scale();
  if (f.is_quantized(0) && f.is_quantized(1) && out != 0 &&
      f.input(0)->scale() * f.input(1)->scale() / out >= 1)
    return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_add(const Form& f) {
  if (f.is(0, kInt16) && !f.is_quantized(0)) return 5;
  if (f.is(0, DType::kInt64)) return 4;
  if (f.is(0, kInt16) && f.gives(kInt16) && f.attr("pot_scale_int16", 1) == 0) return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_sub(const Form& f) {
  if (f.is(0, kInt16) && f.gives(kInt16) && f.attr("pot_scale_int16", 1) == 0) return 5;
  if (f.is(0, DType::kInt64)) return 4;
  if (f.broadcasts() && std::max(f.rank(0), f.rank(1)) > 4) return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_gather(const Form& f) {
  if (f.is(1, kInt16)) return 6;
  if (f.attr("batch_dims") != 0) return 5;
  if (f.is(0, kInt16)) return 4;
  if (f.is(0, DType::kBool)) return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_strided_slice(const Form& f) {
  if (f.attr("offset") != 0) return 8;
  if (f.is(0, DType::kUint32)) return 7;
  if (f.attr("ellipsis_mask") != 0 || f.attr("new_axis_mask") != 0) return 6;
  if (f.rank() > 4) return 4;
  if (f.is(0, DType::kBool)) return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_lstm(const Form& f) {
  if (f.is(0, kInt16) && f.is(2, kInt8) && f.gives(kInt16)) return 5;
  if (f.attr("diagonal_recurrent_tensors") != 0) return 4;
  if (!f.is_hybrid(2)) return 1;
  return f.attr("asymmetric_quantize_inputs") != 0 ? 3 : 2;
}

int version_of_svdf(const Form& f) {
  if (f.is(0, kInt8)) return 3;
  if (!f.is_hybrid()) return 1;
  return f.attr("asymmetric_quantize_inputs") != 0 ? 4 : 2;
}

int version_of_transpose(const Form& f) {
  if (f.rank() > 5) return 6;
  if (f.is(0, kInt16)) return 5;
  if (f.rank() > 4) return 4;
  if (f.is(0, DType::kBool)) return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_slice(const Form& f) {
  if (f.is(0, DType::kUint32)) return 6;
  if (f.rank() > 4) return 5;
  return f.is(0, kInt16) ? 4 : f.is(0, kInt8) ? 2 : 1;
}

int version_of_cast(const Form& f) {
  const auto either = [&](DType type) { return f.is(0, type) || f.gives(type); };
  return either(DType::kUint16) ? 4 : either(kInt8) ? 3 : either(DType::kUint32) ? 2 : 1;
}

int version_of_quantize(const Form& f) {
  if (!f.node.outputs.empty() && f.graph.output(f.node).quant.scale.size() > 1) return 3;
  return f.gives(kInt16) ? 2 : 1;
}

int version_of_dequantize(const Form& f) {
  if (f.is(0, kInt16)) return 3;
  return !f.is(0, kInt8) ? 1 : f.is_per_channel(0) ? 5 : 2;
}

int version_of_resize(const Form& f) {
  if (f.is(0, kInt16)) return 4;
  const bool aligns = f.node.op == "RESIZE_NEAREST_NEIGHBOR" && f.attr("align_corners") != 0;
  return f.attr("half_pixel_centers") != 0 || aligns ? 3 : f.is(0, kInt8) ? 2 : 1;
}

int version_of_maximum(const Form& f) {
  if (f.is(0, kInt16)) return 4;
  if (f.broadcasts() && std::max(f.rank(0), f.rank(1)) > 4) return 3;
  return f.is(0, kInt8) ? 2 : 1;
}

int version_of_batch_matmul(const Form& f) {
  if (f.is(0, kInt16)) return 3;
  if (f.is(0, kInt8)) return 2;
  return f.is_hybrid() && f.attr("asymmetric_quantize_inputs") != 0 ? 4 : 1;
}

int version_of_space_to_batch(const Form& f) {
  if (f.is(0, kInt16)) return 4;
  return f.rank() != 4 ? 3 : f.is(0, kInt8) ? 2 : 1;
}

int version_of_pad(const Form& f) {
  return f.rank() > 4 ? 4 : f.is(0, kInt16) ? 3 : f.is(0, kInt8) ? 2 : 1;
}

int version_of_abs(const Form& f) {
  if (f.is(0, DType::kInt32)) return 5;
  if (f.is(0, kInt16)) return f.is_quantized(0) ? 3 : 4;
  return f.is(0, kInt8) || f.is(0, DType::kUint8) ? 2 : 1;
}

int version_of_fill(const Form& f) {
  return f.is(1, kInt8) || f.is(1, kInt16) ? 3 : f.is(1, DType::kBool) ? 2 : 1;
}

int version_of_split(const Form& f) {
  return f.is(1, kInt16) ? 4 : f.is(1, DType::kInt32) ? 3 : f.is(1, kInt8) ? 2 : 1;
}

struct Rule {
  std::string_view op;
  int (*version)(const Form&);
};
constexpr Rule kRules[] = {
    {"ABS", version_of_abs},
    {"ADD", version_of_add},
    {"BATCH_MATMUL", version_of_batch_matmul},
    {"BATCH_TO_SPACE_ND", version_of_space_to_batch},
    {"CAST", version_of_cast},
    {"CONV_2D", version_of_conv},
    {"DEPTHWISE_CONV_2D", version_of_depthwise},
    {"DEQUANTIZE", version_of_dequantize},
    {"FILL", version_of_fill},
    {"FULLY_CONNECTED", version_of_fully_connected},
    {"GATHER", version_of_gather},
    {"MAXIMUM", version_of_maximum},
    {"MINIMUM", version_of_maximum},
    {"MUL", version_of_mul},
    {"PAD", version_of_pad},
    {"PADV2", version_of_pad},
    {"QUANTIZE", version_of_quantize},
    {"RESIZE_BILINEAR", version_of_resize},
    {"RESIZE_NEAREST_NEIGHBOR", version_of_resize},
    {"SLICE", version_of_slice},
    {"SPACE_TO_BATCH_ND", version_of_space_to_batch},
    {"SPLIT", version_of_split},
    {"STRIDED_SLICE", version_of_strided_slice},
    {"SUB", version_of_sub},
    {"SVDF", version_of_svdf},
    {"TRANSPOSE", version_of_transpose},
    {"TRANSPOSE_CONV", version_of_transpose_conv},
    {"UNIDIRECTIONAL_SEQUENCE_LSTM", version_of_lstm},
};

/// Versions that depend on the type of the first input alone.
struct ByType {
  std::string_view op;
  int int8 = 1, int16 = 1, uint8 = 1, boolean = 1;
};
constexpr ByType kByType[] = {
    {"ARG_MAX", 2, 1, 1, 3},
    {"ARG_MIN", 2, 1, 1, 3},
    {"AVERAGE_POOL_2D", 2, 3},
    {"CONCATENATION", 2, 3},
    {"DEPTH_TO_SPACE", 2},
    {"EQUAL", 2, 4},
    {"EXP", 2, 2},
    {"FLOOR_DIV", 3, 3},
    {"FLOOR_MOD", 2, 2},
    {"GATHER_ND", 1, 3, 1, 5},
    {"GELU", 2, 1, 2},
    {"GREATER", 2},
    {"GREATER_EQUAL", 2, 3},
    {"L2_NORMALIZATION", 2},
    {"LEAKY_RELU", 1, 2},
    {"LESS", 2, 3},
    {"LESS_EQUAL", 2},
    {"LOG", 2, 2},
    {"LOGISTIC", 2, 3},
    {"LOG_SOFTMAX", 2},
    {"MAX_POOL_2D", 2, 3},
    {"MEAN", 2, 3},
    {"MIRROR_PAD", 2, 3},
    {"NOT_EQUAL", 2},
    {"PACK", 2, 3},
    {"REDUCE_MAX", 2, 3},
    {"REDUCE_MIN", 2, 3},
    {"REDUCE_PROD", 2, 2},
    {"RELU", 2, 3, 2},
    {"RELU6", 2, 3},
    {"REVERSE_V2", 3, 1, 1, 2},
    {"RSQRT", 2, 3},
    {"SELECT", 2},
    {"SOFTMAX", 2, 3},
    {"SPACE_TO_DEPTH", 2},
    {"SPLIT_V", 2},
    {"SQUARED_DIFFERENCE", 2},
    {"SUM", 2},
    {"TANH", 2, 3},
    {"TILE", 3},
    {"UNPACK", 2, 4, 2, 3},
};

}  // namespace

int operator_version(const Graph& graph, const Node& node) {
  if (node.is_custom) return 1;
  const Form form{graph, node};
  for (const Rule& rule : kRules)
    if (rule.op == node.op) return rule.version(form);
  if (node.op == "BROADCAST_TO") return form.is(0, kInt8) || form.is(0, kInt16) ? 3 : 2;
  if (node.op == "DIV" && form.broadcasts() && std::max(form.rank(0), form.rank(1)) > 4) return 2;
  const Tensor* first = form.input(0);
  for (const ByType& row : kByType)
    if (row.op == node.op && first) {
      if (first->type == kInt8) return row.int8;
      if (first->type == kInt16) return row.int16;
      if (first->type == DType::kUint8) return row.uint8;
      if (first->type == DType::kBool) return row.boolean;
    }
  return 1;
}

}  // namespace mote::model
