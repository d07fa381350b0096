#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/broadcast.h"

/// Conversions between element types; `in` and `out` are [n]. Integers keep their low bits, floats
/// lose their fraction, saturate, and NaN becomes 0.
namespace mote::kernels {

template <class T>
MOTE_INLINE T integer_of(float x) {
  constexpr int kBits = 8 * sizeof(T);
  constexpr auto kLowest = static_cast<T>(-(int64_t{1} << (kBits - 1)));
  constexpr auto kHighest = static_cast<T>((int64_t{1} << (kBits - 1)) - 1);
  if (x != x) return 0;
  // -kLowest as a float is the first number too large, exactly.
  if (x >= -static_cast<float>(kLowest)) return kHighest;
  return x <= static_cast<float>(kLowest) ? kLowest : static_cast<T>(x);
}

template <class Isa, class Attrs, class In, class Out>
void cast_s8_s16(const Attrs&, TensorView<const int8_t, In> in, TensorView<int16_t, Out> out) {
  map(in, out, [](int8_t x) { return static_cast<int16_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s8_s32(const Attrs&, TensorView<const int8_t, In> in, TensorView<int32_t, Out> out) {
  map(in, out, [](int8_t x) { return static_cast<int32_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s8_f32(const Attrs&, TensorView<const int8_t, In> in, TensorView<float, Out> out) {
  map(in, out, [](int8_t x) { return static_cast<float>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s16_s8(const Attrs&, TensorView<const int16_t, In> in, TensorView<int8_t, Out> out) {
  map(in, out, [](int16_t x) { return static_cast<int8_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s16_s32(const Attrs&, TensorView<const int16_t, In> in, TensorView<int32_t, Out> out) {
  map(in, out, [](int16_t x) { return static_cast<int32_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s16_f32(const Attrs&, TensorView<const int16_t, In> in, TensorView<float, Out> out) {
  map(in, out, [](int16_t x) { return static_cast<float>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s32_s8(const Attrs&, TensorView<const int32_t, In> in, TensorView<int8_t, Out> out) {
  map(in, out, [](int32_t x) { return static_cast<int8_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s32_s16(const Attrs&, TensorView<const int32_t, In> in, TensorView<int16_t, Out> out) {
  map(in, out, [](int32_t x) { return static_cast<int16_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_s32_f32(const Attrs&, TensorView<const int32_t, In> in, TensorView<float, Out> out) {
  map(in, out, [](int32_t x) { return static_cast<float>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_f32_s8(const Attrs&, TensorView<const float, In> in, TensorView<int8_t, Out> out) {
  map(in, out, [](float x) { return integer_of<int8_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_f32_s16(const Attrs&, TensorView<const float, In> in, TensorView<int16_t, Out> out) {
  map(in, out, [](float x) { return integer_of<int16_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_f32_s32(const Attrs&, TensorView<const float, In> in, TensorView<int32_t, Out> out) {
  map(in, out, [](float x) { return integer_of<int32_t>(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_bool_s8(const Attrs&, TensorView<const uint8_t, In> in, TensorView<int8_t, Out> out) {
  map(in, out, [](uint8_t x) { return static_cast<int8_t>(x != 0); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_bool_s16(const Attrs&, TensorView<const uint8_t, In> in, TensorView<int16_t, Out> out) {
  map(in, out, [](uint8_t x) { return static_cast<int16_t>(x != 0); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_bool_s32(const Attrs&, TensorView<const uint8_t, In> in, TensorView<int32_t, Out> out) {
  map(in, out, [](uint8_t x) { return static_cast<int32_t>(x != 0); });
}
template <class Isa, class Attrs, class In, class Out>
void cast_bool_f32(const Attrs&, TensorView<const uint8_t, In> in, TensorView<float, Out> out) {
  map(in, out, [](uint8_t x) { return static_cast<float>(x != 0); });
}

}  // namespace mote::kernels
