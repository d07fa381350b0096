#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A small strace: which system calls a program and its threads make, seen from outside.
namespace mote::tests {

struct SystemCall {
  std::string name;  ///< "openat"; "?" and the number where the name is not known
  std::uint64_t arguments[6] = {};
  std::string path;         ///< what openat and open are asked for
  std::int64_t result = 0;  ///< minus an errno on failure
};

struct Trace {
  std::vector<SystemCall> calls;  ///< in the order of their beginnings
  int exit_code = -1;             ///< minus the signal where one ended it
  std::string out, err;
};

/// Runs a program under ptrace(2), standard output and error going to files.
///
/// @returns nothing where this machine does not allow tracing.
std::optional<Trace> trace(const std::vector<std::string>& words);

}  // namespace mote::tests
