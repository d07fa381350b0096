#include "mote/support/json.h"

#include <nlohmann/json.hpp>

#include "mote/support/cat.h"

namespace mote {
namespace {

using Foreign = nlohmann::ordered_json;

constexpr int kDeepest = 100;  // deeper nesting than any file of ours; recursion stays small

Foreign to_foreign(const Json& json) {
  if (const auto* list = json.as<Json::Array>()) {
    Foreign array = Foreign::array();
    for (const Json& item : *list) array.push_back(to_foreign(item));
    return array;
  }
  if (const auto* members = json.as<Json::Object>()) {
    Foreign object = Foreign::object();
    for (const auto& [key, item] : *members) object[key] = to_foreign(item);
    return object;
  }
  return std::visit(
      [](const auto& scalar) -> Foreign {
        using T = std::decay_t<decltype(scalar)>;
        if constexpr (std::is_same_v<T, Json::Array> || std::is_same_v<T, Json::Object>)
          return nullptr;
        else
          return scalar;
      },
      json.value);
}

Json from_foreign(const Foreign& foreign) {
  if (foreign.is_boolean()) return foreign.get<bool>();
  if (foreign.is_number_unsigned() && foreign.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
    return foreign.get<double>();
  if (foreign.is_number_integer()) return foreign.get<std::int64_t>();
  if (foreign.is_number()) return foreign.get<double>();
  if (foreign.is_string()) return foreign.get<std::string>();
  if (foreign.is_array()) {
    Json::Array array;
    for (const Foreign& item : foreign) array.push_back(from_foreign(item));
    return array;
  }
  if (!foreign.is_object()) return {};
  Json::Object object;
  for (const auto& [key, item] : foreign.items()) object.emplace_back(key, from_foreign(item));
  return object;
}

}  // namespace

Json::Json() : value(nullptr) {}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;
Json::Json(bool v) : value(v) {}
Json::Json(int v) : value(std::int64_t{v}) {}
Json::Json(std::int64_t v) : value(v) {}
Json::Json(std::size_t v) : value(static_cast<std::int64_t>(v)) {}
Json::Json(double v) : value(v) {}
Json::Json(const char* v) : value(std::string(v)) {}
Json::Json(std::string_view v) : value(std::string(v)) {}
Json::Json(std::string v) : value(std::move(v)) {}
Json::Json(Array v) : value(std::move(v)) {}
Json::Json(Object v) : value(std::move(v)) {}

const Json* Json::find(std::string_view key) const {
  const auto* members = as<Object>();
  if (!members) return nullptr;
  for (const auto& [name, item] : *members)
    if (name == key) return &item;
  return nullptr;
}

Result<double> Json::number() const {
  if (const auto* whole = as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = as<double>()) return *real;
  return bad_input("expected a number");
}

std::string dump(const Json& json) {
  return to_foreign(json).dump(2, ' ', false, Foreign::error_handler_t::replace) + '\n';
}

Result<Json> parse_json(std::string_view text, const std::string& source) {
  const auto limit_depth = [](int depth, Foreign::parse_event_t, const Foreign&) {
    if (depth > kDeepest) throw std::length_error("it is nested too deeply");
    return true;
  };
  try {
    return from_foreign(Foreign::parse(text, limit_depth));
  } catch (const std::exception& error) {
    return bad_input(cat(source, " is not valid JSON: ", error.what()));
  }
}

}  // namespace mote
