#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

/// What emitted code checks itself with.
namespace mote {

/// FNV-1a of 32 bits: tells equal bytes from others, not more.
///
/// Fowler, Noll, Vo, Eastlake: The FNV Non-Cryptographic Hash Algorithm. Internet draft, 2019.
inline uint32_t checksum(const void* data, int32_t bytes) {
  const auto* next = static_cast<const uint8_t*>(data);
  uint32_t hash = 2166136261u;
  for (int32_t i = 0; i < bytes; ++i) hash = (hash ^ next[i]) * 16777619u;
  return hash;
}

/// Whether integers are the same.
template <class T>
bool is_same(const T* a, const T* b, int32_t count) {
  for (int32_t i = 0; i < count; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

/// Whether floats differ by no more than 1e-5 of the largest finite one among those expected: other
/// machines add in another order. What is not a number or infinite must be so in both.
inline bool is_same(const float* a, const float* expected, int32_t count) {
  const auto is_finite = [](float x) { return x - x == 0; };
  const auto size = [](float x) { return x < 0 ? -x : x; };
  float largest = 0;
  for (int32_t i = 0; i < count; ++i)
    if (is_finite(expected[i]) && size(expected[i]) > largest) largest = size(expected[i]);
  for (int32_t i = 0; i < count; ++i) {
    const bool are_both_nan = a[i] != a[i] && expected[i] != expected[i];
    if (a[i] == expected[i] || are_both_nan) continue;
    if (!(size(a[i] - expected[i]) <= 1e-5f * largest)) return false;
  }
  return true;
}

}  // namespace mote
