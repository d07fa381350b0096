#pragma once

#include <array>

#include "mote/dispatch/bind.h"
#include "mote/dispatch/kernels_elementwise.h"
#include "mote/dispatch/kernels_matrix.h"
#include "mote/dispatch/kernels_movement.h"

/// Every kernel but those of GRU, once: each instruction set instantiates these lists.
namespace mote::dispatch {

template <class Isa>
inline constexpr auto kAllKernels = join(convolution_kernels<Isa>(), product_kernels<Isa>(),
                                         recurrent_kernels<Isa>(), movement_kernels<Isa>(),
                                         reduction_kernels<Isa>(), binary_kernels<Isa>(),
                                         activation_kernels<Isa>(), conversion_kernels<Isa>());

}  // namespace mote::dispatch
