#pragma once

#include "mote/core/kernels/broadcast.h"

namespace mote::kernels {

/// out = the larger of a and b; the second where they compare neither way (NaN). Shapes as zip()
/// takes them.
template <class Isa, class Attrs, class A, class B, class Out>
void maximum_s8(const Attrs&, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
                TensorView<int8_t, Out> out) {
  zip(a, b, out, [](int8_t x, int8_t y) { return x > y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void maximum_s16(const Attrs&, TensorView<const int16_t, A> a, TensorView<const int16_t, B> b,
                 TensorView<int16_t, Out> out) {
  zip(a, b, out, [](int16_t x, int16_t y) { return x > y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void maximum_s32(const Attrs&, TensorView<const int32_t, A> a, TensorView<const int32_t, B> b,
                 TensorView<int32_t, Out> out) {
  zip(a, b, out, [](int32_t x, int32_t y) { return x > y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void maximum_s64(const Attrs&, TensorView<const int64_t, A> a, TensorView<const int64_t, B> b,
                 TensorView<int64_t, Out> out) {
  zip(a, b, out, [](int64_t x, int64_t y) { return x > y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void maximum_f32(const Attrs&, TensorView<const float, A> a, TensorView<const float, B> b,
                 TensorView<float, Out> out) {
  zip(a, b, out, [](float x, float y) { return x > y ? x : y; });
}

/// out = the smaller of a and b; the second where they compare neither way (NaN).
template <class Isa, class Attrs, class A, class B, class Out>
void minimum_s8(const Attrs&, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
                TensorView<int8_t, Out> out) {
  zip(a, b, out, [](int8_t x, int8_t y) { return x < y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void minimum_s16(const Attrs&, TensorView<const int16_t, A> a, TensorView<const int16_t, B> b,
                 TensorView<int16_t, Out> out) {
  zip(a, b, out, [](int16_t x, int16_t y) { return x < y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void minimum_s32(const Attrs&, TensorView<const int32_t, A> a, TensorView<const int32_t, B> b,
                 TensorView<int32_t, Out> out) {
  zip(a, b, out, [](int32_t x, int32_t y) { return x < y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void minimum_s64(const Attrs&, TensorView<const int64_t, A> a, TensorView<const int64_t, B> b,
                 TensorView<int64_t, Out> out) {
  zip(a, b, out, [](int64_t x, int64_t y) { return x < y ? x : y; });
}
template <class Isa, class Attrs, class A, class B, class Out>
void minimum_f32(const Attrs&, TensorView<const float, A> a, TensorView<const float, B> b,
                 TensorView<float, Out> out) {
  zip(a, b, out, [](float x, float y) { return x < y ? x : y; });
}

}  // namespace mote::kernels
