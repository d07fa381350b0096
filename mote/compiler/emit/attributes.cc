#include "mote/compiler/emit/attributes.h"

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <variant>

#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

std::string value_text(int x) { return literal(std::int64_t{x}); }
std::string value_text(float x) { return literal(x); }
template <class T, std::size_t kSize>
std::string value_text(const T (&values)[kSize]) {
  std::string list;
  for (const T& x : values) list += cat(list.empty() ? "" : ", ", value_text(x));
  return cat("{", list, "}");
}

template <class T>
constexpr const char* type_name() {
  return std::is_same_v<std::remove_all_extents_t<T>, float> ? "float" : "int";
}

template <class T>
std::string constant_text(const char* name, const T& value) {
  return cat("  static constexpr ", type_name<T>(), " ", name, std::is_array_v<T> ? "[]" : "",
             " = ", value_text(value), ";\n");
}

template <class T>
std::string member_text(const char* name) {
  if constexpr (std::is_array_v<T>)
    return cat("  ", type_name<T>(), " ", name, "[", std::extent_v<T>, "];\n");
  else
    return cat("  ", type_name<T>(), " ", name, ";\n");
}

/// Calls use(name, member) for each field of a struct of attributes.
template <class Attrs, class Use>
void for_fields(Use use) {
  std::apply([&](const auto&... field) { (use(field.name, field.member), ...); }, Attrs::fields());
}

std::string indented(const std::string& text) {
  std::string out;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    out += "  " + text.substr(start, end - start);
    start = end;
  }
  return out;
}

}  // namespace

std::string attributes_text(const std::string& name, const program::Attributes& attributes) {
  std::string members;
  std::visit(
      [&](const auto& attrs) {
        for_fields<std::remove_cvref_t<decltype(attrs)>>([&](const char* field, auto member) {
          members += constant_text(field, attrs.*member);
        });
      },
      attributes);
  return members.empty() ? cat("struct ", name, " {};\n")
                         : cat("struct ", name, " {\n", members, "};\n");
}

SharedAttributes shared_attributes(std::span<const program::Attributes* const> calls) {
  SharedAttributes shared;
  std::string constants, members;
  std::vector<std::string> values(calls.size());
  std::visit(
      [&](const auto& first) {
        using Attrs = std::remove_cvref_t<decltype(first)>;
        for_fields<Attrs>([&](const char* field, auto member) {
          using Member = std::remove_cvref_t<decltype(first.*member)>;
          std::vector<std::string> texts;
          for (const program::Attributes* call : calls)
            texts.push_back(value_text(std::get<Attrs>(*call).*member));
          if (std::all_of(texts.begin(), texts.end(),
                          [&](const std::string& text) { return text == texts[0]; })) {
            constants += constant_text(field, first.*member);
            return;
          }
          members += member_text<Member>(field);
          for (std::size_t i = 0; i < calls.size(); ++i)
            values[i] += cat(values[i].empty() ? "" : ", ", texts[i]);
        });
      },
      *calls[0]);
  shared.type = indented(cat("struct Attrs {\n", constants, members, "}"));
  if (members.empty()) return shared;
  for (const std::string& list : values) shared.values.push_back(cat("{", list, "}"));
  return shared;
}

}  // namespace mote::emit
