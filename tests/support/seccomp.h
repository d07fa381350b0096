#pragma once

#include <sys/prctl.h>

namespace mote::tests {

/// Whether system calls can be filtered here: under an emulator such as qemu-aarch64 they cannot.
inline bool has_seccomp() { return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0; }

}  // namespace mote::tests

/// Ends the test as skipped, visibly, where nothing can be sealed.
#define MOTE_NEED_SECCOMP()          \
  if (!::mote::tests::has_seccomp()) \
  GTEST_SKIP() << "needs seccomp, which is missing here (an emulator has none)"
