#pragma once

#include <stddef.h>

namespace mote {

/// Overwrites `count` elements with zero bytes, and cannot be optimised away: for memory that held
/// something private, after its last use.
template <class T>
void wipe(T* data, size_t count) {
  volatile unsigned char* bytes = reinterpret_cast<volatile unsigned char*>(data);
  for (size_t i = 0; i < count * sizeof(T); ++i) bytes[i] = 0;
}

}  // namespace mote
