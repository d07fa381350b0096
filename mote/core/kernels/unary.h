#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/base/math.h"
#include "mote/core/kernels/broadcast.h"

/// Functions of one float, element by element; those of 8-bit tensors are lookup_s8. `in` and
/// `out` are [n] and may be the same memory.
namespace mote::kernels {

template <class Isa, class Attrs, class In, class Out>
void abs_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return fabsf(x); });
}
/// out[i] = requantize(|in[i]|), zero points 0; multiplier 2^30 and shift 1 keep the scale.
template <class Isa, class Attrs, class In, class Out>
void abs_s16(const Attrs& attrs, TensorView<const int16_t, In> in, TensorView<int16_t, Out> out) {
  map(in, out, [&](int32_t x) {
    const int32_t y = requantize(x < 0 ? -x : x, attrs.multiplier, attrs.shift);
    return static_cast<int16_t>(clamp<int32_t>(y, -32768, 32767));
  });
}
template <class Isa, class Attrs, class In, class Out>
void neg_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return -x; });
}
template <class Isa, class Attrs, class In, class Out>
void sqrt_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return sqrtf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void rsqrt_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return 1 / sqrtf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void square_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return x * x; });
}
template <class Isa, class Attrs, class In, class Out>
void exp_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return expf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void log_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return logf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void sin_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return sinf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void cos_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return cosf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void floor_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return floorf(x); });
}
template <class Isa, class Attrs, class In, class Out>
void ceil_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return -floorf(-x); });
}
/// out[i] = in[i] rounded, halves to the even neighbour.
template <class Isa, class Attrs, class In, class Out>
void round_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) {
    const float below = floorf(x), rest = x - below;
    const bool is_even = 2 * floorf(below / 2) == below;
    return rest < 0.5f || (rest == 0.5f && is_even) ? below : below + 1;
  });
}

}  // namespace mote::kernels
