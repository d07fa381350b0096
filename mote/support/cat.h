#pragma once

#include <sstream>
#include <string>

namespace mote {

/// Joins its arguments, printed as by operator<<, into one string: `cat("needs ", 22016, " B")`.
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

}  // namespace mote
