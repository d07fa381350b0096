#pragma once

#include <stdint.h>

namespace drivers {

/// TIMER0 of Nordic's nRF51: 32 bits of 16 MHz.
struct Nrf51Timer {
  static volatile uint32_t& at(uint32_t offset) {
    return *reinterpret_cast<volatile uint32_t*>(0x40008000 + offset);
  }

  static void start() {
    at(0x508) = 3;  // BITMODE: 32 bits
    at(0x510) = 0;  // PRESCALER: 16 MHz
    at(0x000) = 1;  // TASKS_START
  }

  /// Cycles of 16 MHz since start(), modulo 2^32.
  static uint32_t ticks() {
    at(0x040) = 1;  // TASKS_CAPTURE[0]
    return at(0x540);
  }
};

}  // namespace drivers
