#pragma once

#include <array>

#include "mote/core/kernels/conv_2d_packed.h"
#include "mote/core/kernels/conv_2d_packed_rows.h"
#include "mote/core/kernels/depthwise_conv_2d_packed.h"
#include "mote/dispatch/bind.h"

namespace mote::dispatch {

/// What small processors have instead of the plain convolutions and matrix products on int8.
template <class Isa>
constexpr auto packed_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{
      row<conv_2d_packed_s8<Isa, PackedAttrs, X, X, X, X>>("conv_2d_packed_s8"),
      row<conv_2d_packed_exact_s8<Isa, PackedAttrs, X, X, X, X>>("conv_2d_packed_exact_s8"),
      row<depthwise_conv_2d_packed_s8<Isa, PackedAttrs, X, X, X, X>>("depthwise_conv_2d_packed_s8"),
      row<depthwise_conv_2d_packed_exact_s8<Isa, PackedAttrs, X, X, X, X>>(
          "depthwise_conv_2d_packed_exact_s8"),
      row<fully_connected_packed_s8<Isa, PackedAttrs, X, X, X>>("fully_connected_packed_s8"),
      row<fully_connected_packed_exact_s8<Isa, PackedAttrs, X, X, X>>(
          "fully_connected_packed_exact_s8"),
  };
}

/// What those have besides that take expanded rows.
template <class Isa>
constexpr auto rows_packed_kernels() {
  using namespace program;
  using namespace kernels;
  return std::array{
      row<conv_2d_packed_rows_s8<Isa, PackedAttrs, X, X, X, X>>("conv_2d_packed_rows_s8"),
      row<conv_2d_packed_rows_exact_s8<Isa, PackedAttrs, X, X, X, X>>(
          "conv_2d_packed_rows_exact_s8"),
  };
}

}  // namespace mote::dispatch
