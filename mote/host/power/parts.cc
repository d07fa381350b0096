#include "mote/host/power/parts.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "mote/support/cat.h"

namespace mote::power {
namespace {

constexpr std::int64_t operator""_KB(unsigned long long n) { return std::int64_t(n) * 1024; }
constexpr std::int64_t operator""_MB(unsigned long long n) { return std::int64_t(n) << 20; }

constexpr std::string_view kMemory = "from memory of the vendor's data sheet: verify";
constexpr std::string_view kOutside = "flash outside the chip; size as on the vendor's board";

// By vendor. Grades as Part::grade has them.
constexpr Part kParts[] = {
    {"STM32L053R8", "cortex-m0plus", "Cortex-M0+", 64_KB, 8_KB, 32,
     "PlatformIO, board nucleo_l053r8", 'B'},
    {"STM32G071RB", "cortex-m0plus", "Cortex-M0+", 128_KB, 36_KB, 64,
     "PlatformIO, board nucleo_g071rb", 'B'},
    {"STM32F103C8", "cortex-m3", "Cortex-M3", 64_KB, 20_KB, 72, kMemory, 'C'},
    {"STM32F411RE", "cortex-m4", "Cortex-M4F", 512_KB, 128_KB, 100,
     "Zephyr documentation, board nucleo_f411re", 'B'},
    {"STM32F446RE", "cortex-m4", "Cortex-M4F", 512_KB, 128_KB, 180,
     "Zephyr documentation, board nucleo_f446re", 'B'},
    {"STM32L432KC", "cortex-m4", "Cortex-M4F", 256_KB, 64_KB, 80,
     "Zephyr documentation, board nucleo_l432kc", 'B'},
    {"STM32L476RG", "cortex-m4", "Cortex-M4F", 1_MB, 128_KB, 80, "PlatformIO, board nucleo_l476rg",
     'B'},
    {"STM32L4R5ZI", "cortex-m4", "Cortex-M4F", 2_MB, 640_KB, 120,
     "RIOT documentation, board nucleo-l4r5zi", 'B'},
    {"STM32WB55RG", "cortex-m4", "Cortex-M4F", 1_MB, 192_KB, 64,
     "Mbed OS, TARGET_STM32WB: 192 KB of 256 KB are the application's", 'B',
     "the radio's firmware takes some of the flash"},
    {"STM32F746ZG", "cortex-m7", "Cortex-M7F", 1_MB, 320_KB, 216, "PlatformIO, board nucleo_f746zg",
     'B'},
    {"STM32H743ZI", "cortex-m7", "Cortex-M7F", 2_MB, 1_MB, 480,
     "Zephyr documentation, board nucleo_h743zi", 'B',
     "RAM in several banks: the largest has 512 KB"},
    {"STM32H7A3ZI", "cortex-m7", "Cortex-M7F", 2_MB, 1184_KB, 280, kMemory, 'C',
     "RAM in several banks"},
    {"STM32L552ZE", "cortex-m33", "Cortex-M33F", 512_KB, 256_KB, 110,
     "RIOT documentation, board nucleo-l552ze-q", 'B'},
    {"STM32U575ZI", "cortex-m33", "Cortex-M33F", 2_MB, 768_KB, 160,
     "RIOT documentation, board nucleo-u575zi-q", 'B'},
    {"STM32U385RG", "cortex-m33", "Cortex-M33F", 1_MB, 256_KB, 96, kMemory, 'C'},
    {"STM32N657X0", "cortex-m55", "Cortex-M55", 64_MB, 4300800, 800, kMemory, 'C', kOutside},
    {"nRF51822-xxAA", "cortex-m0plus", "Cortex-M0", 256_KB, 16_KB, 16, "rmicrobit 1.0.0, memory.x",
     'B', "that of the BBC micro:bit, version 1"},
    {"nRF52832-xxAA", "cortex-m4", "Cortex-M4F", 512_KB, 64_KB, 64,
     "PlatformIO documentation, board 96b_nitrogen", 'B'},
    {"nRF52833", "cortex-m4", "Cortex-M4F", 512_KB, 128_KB, 64,
     "discussion 19 of ffenix113/zigbee_home", 'B', "that of the BBC micro:bit, version 2"},
    {"nRF52840", "cortex-m4", "Cortex-M4F", 1_MB, 256_KB, 64,
     "Zephyr documentation, board adafruit_feather_nrf52840", 'B'},
    {"nRF5340", "cortex-m33", "Cortex-M33F", 1_MB, 512_KB, 128, kMemory, 'C',
     "the application's core"},
    {"nRF54L05", "cortex-m33", "Cortex-M33F", 500_KB, 96_KB, 128,
     "Nordic, nRF54L15/L10/L05 product specification, Overview", 'A'},
    {"nRF54L15", "cortex-m33", "Cortex-M33F", 1524_KB, 256_KB, 128,
     "Nordic, nRF54L15/L10/L05 product specification, Overview", 'A'},
    {"RP2040", "cortex-m0plus", "Cortex-M0+", 2_MB, 264_KB, 133,
     "MicroPython documentation, RP2xxx port", 'B', kOutside},
    {"RP2350", "cortex-m33", "Cortex-M33F", 4_MB, 520_KB, 150,
     "MicroPython documentation, RP2xxx port", 'B', kOutside},
    {"RP2350-RISC-V", "rv32imac", "Hazard3", 4_MB, 520_KB, 150,
     "MicroPython documentation, RP2xxx port", 'B', kOutside},
    {"Apollo3-Blue", "cortex-m4", "Cortex-M4F", 1_MB, 384_KB, 96,
     "Zephyr documentation, board apollo3_evb", 'B'},
    {"Apollo4-Plus", "cortex-m4", "Cortex-M4F", 2_MB, 2816_KB, 192,
     "Zephyr documentation, board apollo4p_evb", 'B'},
    {"ESP32-C3", "rv32imc", "RV32IMC", 4_MB, 400_KB, 160,
     "a public table that compares Espressif's chips", 'B', kOutside},
    {"ESP32-C6", "rv32imac", "RV32IMAC", 4_MB, 512_KB, 160, kMemory, 'C', kOutside},
    {"ESP32-S3", "", "Xtensa LX7", 8_MB, 512_KB, 240, "Espressif, overview of its chips", 'A',
     kOutside},
    {"Alif-Ensemble-E3-HE", "cortex-m55", "Cortex-M55", 5632_KB, 512_KB, 160, kMemory, 'C',
     "the efficient core with its own memories"},
    {"Alif-Ensemble-E3-HP", "cortex-m55", "Cortex-M55", 5632_KB, 1280_KB, 400, kMemory, 'C',
     "the fast core with its own memories"},
    {"M55M1", "cortex-m55", "Cortex-M55", 2_MB, 1344_KB, 220,
     "Zephyr documentation, board numaker_m55m1", 'B'},
    {"RA8M1", "cortex-m55", "Cortex-M85", 2_MB, 1_MB, 480, kMemory, 'C',
     "runs code for Cortex-M55; 480 MHz: Zephyr documentation, board ek_ra8m1"},
    {"SAMD21G18", "cortex-m0plus", "Cortex-M0+", 256_KB, 32_KB, 48,
     "RIOT documentation, board arduino-zero", 'B'},
    {"SAMD51J19", "cortex-m4", "Cortex-M4F", 512_KB, 192_KB, 120, kMemory, 'C'},
    {"MAX78000", "cortex-m4", "Cortex-M4F", 512_KB, 128_KB, 100, kMemory, 'C',
     "without its accelerator"},
    {"GD32VF103CB", "rv32imac", "RV32IMAC", 128_KB, 32_KB, 108,
     "Zephyr documentation, board gd32vf103c_starter", 'B'},
    {"CH32V203C8", "rv32imac", "RV32IMAC", 64_KB, 20_KB, 144,
     "README of WeActStudio.BluePill-Plus-CH32", 'B'},
    {"CH32V307VC", "rv32imac", "RV32IMAFC", 256_KB, 64_KB, 144, "README of WCH's openwch/ch32v307",
     'B'},
};

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

std::string names_of(const std::vector<const Part*>& parts) {
  std::string names;
  for (const Part* part : parts) names += cat(names.empty() ? "" : ", ", part->name);
  return names;
}

/// The parts whose names have most of the beginning of `name`, or that hold it; all where none
/// does.
std::vector<const Part*> near(const std::string& name) {
  std::size_t most = 2;
  for (const Part& part : kParts) most = std::max(most, common_prefix(name, lower(part.name)));
  std::vector<const Part*> found;
  for (const Part& part : kParts) {
    const std::string own = lower(part.name);
    if (common_prefix(name, own) == most || (name.size() > 2 && own.find(name) != own.npos))
      found.push_back(&part);
  }
  if (found.empty())
    for (const Part& part : kParts) found.push_back(&part);
  return found;
}

}  // namespace

std::span<const Part> all_parts() { return kParts; }

Result<const Part*> find_part(std::string_view name) {
  const std::string wanted = lower(name);
  std::vector<const Part*> found;
  for (const Part& part : kParts) {
    const std::string own = lower(part.name);
    if (own == wanted) return &part;
    if (!wanted.empty() && own.starts_with(wanted)) found.push_back(&part);
  }
  if (found.size() == 1) return found[0];
  if (!found.empty())
    return fail(ErrorCode::kUsage,
                cat("'", name, "' may be each of ", names_of(found), "; write more of the name"));
  return fail(ErrorCode::kUsage,
              cat("mote knows no part '", name, "'; near it: ", names_of(near(wanted)),
                  ". --flash=BYTES --ram=BYTES asks for any other"));
}

const Part* smallest_part(std::int64_t flash_bytes, std::int64_t ram_bytes,
                          std::string_view target) {
  const Part* best = nullptr;
  for (const Part& part : kParts) {
    if (part.flash_bytes < flash_bytes || part.ram_bytes < ram_bytes) continue;
    if (part.target.empty() || (!target.empty() && part.target != target)) continue;
    if (!best || part.ram_bytes < best->ram_bytes ||
        (part.ram_bytes == best->ram_bytes && part.flash_bytes < best->flash_bytes))
      best = &part;
  }
  return best;
}

}  // namespace mote::power
