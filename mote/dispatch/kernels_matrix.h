#pragma once

#include <array>

#include "mote/core/kernels/batch_matmul.h"
#include "mote/core/kernels/conv_2d.h"
#include "mote/core/kernels/depthwise_conv_2d.h"
#include "mote/core/kernels/fully_connected.h"
#include "mote/core/kernels/gru.h"
#include "mote/core/kernels/lstm.h"
#include "mote/core/kernels/quantize_rows.h"
#include "mote/core/kernels/svdf.h"
#include "mote/core/kernels/transpose_conv.h"
#include "mote/dispatch/bind.h"

namespace mote::dispatch {

template <class Isa>
constexpr auto convolution_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{
      row<conv_2d_s8<Isa, Conv2DAttrs, X, X, X>>("conv_2d_s8"),
      row<conv_2d_s16<Isa, Conv2DAttrs, X, X, X>>("conv_2d_s16"),
      row<conv_2d_s16_acc32<Isa, Conv2DAttrs, X, X, X>>("conv_2d_s16_acc32"),
      row<conv_2d_f32<Isa, Conv2DFloatAttrs, X, X, X, X>>("conv_2d_f32"),
      row<conv_2d_hybrid<Isa, Conv2DFloatAttrs, X, X, X, X, X>>("conv_2d_hybrid"),
      row<depthwise_conv_2d_s8<Isa, Conv2DAttrs, X, X, X>>("depthwise_conv_2d_s8"),
      row<depthwise_conv_2d_s16<Isa, Conv2DAttrs, X, X, X>>("depthwise_conv_2d_s16"),
      row<depthwise_conv_2d_f32<Isa, Conv2DFloatAttrs, X, X, X, X>>("depthwise_conv_2d_f32"),
      row<depthwise_conv_2d_f32_fused<Isa, Conv2DFloatAttrs, X, X, X, X>>(
          "depthwise_conv_2d_f32_fused"),
      row<depthwise_conv_2d_hybrid<Isa, Conv2DFloatAttrs, X, X, X, X, X>>(
          "depthwise_conv_2d_hybrid"),
      row<transpose_conv_s8<Isa, TransposeConvAttrs, X, X, X>>("transpose_conv_s8"),
      row<transpose_conv_s16<Isa, TransposeConvAttrs, X, X, X>>("transpose_conv_s16"),
      row<transpose_conv_f32<Isa, TransposeConvFloatAttrs, X, X, X, X>>("transpose_conv_f32"),
  };
}

template <class Isa>
constexpr auto product_kernels() {
  using namespace program;
  using namespace kernels;
  using BatchMatmul = BatchMatmulQuantizedAttrs;
  return std::array{
      row<fully_connected_s8<Isa, FullyConnectedAttrs, X, X, X>>("fully_connected_s8"),
      row<fully_connected_s16<Isa, FullyConnectedAttrs, X, X, X>>("fully_connected_s16"),
      row<fully_connected_s16_acc32<Isa, FullyConnectedAttrs, X, X, X>>(
          "fully_connected_s16_acc32"),
      row<fully_connected_f32<Isa, FloatActivationAttrs, X, X, X, X>>("fully_connected_f32"),
      row<fully_connected_hybrid<Isa, FloatActivationAttrs, X, X, X, X, X>>(
          "fully_connected_hybrid"),
      row<quantize_rows_symmetric_f32<Isa, NoAttrs, X, X, X>>("quantize_rows_symmetric_f32"),
      row<quantize_rows_asymmetric_f32<Isa, NoAttrs, X, X, X>>("quantize_rows_asymmetric_f32"),
      row<batch_matmul_s8<Isa, BatchMatmul, X, X, X>>("batch_matmul_s8"),
      row<batch_matmul_s16<Isa, BatchMatmul, X, X, X>>("batch_matmul_s16"),
      row<batch_matmul_f32<Isa, BatchMatmulAttrs, X, X, X>>("batch_matmul_f32"),
      row<transpose_matrices_s8<Isa, NoAttrs, X, X>>("transpose_matrices_s8"),
      row<transpose_matrices_s16<Isa, NoAttrs, X, X>>("transpose_matrices_s16"),
      row<transpose_matrices_f32<Isa, NoAttrs, X, X>>("transpose_matrices_f32"),
  };
}

template <class Isa>
constexpr auto recurrent_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{
      row<svdf_s8<Isa, SvdfAttrs, X, X, X, X, X>>("svdf_s8"),
      row<svdf_s8_state_s16<Isa, SvdfAttrs, X, X, X, X, X>>("svdf_s8_state_s16"),
      row<lstm_s8<Isa, LstmAttrs, X, X, X, X, X, X, X>>("lstm_s8"),
      row<lstm_s16<Isa, LstmAttrs, X, X, X, X, X, X, X>>("lstm_s16"),
      row<lstm_f32<Isa, LstmFloatAttrs, X, X, X, X, X, X>>("lstm_f32"),
      row<svdf_f32<Isa, FloatActivationAttrs, X, X, X, X, X, X>>("svdf_f32"),
  };
}

/// Of these there are tables of their own: kGruTable and others.
template <class Isa>
constexpr auto gru_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{row<gru_s8<Isa, GruAttrs, X, X, X, X, X, X, X, X>>("gru_s8"),
                    row<gru_s16<Isa, GruAttrs, X, X, X, X, X, X, X, X>>("gru_s16"),
                    row<gru_f32<Isa, GruFloatAttrs, X, X, X, X, X, X, X>>("gru_f32")};
}

}  // namespace mote::dispatch
