#include "mote/program/program.h"

#include <numeric>

namespace mote::program {

std::int64_t macs(const Program& program) {
  return std::accumulate(program.calls.begin(), program.calls.end(), std::int64_t{0},
                         [](std::int64_t sum, const KernelCall& call) { return sum + call.macs; });
}

}  // namespace mote::program
