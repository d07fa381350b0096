#include "mote/host/guard/seal.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "mote/host/guard/landlock.h"
#include "mote/host/guard/system_call_filter.h"
#include "mote/support/cat.h"

namespace mote::guard {
namespace {

tl::unexpected<Error> missing(const char* layer) {
  return unsupported(cat("cannot seal the process: ", layer, " failed (", std::strerror(errno),
                         "); what this command reads is private, so it does not go on without"));
}

Result<void> forbid_core_dumps() {
  const rlimit none = {.rlim_cur = 0, .rlim_max = 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return missing("RLIMIT_CORE");
  // LeakSanitizer's helper must attach to the process that it examines.
  if (!built_with_sanitizer() && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return missing("PR_SET_DUMPABLE");
  return {};
}

/// glibc then overwrites each block that is freed: decoders' buffers, not only mote's own.
void overwrite_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_PERTURB, 0x5a);
#endif
}

}  // namespace

Result<SealReport> seal(const SealOptions& options) {
  SealReport report = {.weakened_for_sanitizer = built_with_sanitizer()};
  overwrite_freed_memory();
  MOTE_TRY(forbid_core_dumps());
  report.core_dumps_off = true;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return missing("PR_SET_NO_NEW_PRIVS");
  // Sanitizers read /proc at exit, which Landlock without rules would not allow.
  if (!built_with_sanitizer()) {
    const auto abi = restrict_with_landlock();
    if (!abi) return tl::unexpected<Error>(abi.error());
    report.landlock_abi = *abi;
  }
  if (options.require_landlock && report.landlock_abi == 0)
    return unsupported(
        "cannot seal the process: this kernel has no Landlock, which was asked for; use Linux 5.13 "
        "or later with landlock in the lsm= list, or do without");
  MOTE_TRY(filter_system_calls());
  report.system_calls_filtered = true;
  return report;
}

std::string describe(const SealReport& report) {
  if (report.weakened_for_sanitizer)
    return "sealed, but weakly: this build has a sanitizer, which may read files and fork";
  return cat("sealed: no network, no programs, no files, no core dump (seccomp, ",
             report.landlock_abi > 0 ? cat("Landlock ", report.landlock_abi)
                                     : std::string("no Landlock in this kernel"),
             ")");
}

}  // namespace mote::guard
