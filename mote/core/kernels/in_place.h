#pragma once

#include "mote/core/base/tensor_view.h"

/// Which kernels may write their output over an input.
///
/// A kernel in this list promises, on every instruction set: its last operand is its output, and
/// it writes all of it; output element i depends on what other operands hold at i, and
/// on nothing that lies where an earlier element was written. Then any other operand of the same
/// element size and as many elements may be the very memory of the output. What is repeated
/// (broadcast) or a table may not. `InPlace.*` holds every kernel here to it, on every table.
namespace mote::kernels {

inline constexpr const char* kInPlaceKernels[] = {
    // map()
    "lookup_s8",
    "flip_sign_s8",
    "clamp_s16",
    "clamp_f32",
    "relu_f32",
    "leaky_relu_s16",
    "leaky_relu_f32",
    "elu_f32",
    "gelu_f32",
    "gelu_tanh_f32",
    "hard_swish_f32",
    "logistic_s16",
    "logistic_f32",
    "tanh_s16",
    "tanh_f32",
    "rescale_s16_s16",
    "abs_s16",
    "abs_f32",
    "neg_f32",
    "sqrt_f32",
    "rsqrt_f32",
    "square_f32",
    "exp_f32",
    "log_f32",
    "sin_f32",
    "cos_f32",
    "floor_f32",
    "ceil_f32",
    "round_f32",
    // zip()
    "add_linear_s8",
    "add_s8",
    "add_s16",
    "add_s32",
    "add_f32",
    "sub_s8",
    "sub_s16",
    "sub_s32",
    "sub_f32",
    "squared_difference_s8",
    "squared_difference_s16",
    "squared_difference_s32",
    "squared_difference_f32",
    "mul_s8",
    "mul_s16",
    "mul_s32",
    "mul_f32",
    "div_s8",
    "div_s32",
    "div_f32",
    "maximum_s8",
    "maximum_s16",
    "maximum_s32",
    "maximum_s64",
    "maximum_f32",
    "minimum_s8",
    "minimum_s16",
    "minimum_s32",
    "minimum_s64",
    "minimum_f32",
    "prelu_s8",
    "prelu_s16",
    "prelu_f32",
    // rows that are summed up before any of them is written
    "softmax_s8",
    "softmax_f32",
    "log_softmax_s8",
    "log_softmax_f32",
    "l2_normalization_s8",
    "l2_normalization_f32",
};

/// Whether the kernel of that name is in the list.
constexpr bool is_in_place(const char* kernel) {
  for (const char* name : kInPlaceKernels) {
    const char *a = name, *b = kernel;
    while (*a && *a == *b) ++a, ++b;
    if (*a == *b) return true;
  }
  return false;
}

}  // namespace mote::kernels
