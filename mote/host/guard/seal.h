#pragma once

#include <string>

#include "mote/support/result.h"

namespace mote::guard {

struct SealOptions {
  /// Refuse to go on where the kernel has no Landlock; without it Landlock is used where present.
  bool require_landlock = false;
};

/// What holds once seal() has returned; each layer stands on its own.
struct SealReport {
  bool system_calls_filtered = false;   ///< seccomp: what is not on the short list fails with EPERM
  bool core_dumps_off = false;          ///< no core file, and no other process may read the memory
  int landlock_abi = 0;                 ///< 0: this kernel has no Landlock
  bool weakened_for_sanitizer = false;  ///< built with a sanitizer, which must read files and fork
};

/// Gives up, for the rest of this process's life, every way in which what it reads could leave it
/// other than by standard output and standard error.
///
/// To be called at one place, after the last input was read into memory and before it is parsed:
/// from then on there is no socket, no new program or process, no file opened (neither for writing
/// nor for reading), nothing written to any descriptor but 1 and 2, no executable memory, no core
/// dump. Threads, memory, clocks, reading open descriptors and leaving still work; all threads of
/// the process are covered by the filter. What is refused fails with EPERM. Freed heap is
/// overwritten. There is no way back.
///
/// Layers: RLIMIT_CORE 0, PR_SET_DUMPABLE 0, PR_SET_NO_NEW_PRIVS, Landlock with no path and no TCP
/// port allowed, and a seccomp list of what is allowed (what a list of forbidden calls forgets,
/// this one refuses). A build with AddressSanitizer or ThreadSanitizer also allows reading files
/// and forking, which these need at exit; its report says so.
///
/// @returns kUnsupported naming the layer and the way out when one is missing; the process is then
/// not to be trusted with the input, whatever layers hold already.
Result<SealReport> seal(const SealOptions& options = {});

/// One line for a person: "sealed: no network, ... (seccomp, Landlock 7, no core dumps)".
std::string describe(const SealReport& report);

}  // namespace mote::guard
