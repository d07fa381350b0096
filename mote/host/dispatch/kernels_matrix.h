#pragma once

#include <array>

#include "mote/core/kernels/fully_connected.h"
#include "mote/host/dispatch/bind.h"

namespace mote::dispatch {

/// Convolutions, matrix products and recurrent layers.
template <class Isa>
constexpr auto matrix_kernels() {
  using namespace program;
  return std::array{
      row<kernels::fully_connected_s8<Isa, FullyConnectedAttrs, X, X, X>>("fully_connected_s8"),
  };
}

}  // namespace mote::dispatch
