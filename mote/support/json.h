#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mote/support/result.h"

namespace mote {

/// A JSON value: plain data. Objects keep the order in which they were written.
struct Json {
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value;

  Json() : value(nullptr) {}
  Json(bool v) : value(v) {}
  Json(int v) : value(std::int64_t{v}) {}
  Json(std::int64_t v) : value(v) {}
  Json(std::size_t v) : value(static_cast<std::int64_t>(v)) {}
  Json(double v) : value(v) {}
  Json(const char* v) : value(std::string(v)) {}
  Json(std::string_view v) : value(std::string(v)) {}
  Json(std::string v) : value(std::move(v)) {}
  Json(Array v) : value(std::move(v)) {}
  Json(Object v) : value(std::move(v)) {}
  template <class T>
  Json(const std::vector<T>& list) : value(Array(list.begin(), list.end())) {}

  /// The member of an object; nullptr where there is none, or this is no object.
  const Json* find(std::string_view key) const;
  /// This value as a T; nullptr where it is something else.
  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  /// A number of either kind.
  /// @returns kBadInput when it is none.
  Result<double> number() const;
};

/// The value as text, indented by two blanks, with a newline at the end. Numbers read back as the
/// same numbers; what JSON cannot hold (NaN, infinity) becomes null, broken UTF-8 becomes U+FFFD.
std::string dump(const Json& json);

/// Reads one JSON value. Whole numbers that an int64 holds are integers, all others doubles.
///
/// @returns kBadInput, with `source` and the place, for anything but exactly one value.
Result<Json> parse_json(std::string_view text, const std::string& source);

}  // namespace mote
