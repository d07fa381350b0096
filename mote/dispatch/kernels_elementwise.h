#pragma once

#include <array>

#include "mote/core/kernels/activation.h"
#include "mote/core/kernels/add.h"
#include "mote/core/kernels/cast.h"
#include "mote/core/kernels/l2_normalization.h"
#include "mote/core/kernels/lookup.h"
#include "mote/core/kernels/maximum_minimum.h"
#include "mote/core/kernels/mul.h"
#include "mote/core/kernels/requantize.h"
#include "mote/core/kernels/softmax.h"
#include "mote/core/kernels/unary.h"
#include "mote/dispatch/bind.h"

namespace mote::dispatch {

/// Of two tensors, with broadcasting.
template <class Isa>
constexpr auto binary_kernels() {
  using namespace program;
  return std::array{
      row<kernels::add_s8<Isa, AlignedScalesAttrs, X, X, X>>("add_s8"),
      row<kernels::add_linear_s8<Isa, LinearSumAttrs, X, X, X>>("add_linear_s8"),
      row<kernels::add_s16<Isa, AlignedScalesAttrs, X, X, X>>("add_s16"),
      row<kernels::add_s32<Isa, ActivationAttrs, X, X, X>>("add_s32"),
      row<kernels::add_f32<Isa, FloatActivationAttrs, X, X, X>>("add_f32"),
      row<kernels::sub_s8<Isa, AlignedScalesAttrs, X, X, X>>("sub_s8"),
      row<kernels::sub_s16<Isa, AlignedScalesAttrs, X, X, X>>("sub_s16"),
      row<kernels::sub_s32<Isa, ActivationAttrs, X, X, X>>("sub_s32"),
      row<kernels::sub_f32<Isa, FloatActivationAttrs, X, X, X>>("sub_f32"),
      row<kernels::squared_difference_s8<Isa, AlignedScalesAttrs, X, X, X>>(
          "squared_difference_s8"),
      row<kernels::squared_difference_s16<Isa, AlignedScalesAttrs, X, X, X>>(
          "squared_difference_s16"),
      row<kernels::squared_difference_s32<Isa, NoAttrs, X, X, X>>("squared_difference_s32"),
      row<kernels::squared_difference_f32<Isa, NoAttrs, X, X, X>>("squared_difference_f32"),
      row<kernels::mul_s8<Isa, ProductAttrs, X, X, X>>("mul_s8"),
      row<kernels::mul_s16<Isa, ProductAttrs, X, X, X>>("mul_s16"),
      row<kernels::mul_s32<Isa, ActivationAttrs, X, X, X>>("mul_s32"),
      row<kernels::mul_f32<Isa, FloatActivationAttrs, X, X, X>>("mul_f32"),
      row<kernels::div_s8<Isa, ProductAttrs, X, X, X>>("div_s8"),
      row<kernels::div_s32<Isa, ActivationAttrs, X, X, X>>("div_s32"),
      row<kernels::div_f32<Isa, FloatActivationAttrs, X, X, X>>("div_f32"),
      row<kernels::maximum_s8<Isa, NoAttrs, X, X, X>>("maximum_s8"),
      row<kernels::maximum_s16<Isa, NoAttrs, X, X, X>>("maximum_s16"),
      row<kernels::maximum_s32<Isa, NoAttrs, X, X, X>>("maximum_s32"),
      row<kernels::maximum_s64<Isa, NoAttrs, X, X, X>>("maximum_s64"),
      row<kernels::maximum_f32<Isa, NoAttrs, X, X, X>>("maximum_f32"),
      row<kernels::minimum_s8<Isa, NoAttrs, X, X, X>>("minimum_s8"),
      row<kernels::minimum_s16<Isa, NoAttrs, X, X, X>>("minimum_s16"),
      row<kernels::minimum_s32<Isa, NoAttrs, X, X, X>>("minimum_s32"),
      row<kernels::minimum_s64<Isa, NoAttrs, X, X, X>>("minimum_s64"),
      row<kernels::minimum_f32<Isa, NoAttrs, X, X, X>>("minimum_f32"),
  };
}

/// Activations and normalisations.
template <class Isa>
constexpr auto activation_kernels() {
  using namespace program;
  return std::array{
      row<kernels::lookup_s8<Isa, NoAttrs, X, X, X>>("lookup_s8"),
      row<kernels::clamp_s16<Isa, ActivationAttrs, X, X>>("clamp_s16"),
      row<kernels::clamp_f32<Isa, FloatActivationAttrs, X, X>>("clamp_f32"),
      row<kernels::relu_f32<Isa, NoAttrs, X, X>>("relu_f32"),
      row<kernels::leaky_relu_s16<Isa, LeakyReluAttrs, X, X>>("leaky_relu_s16"),
      row<kernels::leaky_relu_f32<Isa, FloatAlphaAttrs, X, X>>("leaky_relu_f32"),
      row<kernels::prelu_s8<Isa, PreluAttrs, X, X, X>>("prelu_s8"),
      row<kernels::prelu_s16<Isa, PreluAttrs, X, X, X>>("prelu_s16"),
      row<kernels::prelu_f32<Isa, NoAttrs, X, X, X>>("prelu_f32"),
      row<kernels::elu_f32<Isa, NoAttrs, X, X>>("elu_f32"),
      row<kernels::gelu_f32<Isa, NoAttrs, X, X>>("gelu_f32"),
      row<kernels::gelu_tanh_f32<Isa, NoAttrs, X, X>>("gelu_tanh_f32"),
      row<kernels::hard_swish_f32<Isa, NoAttrs, X, X>>("hard_swish_f32"),
      row<kernels::logistic_s16<Isa, MultiplierAttrs, X, X, X>>("logistic_s16"),
      row<kernels::logistic_f32<Isa, NoAttrs, X, X>>("logistic_f32"),
      row<kernels::tanh_s16<Isa, MultiplierAttrs, X, X, X>>("tanh_s16"),
      row<kernels::tanh_f32<Isa, NoAttrs, X, X>>("tanh_f32"),
      row<kernels::softmax_s8<Isa, NoAttrs, X, X, X>>("softmax_s8"),
      row<kernels::softmax_s8_s16<Isa, NoAttrs, X, X, X>>("softmax_s8_s16"),
      row<kernels::softmax_s16<Isa, MultiplierAttrs, X, X, X>>("softmax_s16"),
      row<kernels::softmax_f32<Isa, BetaAttrs, X, X>>("softmax_f32"),
      row<kernels::log_softmax_s8<Isa, LogSoftmaxAttrs, X, X, X>>("log_softmax_s8"),
      row<kernels::log_softmax_f32<Isa, NoAttrs, X, X>>("log_softmax_f32"),
      row<kernels::l2_normalization_s8<Isa, InputOffsetAttrs, X, X>>("l2_normalization_s8"),
      row<kernels::l2_normalization_f32<Isa, NoAttrs, X, X>>("l2_normalization_f32"),
  };
}

/// Conversions between types, and functions of one float.
template <class Isa>
constexpr auto conversion_kernels() {
  using namespace program;
  return std::array{
      row<kernels::rescale_s8_s16<Isa, RescaleAttrs, X, X>>("rescale_s8_s16"),
      row<kernels::rescale_s8_s32<Isa, RescaleAttrs, X, X>>("rescale_s8_s32"),
      row<kernels::rescale_s16_s8<Isa, RescaleAttrs, X, X>>("rescale_s16_s8"),
      row<kernels::rescale_s16_s16<Isa, RescaleAttrs, X, X>>("rescale_s16_s16"),
      row<kernels::rescale_s16_s32<Isa, RescaleAttrs, X, X>>("rescale_s16_s32"),
      row<kernels::rescale_s32_s8<Isa, RescaleAttrs, X, X>>("rescale_s32_s8"),
      row<kernels::rescale_s32_s16<Isa, RescaleAttrs, X, X>>("rescale_s32_s16"),
      row<kernels::flip_sign_s8<Isa, NoAttrs, X, X>>("flip_sign_s8"),
      row<kernels::quantize_f32_s8<Isa, ScaleAttrs, X, X>>("quantize_f32_s8"),
      row<kernels::quantize_f32_s16<Isa, ScaleAttrs, X, X>>("quantize_f32_s16"),
      row<kernels::dequantize_s8_f32<Isa, ScaleAttrs, X, X>>("dequantize_s8_f32"),
      row<kernels::dequantize_u8_f32<Isa, ScaleAttrs, X, X>>("dequantize_u8_f32"),
      row<kernels::dequantize_s16_f32<Isa, ScaleAttrs, X, X>>("dequantize_s16_f32"),
      row<kernels::cast_s8_s16<Isa, NoAttrs, X, X>>("cast_s8_s16"),
      row<kernels::cast_s8_s32<Isa, NoAttrs, X, X>>("cast_s8_s32"),
      row<kernels::cast_s8_f32<Isa, NoAttrs, X, X>>("cast_s8_f32"),
      row<kernels::cast_s16_s8<Isa, NoAttrs, X, X>>("cast_s16_s8"),
      row<kernels::cast_s16_s32<Isa, NoAttrs, X, X>>("cast_s16_s32"),
      row<kernels::cast_s16_f32<Isa, NoAttrs, X, X>>("cast_s16_f32"),
      row<kernels::cast_s32_s8<Isa, NoAttrs, X, X>>("cast_s32_s8"),
      row<kernels::cast_s32_s16<Isa, NoAttrs, X, X>>("cast_s32_s16"),
      row<kernels::cast_s32_f32<Isa, NoAttrs, X, X>>("cast_s32_f32"),
      row<kernels::cast_f32_s8<Isa, NoAttrs, X, X>>("cast_f32_s8"),
      row<kernels::cast_f32_s16<Isa, NoAttrs, X, X>>("cast_f32_s16"),
      row<kernels::cast_f32_s32<Isa, NoAttrs, X, X>>("cast_f32_s32"),
      row<kernels::cast_bool_s8<Isa, NoAttrs, X, X>>("cast_bool_s8"),
      row<kernels::cast_bool_s16<Isa, NoAttrs, X, X>>("cast_bool_s16"),
      row<kernels::cast_bool_s32<Isa, NoAttrs, X, X>>("cast_bool_s32"),
      row<kernels::cast_bool_f32<Isa, NoAttrs, X, X>>("cast_bool_f32"),
      row<kernels::abs_s16<Isa, MultiplierAttrs, X, X>>("abs_s16"),
      row<kernels::abs_f32<Isa, NoAttrs, X, X>>("abs_f32"),
      row<kernels::neg_f32<Isa, NoAttrs, X, X>>("neg_f32"),
      row<kernels::sqrt_f32<Isa, NoAttrs, X, X>>("sqrt_f32"),
      row<kernels::rsqrt_f32<Isa, NoAttrs, X, X>>("rsqrt_f32"),
      row<kernels::square_f32<Isa, NoAttrs, X, X>>("square_f32"),
      row<kernels::exp_f32<Isa, NoAttrs, X, X>>("exp_f32"),
      row<kernels::log_f32<Isa, NoAttrs, X, X>>("log_f32"),
      row<kernels::sin_f32<Isa, NoAttrs, X, X>>("sin_f32"),
      row<kernels::cos_f32<Isa, NoAttrs, X, X>>("cos_f32"),
      row<kernels::floor_f32<Isa, NoAttrs, X, X>>("floor_f32"),
      row<kernels::ceil_f32<Isa, NoAttrs, X, X>>("ceil_f32"),
      row<kernels::round_f32<Isa, NoAttrs, X, X>>("round_f32"),
  };
}

}  // namespace mote::dispatch
