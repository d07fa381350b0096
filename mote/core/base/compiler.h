#pragma once

/// Inlined whatever the optimiser thinks, so that code built with one set of CPU flags never
/// becomes the shared copy that an older CPU is given.
#if defined(__GNUC__) || defined(__clang__)
#define MOTE_INLINE inline __attribute__((always_inline))
#else
#define MOTE_INLINE inline
#endif
