#include <charconv>
#include <cmath>

#include "cli/command.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

/// The whole of `text` as a T, or nothing.
template <class T>
bool read_number(const std::string& text, T& value) {
  const char* begin = text.data();
  if (!text.empty() && *begin == '+') ++begin;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string Args::text(std::string_view flag, std::string_view fallback) const {
  const auto it = flags.find(flag);
  return it == flags.end() || it->second.empty() ? std::string(fallback) : it->second.back();
}

std::vector<std::string> Args::texts(std::string_view flag) const {
  const auto it = flags.find(flag);
  return it == flags.end() ? std::vector<std::string>() : it->second;
}

Result<std::int64_t> Args::integer(std::string_view flag, std::int64_t fallback, std::int64_t low,
                                   std::int64_t high) const {
  if (!has(flag)) return fallback;
  std::int64_t value = 0;
  if (read_number(text(flag), value) && value >= low && value <= high) return value;
  return fail(ErrorCode::kUsage, cat(flag, " is '", text(flag), "', expected a whole number from ",
                                     low, " to ", high));
}

Result<double> Args::number(std::string_view flag, double fallback, double low, double high) const {
  if (!has(flag)) return fallback;
  double value = 0;
  if (read_number(text(flag), value) && std::isfinite(value) && value >= low && value <= high)
    return value;
  return fail(ErrorCode::kUsage,
              cat(flag, " is '", text(flag), "', expected a number from ", low, " to ", high));
}

}  // namespace mote::cli
