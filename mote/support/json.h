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

  // Not inline: a variant of strings and vectors is much code at every place that makes one.
  Json();
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();
  Json(bool v);
  Json(int v);
  Json(std::int64_t v);
  Json(std::size_t v);
  Json(double v);
  Json(const char* v);
  Json(std::string_view v);
  Json(std::string v);
  Json(Array v);
  Json(Object v);
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
