#pragma once

#include <stdint.h>

#include "board.h"

/// What a call takes of the processor and of the stack.
namespace measure {

extern "C" uint32_t _stack_end[];  ///< the stack's lowest word, as sections.ld has it

struct Taken {
  uint64_t count;        ///< of board::kCounted, from the function's first to its return
  uint32_t stack_bytes;  ///< below the caller's
  bool has_overflowed;   ///< the last painted word was used: stack_bytes may be too few
};

using Function = void (*)(void*);

inline uint32_t* stack_pointer() {
  uint32_t* sp;
#if defined(__riscv)
  asm volatile("mv %0, sp" : "=r"(sp));
#else
  asm volatile("mov %0, sp" : "=r"(sp));
#endif
  return sp;
}

/// 64 KB of stack are painted, or what there is.
inline uint32_t* lowest_painted(uint32_t* top) {
  constexpr uintptr_t kPaintedBytes = 64 << 10;
  const auto end = reinterpret_cast<uintptr_t>(_stack_end), from = reinterpret_cast<uintptr_t>(top);
  return from - end > kPaintedBytes ? top - kPaintedBytes / sizeof *top : _stack_end;
}

/// Calls `function` with a painted stack below it. The count is that of all between two looks at
/// the counter. firmware/qemu/weigh.cc looks until measured_to.
[[gnu::noipa]] inline Taken take_all(Function function, void* argument) {
  constexpr uint32_t kPaint = 0xA5C35A3C;
  uint32_t* const top = stack_pointer();
  uint32_t* const bottom = lowest_painted(top);
  for (volatile uint32_t* word = bottom; word < top; ++word) *word = kPaint;

  const auto start = board::ticks();
  function(argument);
  asm volatile(".global measured_to\nmeasured_to:" ::: "memory");
  const uint64_t ticks = board::ticks() - start;

  const volatile uint32_t* deepest = bottom;
  while (deepest < top && *deepest == kPaint) ++deepest;
  const auto size = reinterpret_cast<uintptr_t>(top) - reinterpret_cast<uintptr_t>(deepest);
  return {
      (ticks * board::kCountNumerator + board::kCountDenominator / 2) / board::kCountDenominator,
      static_cast<uint32_t>(size), deepest == bottom};
}

/// One instruction: its return.
[[gnu::noipa]] inline void nothing(void*) {}

/// What `function(argument)` takes, without what calling it takes.
inline Taken take(Function function, void* argument) {
  Taken taken = take_all(function, argument);
  taken.count -= take_all(nothing, argument).count - 1;
  return taken;
}

}  // namespace measure
