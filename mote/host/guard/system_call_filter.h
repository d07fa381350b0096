#pragma once

#include "mote/support/result.h"

namespace mote::guard {

/// True where a sanitizer is compiled in that opens files and starts a process at exit.
bool built_with_sanitizer();

/// Allows the process and all its threads only the system calls that computing on memory and
/// writing to descriptors 1 and 2 takes; every other one fails with EPERM from now on.
///
/// @returns kUnsupported when the kernel or libseccomp refuses the filter.
Result<void> filter_system_calls();

}  // namespace mote::guard
