#pragma once

#include <stddef.h>

#include "mote/core/kernels/isa/packed.h"

/// What functions in assembly know of their arguments, and how they are made.
namespace mote::isa {

#ifdef __arm__
static_assert(offsetof(ProductArgs, filter) == 4 && offsetof(ProductArgs, inputs) == 12 &&
              offsetof(ProductArgs, pixels) == 24 && offsetof(ProductArgs, column_step) == 28);
static_assert(offsetof(VectorArgs, filter) == 4 && offsetof(VectorArgs, inputs) == 12 &&
              offsetof(VectorArgs, channels) == 16);
static_assert(offsetof(DepthwiseArgs, filter) == 4 && offsetof(DepthwiseArgs, tap_count) == 12 &&
              offsetof(DepthwiseArgs, channels) == 24);
static_assert(offsetof(RowProductArgs, channels) == 12 && offsetof(RowProductArgs, end) == 32);
static_assert(offsetof(RowsShape, from_step) == 12);
#endif

}  // namespace mote::isa

/// name<kSingle>(const Args*): `BODY` from the first instruction to the last, a macro of the one
/// that rescales: `SINGLE` or `SHORT`, packed_rescale()'s two ways.
#define MOTE_PACKED_FUNCTION(name, Args, BODY, SINGLE, SHORT) \
  template <bool kSingle>                                     \
  [[gnu::naked, gnu::noinline]] void name(const Args*) {      \
    if constexpr (kSingle)                                    \
      __asm__ volatile(BODY(SINGLE));                         \
    else                                                      \
      __asm__ volatile(BODY(SHORT));                          \
  }
