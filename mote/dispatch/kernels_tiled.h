#pragma once

#include <array>

#include "mote/core/kernels/conv_2d_tiled.h"
#include "mote/core/kernels/depthwise_conv_2d_tiled.h"
#include "mote/core/kernels/float_tiled.h"
#include "mote/core/kernels/hybrid_tiled.h"
#include "mote/dispatch/bind.h"

namespace mote::dispatch {

/// What instruction sets with tiles have instead of the plain convolutions and matrix products.
template <class Isa>
constexpr auto tiled_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{
      row<conv_2d_tiled_s8<Isa, TiledAttrs, X, X, X, X>>("conv_2d_tiled_s8"),
      row<conv_2d_tiled_exact_s8<Isa, TiledAttrs, X, X, X, X>>("conv_2d_tiled_exact_s8"),
      row<depthwise_conv_2d_tiled_s8<Isa, TiledAttrs, X, X, X, X>>("depthwise_conv_2d_tiled_s8"),
      row<depthwise_conv_2d_tiled_exact_s8<Isa, TiledAttrs, X, X, X, X>>(
          "depthwise_conv_2d_tiled_exact_s8"),
      row<conv_2d_tiled_f32<Isa, TiledFloatAttrs, X, X, X, X, X>>("conv_2d_tiled_f32"),
      row<depthwise_conv_2d_tiled_f32<Isa, TiledFloatAttrs, X, X, X, X, X>>(
          "depthwise_conv_2d_tiled_f32"),
      row<fully_connected_tiled_f32<Isa, FloatActivationAttrs, X, X, X, X>>(
          "fully_connected_tiled_f32"),
      row<center_rows_symmetric_f32<Isa, NoAttrs, X, X, X>>("center_rows_symmetric_f32"),
      row<center_rows_asymmetric_f32<Isa, NoAttrs, X, X, X>>("center_rows_asymmetric_f32"),
      row<scale_channels_f32<Isa, FloatActivationAttrs, X, X, X, X>>("scale_channels_f32"),
  };
}

}  // namespace mote::dispatch
