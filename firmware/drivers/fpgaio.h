#pragma once

#include <stdint.h>

namespace drivers {

/// The FPGA's counters of Arm's MPS2 and MPS3 boards, whose registers begin at `kBase`: one of 32
/// bits that counts `kHz`, and one of 100 Hz that says how often the first has begun anew.
template <uint32_t kBase, uint32_t kTicksPerSecond>
struct Fpgaio {
  static constexpr uint32_t kHz = kTicksPerSecond;

  static uint32_t read(uint32_t offset) {
    return *reinterpret_cast<volatile uint32_t*>(kBase + offset);
  }

  /// Cycles of the counter's clock; only differences mean something.
  static uint64_t ticks() {
    const uint64_t roughly = uint64_t{read(0x14)} * (kHz / 100);
    const uint32_t exact = read(0x18);
    const auto beyond = static_cast<int32_t>(exact - static_cast<uint32_t>(roughly));
    return roughly + static_cast<uint64_t>(int64_t{beyond});
  }
};

}  // namespace drivers
