#include "bench/measure/timing.h"

#include <sched.h>

namespace mote::bench {

bool pin_to_core() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int core = ::sched_getcpu();
  if (core < 0) return false;
  CPU_SET(static_cast<unsigned>(core), &set);
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

}  // namespace mote::bench
