#pragma once

#include <stdint.h>

/// What every start-up does once there is a stack: the part that no processor does differently.
namespace startup {

extern "C" {
// Borders that sections.ld sets. Names with an underscore are the linker's.
extern uint32_t _data_source[], _data_start[], _data_end[], _bss_start[], _bss_end[];
extern void (*_init_start[])();
extern void (*_init_end[])();
}

/// Copies what is to be changed into RAM, clears the rest, runs constructors of static objects.
inline void prepare_memory() {
  const uint32_t* source = _data_source;
  for (uint32_t* to = _data_start; to < _data_end;) *to++ = *source++;
  for (uint32_t* to = _bss_start; to < _bss_end;) *to++ = 0;
  for (auto* constructor = _init_start; constructor < _init_end; ++constructor) (*constructor)();
}

}  // namespace startup
