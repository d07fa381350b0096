#include "mote/compiler/emit/headers.h"

namespace mote::emit {
namespace {

struct Header {
  std::string_view begins;  ///< the kernels' names
  std::string_view file;
};

/// The first that fits counts.
constexpr Header kHeaders[] = {
    {"abs_", "unary.h"},
    {"add_", "add.h"},
    {"arg_extreme_", "arg_extreme.h"},
    {"average_pool_2d_", "pool_2d.h"},
    {"batch_matmul_", "batch_matmul.h"},
    {"cast_", "cast.h"},
    {"ceil_", "unary.h"},
    {"clamp_", "activation.h"},
    {"conv_2d_packed_rows_", "conv_2d_packed_rows.h"},
    {"conv_2d_packed_", "conv_2d_packed.h"},
    {"conv_2d_tiled_", "conv_2d_tiled.h"},
    {"conv_2d_", "conv_2d.h"},
    {"copy_", "copy.h"},
    {"cos_", "unary.h"},
    {"depthwise_conv_2d_packed_", "depthwise_conv_2d_packed.h"},
    {"depthwise_conv_2d_tiled_", "depthwise_conv_2d_tiled.h"},
    {"depthwise_conv_2d_", "depthwise_conv_2d.h"},
    {"dequantize_", "requantize.h"},
    {"div_", "mul.h"},
    {"elu_", "activation.h"},
    {"exp_", "unary.h"},
    {"flip_sign_", "requantize.h"},
    {"floor_", "unary.h"},
    {"fully_connected_packed_", "conv_2d_packed.h"},
    {"fully_connected_", "fully_connected.h"},
    {"gather_", "gather.h"},
    {"gelu_", "activation.h"},
    {"gru_", "gru.h"},
    {"hard_swish_", "activation.h"},
    {"l2_normalization_", "l2_normalization.h"},
    {"leaky_relu_", "activation.h"},
    {"log_softmax_", "softmax.h"},
    {"log_", "unary.h"},
    {"logistic_", "activation.h"},
    {"lookup_", "lookup.h"},
    {"lstm_", "lstm.h"},
    {"max_pool_2d_", "pool_2d.h"},
    {"maximum_", "maximum_minimum.h"},
    {"minimum_", "maximum_minimum.h"},
    {"mirror_pad_", "mirror_pad.h"},
    {"mul_", "mul.h"},
    {"neg_", "unary.h"},
    {"pad_", "pad.h"},
    {"prelu_", "activation.h"},
    {"quantize_rows_", "quantize_rows.h"},
    {"quantize_", "requantize.h"},
    {"reduce_", "reduce.h"},
    {"relu_", "activation.h"},
    {"rescale_", "requantize.h"},
    {"resize_", "resize.h"},
    {"round_", "unary.h"},
    {"rsqrt_", "unary.h"},
    {"shift_", "shift.h"},
    {"sin_", "unary.h"},
    {"softmax_", "softmax.h"},
    {"sqrt_", "unary.h"},
    {"square_", "unary.h"},
    {"squared_difference_", "add.h"},
    {"strided_copy_", "strided_copy.h"},
    {"sub_", "add.h"},
    {"svdf_", "svdf.h"},
    {"tanh_", "activation.h"},
    {"transpose_conv_", "transpose_conv.h"},
    {"transpose_matrices_", "batch_matmul.h"},
};

constexpr IsaHeader kIsaHeaders[] = {
    {"scalar", "scalar.h", "Scalar"},
    {"scalar_packed", "scalar_packed.h", "ScalarPacked"},
    {"dsp", "dsp.h", "Dsp"},
    {"mve", "mve.h", "Mve"},
};

}  // namespace

IsaHeader header_of_isa(std::string_view isa) {
  for (const IsaHeader& header : kIsaHeaders)
    if (header.isa == isa) return header;
  return {};
}

std::string_view header_of(std::string_view kernel) {
  for (const Header& header : kHeaders)
    if (kernel.starts_with(header.begins)) return header.file;
  return "";
}

}  // namespace mote::emit
