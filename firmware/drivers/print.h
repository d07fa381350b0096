#pragma once

#include <stdint.h>

#include "board.h"

/// Numbers as text, through the board's write().
namespace drivers {

inline void print_decimal(uint64_t value) {
  char text[21];
  char* next = text + sizeof text;
  *--next = '\0';
  do {
    *--next = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  board::write(next);
}

inline void print_signed(int32_t value) {
  if (value < 0) board::write("-");
  print_decimal(value < 0 ? 0u - static_cast<uint32_t>(value) : static_cast<uint32_t>(value));
}

/// Two digits a byte; some at once, as a host may take long to take each.
inline void print_bytes(const uint8_t* bytes, int count) {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr int kAtOnce = 32;
  for (int i = 0; i < count;) {
    char text[2 * kAtOnce + 1];
    char* next = text;
    for (const int end = count - i < kAtOnce ? count : i + kAtOnce; i < end; ++i) {
      *next++ = kDigits[bytes[i] >> 4];
      *next++ = kDigits[bytes[i] & 15];
    }
    *next = '\0';
    board::write(text);
  }
}

inline void print_hex(uint32_t value) {
  const uint8_t bytes[] = {static_cast<uint8_t>(value >> 24), static_cast<uint8_t>(value >> 16),
                           static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
  board::write("0x");
  print_bytes(bytes, 4);
}

}  // namespace drivers
