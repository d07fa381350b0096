#pragma once

#include <array>

#include "mote/core/kernels/activation.h"
#include "mote/core/kernels/add.h"
#include "mote/core/kernels/batch_matmul.h"
#include "mote/core/kernels/conv_2d.h"
#include "mote/core/kernels/depthwise_conv_2d.h"
#include "mote/core/kernels/fully_connected.h"
#include "mote/core/kernels/lstm.h"
#include "mote/core/kernels/mul.h"
#include "mote/core/kernels/pool_2d.h"
#include "mote/core/kernels/requantize.h"
#include "mote/core/kernels/softmax.h"
#include "mote/core/kernels/svdf.h"
#include "mote/core/kernels/transpose_conv.h"
#include "mote/dispatch/bind.h"

namespace mote::dispatch {

/// What gains from an instruction set's primitives alone, and from its vectors.
template <class Isa>
constexpr auto vector_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{
      row<add_s8<Isa, AlignedScalesAttrs, X, X, X>>("add_s8"),
      row<add_s16<Isa, AlignedScalesAttrs, X, X, X>>("add_s16"),
      row<mul_s8<Isa, ProductAttrs, X, X, X>>("mul_s8"),
      row<mul_s16<Isa, ProductAttrs, X, X, X>>("mul_s16"),
      row<average_pool_2d_s8<Isa, Pool2DAttrs, X, X>>("average_pool_2d_s8"),
      row<add_linear_s8<Isa, LinearSumAttrs, X, X, X>>("add_linear_s8"),
      row<conv_2d_s16<Isa, Conv2DAttrs, X, X, X>>("conv_2d_s16"),
      row<conv_2d_s16_acc32<Isa, Conv2DAttrs, X, X, X>>("conv_2d_s16_acc32"),
      row<conv_2d_f32<Isa, Conv2DFloatAttrs, X, X, X, X>>("conv_2d_f32"),
      row<conv_2d_hybrid<Isa, Conv2DFloatAttrs, X, X, X, X, X>>("conv_2d_hybrid"),
      row<depthwise_conv_2d_s16<Isa, Conv2DAttrs, X, X, X>>("depthwise_conv_2d_s16"),
      row<depthwise_conv_2d_f32<Isa, Conv2DFloatAttrs, X, X, X, X>>("depthwise_conv_2d_f32"),
      row<depthwise_conv_2d_f32_fused<Isa, Conv2DFloatAttrs, X, X, X, X>>(
          "depthwise_conv_2d_f32_fused"),
      row<depthwise_conv_2d_hybrid<Isa, Conv2DFloatAttrs, X, X, X, X, X>>(
          "depthwise_conv_2d_hybrid"),
      row<transpose_conv_s8<Isa, TransposeConvAttrs, X, X, X>>("transpose_conv_s8"),
      row<transpose_conv_s16<Isa, TransposeConvAttrs, X, X, X>>("transpose_conv_s16"),
      row<transpose_conv_f32<Isa, TransposeConvFloatAttrs, X, X, X, X>>("transpose_conv_f32"),
      row<fully_connected_s16<Isa, FullyConnectedAttrs, X, X, X>>("fully_connected_s16"),
      row<fully_connected_s16_acc32<Isa, FullyConnectedAttrs, X, X, X>>(
          "fully_connected_s16_acc32"),
      row<fully_connected_f32<Isa, FloatActivationAttrs, X, X, X, X>>("fully_connected_f32"),
      row<fully_connected_hybrid<Isa, FloatActivationAttrs, X, X, X, X, X>>(
          "fully_connected_hybrid"),
      row<batch_matmul_s8<Isa, BatchMatmulQuantizedAttrs, X, X, X>>("batch_matmul_s8"),
      row<batch_matmul_s16<Isa, BatchMatmulQuantizedAttrs, X, X, X>>("batch_matmul_s16"),
      row<batch_matmul_f32<Isa, BatchMatmulAttrs, X, X, X>>("batch_matmul_f32"),
      row<svdf_s8<Isa, SvdfAttrs, X, X, X, X, X>>("svdf_s8"),
      row<svdf_s8_state_s16<Isa, SvdfAttrs, X, X, X, X, X>>("svdf_s8_state_s16"),
      row<svdf_f32<Isa, FloatActivationAttrs, X, X, X, X, X, X>>("svdf_f32"),
      row<logistic_f32<Isa, NoAttrs, X, X>>("logistic_f32"),
      row<tanh_f32<Isa, NoAttrs, X, X>>("tanh_f32"),
      row<quantize_f32_s8<Isa, ScaleAttrs, X, X>>("quantize_f32_s8"),
      row<softmax_s8<Isa, NoAttrs, X, X, X>>("softmax_s8"),
      row<softmax_f32<Isa, BetaAttrs, X, X>>("softmax_f32"),
      row<lstm_s8<Isa, LstmAttrs, X, X, X, X, X, X, X>>("lstm_s8"),
      row<lstm_s16<Isa, LstmAttrs, X, X, X, X, X, X, X>>("lstm_s16"),
      row<lstm_f32<Isa, LstmFloatAttrs, X, X, X, X, X, X>>("lstm_f32"),
  };
}

}  // namespace mote::dispatch
