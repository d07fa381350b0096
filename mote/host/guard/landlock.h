#pragma once

#include "mote/support/result.h"

namespace mote::guard {

/// Forbids the calling thread, and those it starts, every access to files by name and, as far as
/// this kernel can, TCP ports, abstract sockets and signals to other processes (Linux 5.13 and
/// later).
///
/// Needs PR_SET_NO_NEW_PRIVS. Files that are open already are not touched.
///
/// @returns Landlock's ABI, 0 where the kernel has none, or kUnsupported when it is there and
/// fails.
Result<int> restrict_with_landlock();

}  // namespace mote::guard
