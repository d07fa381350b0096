#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace mote {
namespace cat_detail {

// Not inline, and no streams: messages are made at hundreds of places, and a stream at each of them
// was half of the code of a program.
void append(std::string& out, std::string_view text);
void append(std::string& out, char c);
void append(std::string& out, std::int64_t number);
void append(std::string& out, std::uint64_t number);
void append(std::string& out, double number);

template <std::signed_integral T>
void append(std::string& out, T number) {
  append(out, std::int64_t{number});
}
template <std::unsigned_integral T>
void append(std::string& out, T number) {
  append(out, std::uint64_t{number});
}
inline void append(std::string& out, float number) { append(out, double{number}); }
inline void append(std::string& out, const char* text) { append(out, std::string_view(text)); }
inline void append(std::string& out, const std::string& text) {
  append(out, std::string_view(text));
}

}  // namespace cat_detail

/// Joins its arguments into one string: `cat("needs ", 22016, " B")`. Numbers are written as by
/// printf's %d and %g.
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (cat_detail::append(out, parts), ...);
  return out;
}

}  // namespace mote
