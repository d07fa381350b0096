#pragma once

#include <stdint.h>

#include "ports.h"  // kInputs

/// Lets networks that ask for their input's rows run as those do that find it in their arena: what
/// network::run takes says which it is.

template <class T>
using ReadRows = void (*)(void* context, int32_t first, int32_t count, T* to);
template <class T>
using RunInRows = void (*)(void* arena, ReadRows<T> read_rows, void* context);

/// Stands for a sensor: the whole input.
template <class T>
alignas(16) inline uint8_t sensor[kInputs[0].bytes];

template <class T>
void read_sensor(void*, int32_t first, int32_t count, T* to) {
  __builtin_memcpy(to, sensor<T> + first * kInputs[0].row_bytes,
                   static_cast<uint32_t>(count * kInputs[0].row_bytes));
}

template <class T>
void run_in_rows(void* arena) {
  network::run(arena, read_sensor<T>, nullptr);
}

/// Where to put inputs, at their offsets.
inline uint8_t* inputs_of(void (*)(void*), uint8_t* arena) { return arena; }
template <class T>
uint8_t* inputs_of(RunInRows<T>, uint8_t*) {
  return sensor<T>;
}

/// A run on what inputs_of() holds.
inline auto run_of(void (*run)(void*)) { return run; }
template <class T>
auto run_of(RunInRows<T>) {
  return run_in_rows<T>;
}

using See = void (*)(int32_t tensor, const void* bytes, int32_t count);
/// A run on what inputs_of() holds that shows what is made.
inline void run_watched_of(void (*run)(void*, See), uint8_t* arena, See see) { run(arena, see); }
template <class T>
void run_watched_of(void (*run)(void*, ReadRows<T>, void*, See), uint8_t* arena, See see) {
  run(arena, read_sensor<T>, nullptr, see);
}
