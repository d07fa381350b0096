#include <algorithm>

#include "mote/host/power/energy.h"

namespace mote::power {
namespace {

constexpr std::string_view kMlperf = "MLPerf Tiny v1.3, ST's results: autoencoder, energy";
constexpr std::string_view kNordic = "Nordic, nRF52840 product specification v1.11, as quoted";
constexpr std::string_view kSheet54 = "Nordic, nRF54L15 product specification, Current consumption";
constexpr std::string_view kMemory = "from memory of the vendor's data sheet: verify";

constexpr PartPower kPowers[] = {
    {.part = "Apollo3-Blue",
     .supply_v = 3.3,
     .active = {{11.9, "measured, 0.573 mA at 48 MHz",
                 "a public repository that quotes the data sheet", 'B'},
                {6, "headline", "Ambiq's data sheet, as quoted", 'B'}},
     .sleep = {{2.7, "measured, a module", "a public repository that quotes the data sheet", 'B'},
               {1.0, "headline, radio off, RTC on", "Ambiq's data sheet, as quoted", 'B'}}},
    {.part = "Apollo4-Plus",
     .supply_v = 1.8,
     .active = {{4, "headline, from MRAM with cache", "Ambiq's page of the part, as quoted", 'B'},
                {}},
     .note = "runs from 1.71 to 2.2 V: needs a regulator from a 3 V cell, whose own current comes "
             "on top"},
    {.part = "STM32L4R5ZI",
     .supply_v = 3.0,
     .active = {{92.7, "measured, running a network at 120 MHz, external converter", kMlperf, 'A'},
                {100, "headline, linear regulator", "Zephyr documentation, board nucleo_l4r5zi",
                 'B', 3.3}},
     .sleep = {{2.8, "Stop 2 with RTC", kMemory, 'C'}, {}},
     .wake_us = 5},
    {.part = "STM32U575ZI",
     .supply_v = 1.8,
     .active = {{84.1, "measured, running a network at 160 MHz", kMlperf, 'A'},
                {41, "80 MHz, range 2, converter", "ST DS13737 r8, as quoted", 'B', 3.3}},
     .sleep = {{8.2, "Stop 2, all of the RAM", kMemory, 'C'},
               {3.5, "Stop 2, 16 KB of RAM", kMemory, 'C'}}},
    {.part = "STM32U385RG",
     .supply_v = 1.8,
     .active = {{34.1, "measured, running a network at 96 MHz", kMlperf, 'A'}, {}}},
    {.part = "nRF52832-xxAA",
     .supply_v = 3.0,
     .active = {{58, "from flash, converter", kMemory, 'C'}, {}},
     .sleep = {{1.9, "System ON, RAM kept, RTC", kMemory, 'C'}, {}},
     .wake_us = 3},
    {.part = "nRF52840",
     .supply_v = 3.0,
     .active = {{51.6, "from flash, converter, CoreMark", kNordic, 'B'},
                {43.8, "from RAM, converter", kNordic, 'B'}},
     .sleep = {{3.5, "measured, a board, its flash in deep power-down", "a public repository", 'B'},
               {3.16, "System ON, 256 KB of RAM, RTC", kNordic, 'B'}},
     .wake_us = 2.5},
    {.part = "nRF5340",
     .supply_v = 3.0,
     .active = {{64.1, "measured, 24.6 mW at 128 MHz", "arXiv 2309.02393", 'B'},
                {61, "the application's core", "Nordic's specification, as quoted", 'B'}},
     .sleep = {{2.4, "System ON, RAM kept", "Nordic's specification, as quoted", 'B'},
               {1.3, "System ON idle, the least", "Nordic's specification, as quoted", 'B'}}},
    {.part = "nRF54L15",
     .supply_v = 3.0,
     .active = {{20, "about, at 128 MHz", "a public repository that quotes the data sheet", 'B'},
                {16.4, "its sibling nRF54LC10A, preliminary", "Nordic, nRF54LC10A", 'B'}},
     .sleep = {{3.5, "System ON, 256 KB of RAM, RC oscillator", kSheet54, 'A'},
               {2.9, "System ON, 256 KB of RAM, crystal", kSheet54, 'A'}}},
};

// Cortex-M4: MLPerf Tiny has microTVM with CMSIS-NN at 120 MHz, in 100 (keywords), 390 (images),
// 301 (persons) and 8.6 ms (autoencoder). CMSIS-NN in TensorFlow Lite Micro takes 7.70, 29.9, 24.1
// and 0.583 M instructions for them under QEMU: 1.56, 1.57, 1.50 and 1.77 cycles each, if the
// kernels are the same. So flash and its wait states are in the higher end.
constexpr std::string_view kLikeM4 =
    "MLPerf Tiny: CMSIS-NN on a Cortex-M4 at 120 MHz takes 1.5 to 1.8 cycles for each of its "
    "instructions under QEMU, flash wait states included; from RAM without wait states about 1.2";
constexpr CyclesEach kCycles[] = {
    {"cortex-m0plus", {1.3, 2.0}, "loads and stores take 2 cycles, branches taken 2; assumed"},
    {"cortex-m3", {1.2, 1.8}, kLikeM4},
    {"cortex-m4", {1.2, 1.8}, kLikeM4},
    {"cortex-m7", {0.6, 1.2}, "two instructions at a time where they pair, behind caches; assumed"},
    {"cortex-m33",
     {1.0, 1.6},
     "MLPerf Tiny: ST's keywords take 4.4 M cycles on STM32U575, 5.2 M on STM32L4R5, so 0.85 of a "
     "Cortex-M4, computed from energies and the power of another network"},
    {"cortex-m55", {1.3, 2.2}, "vector instructions take 2 beats, some overlap; assumed"},
    {"rv32imac", {1.1, 2.0}, "one instruction a cycle, loads and branches some more; assumed"},
    {"rv32imc", {1.1, 2.0}, "one instruction a cycle, loads and branches some more; assumed"},
};

}  // namespace

std::span<const PartPower> all_part_powers() { return kPowers; }

const PartPower* power_of(std::string_view part) {
  const auto* it = std::find_if(std::begin(kPowers), std::end(kPowers),
                                [&](const PartPower& power) { return power.part == part; });
  return it == std::end(kPowers) ? nullptr : it;
}

std::span<const CyclesEach> all_cycles_each() { return kCycles; }

const CyclesEach* cycles_each(std::string_view target) {
  const auto* it = std::find_if(std::begin(kCycles), std::end(kCycles),
                                [&](const CyclesEach& each) { return each.target == target; });
  return it == std::end(kCycles) ? nullptr : it;
}

}  // namespace mote::power
