#pragma once

#include "mote/compiler/ops/op.h"

/// Every operator's description; each is defined in the file of its name (or its family's).
namespace mote::ops {

extern const Op batch_matmul, conv_2d, depthwise_conv_2d, svdf, transpose_conv,
    unidirectional_sequence_lstm;
extern const Op fully_connected, reshape;
extern const Op arg_max, arg_min, assign_variable, average_pool_2d, call_once, concatenation,
    expand_dims, gather, gather_nd, max_pool_2d, mean, mirror_pad, pack, pad, padv2, read_variable,
    reduce_max, reduce_min, resize_bilinear, resize_nearest_neighbor, slice, split, split_v,
    squeeze, strided_slice, sum, transpose, unpack, var_handle;
extern const Op abs, add, cast, ceil, cos, dequantize, div, elu, exp, floor, hard_swish,
    l2_normalization, leaky_relu, log, log_softmax, logistic, maximum, minimum, mul, neg, prelu,
    quantize, relu, relu6, round, rsqrt, sin, softmax, sqrt, square, squared_difference, sub, tanh;
extern const Op batch_to_space_nd, broadcast_to, depth_to_space, fill_op, reverse_v2, shape_op,
    space_to_batch_nd, space_to_depth, zeros_like;
/// Of passes, which no file has; and what other formats need, of which there are no outputs of the
/// reference to be held against.
extern const Op gelu, read_rows, stream_shift, stream_write;

/// Only in programs that call with_gru(); elsewhere there is nothing at this address.
[[gnu::weak]] extern const Op gru;
void with_gru();

}  // namespace mote::ops
