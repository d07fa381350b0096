#include <algorithm>
#include <span>
#include <string_view>

#include "mote/compiler/emit/emit.h"

namespace mote::emit {
namespace {

constexpr Target kTargets[] = {
    {"host", "scalar", "-O2"},
    {"cortex-m0plus", "scalar_packed", "-mcpu=cortex-m0plus -mthumb -O2"},
    {"cortex-m3", "scalar_packed", "-mcpu=cortex-m3 -mthumb -O2"},
    {"cortex-m4", "dsp", "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -O2"},
    {"cortex-m7", "dsp", "-mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16 -O2"},
    {"cortex-m33", "dsp", "-mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16 -O2"},
    {"cortex-m55", "mve", "-mcpu=cortex-m55 -mthumb -mfloat-abi=hard -O2"},
    {"rv32imc", "scalar_packed", "-march=rv32imc -mabi=ilp32 -O2 -fno-schedule-insns"},
    {"rv32imac", "scalar_packed", "-march=rv32imac -mabi=ilp32 -O2 -fno-schedule-insns"},
    {"rv64imac", "scalar_packed",
     "-march=rv64imac -mabi=lp64 -mcmodel=medany -O2 -fno-schedule-insns"},
};

}  // namespace

std::span<const Target> all_targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  const auto* it = std::find_if(std::begin(kTargets), std::end(kTargets),
                                [&](const Target& target) { return target.name == name; });
  return it == std::end(kTargets) ? nullptr : it;
}

}  // namespace mote::emit
