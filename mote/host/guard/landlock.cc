#include "mote/host/guard/landlock.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "mote/support/cat.h"

// Debian 12's kernel headers stop at ABI 1, and the C library has no wrappers: the numbers, which
// are the same on every architecture, and the structure stand here as in linux/landlock.h of
// Linux 6.12.
namespace mote::guard {
namespace {

constexpr long kCreateRuleset = 444, kRestrictSelf = 446;
constexpr std::uint32_t kAskVersion = 1;

struct RulesetAttributes {
  std::uint64_t handled_access_fs;   // ABI 1
  std::uint64_t handled_access_net;  // ABI 4
  std::uint64_t scoped;              // ABI 6
};

/// All rights that kernels of this ABI know, so that without any rule all are denied.
RulesetAttributes everything(int abi) {
  const int fs_rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
  return {.handled_access_fs = (std::uint64_t{1} << fs_rights) - 1,
          .handled_access_net = abi >= 4 ? 3u : 0u,  // bind and connect TCP
          .scoped = abi >= 6 ? 3u : 0u};             // abstract unix sockets, signals
}

std::size_t size_of_attributes(int abi) { return abi >= 6 ? 24 : abi >= 4 ? 16 : 8; }

}  // namespace

Result<int> restrict_with_landlock() {
  const int abi = static_cast<int>(syscall(kCreateRuleset, nullptr, 0, kAskVersion));
  if (abi <= 0) return 0;
  const RulesetAttributes attributes = everything(abi);
  const int ruleset =
      static_cast<int>(syscall(kCreateRuleset, &attributes, size_of_attributes(abi), 0));
  const bool restricted = ruleset >= 0 && syscall(kRestrictSelf, ruleset, 0) == 0;
  const int error = errno;
  if (ruleset >= 0) close(ruleset);
  if (!restricted)
    return unsupported(cat("cannot seal the process: Landlock (ABI ", abi, ") refused (",
                           std::strerror(error), ")"));
  return abi;
}

}  // namespace mote::guard
