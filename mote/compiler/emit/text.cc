#include "mote/compiler/emit/text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iterator>

namespace mote::emit {
namespace {

constexpr std::size_t kColumns = 100;

/// Words of C++20 that are no names, and names that emitted code takes from elsewhere.
constexpr std::string_view kTaken[] = {
    "alignas",   "alignof",      "and",           "and_eq",
    "asm",       "auto",         "bitand",        "bitor",
    "bool",      "break",        "case",          "catch",
    "char",      "char16_t",     "char32_t",      "char8_t",
    "class",     "co_await",     "co_return",     "co_yield",
    "compl",     "concept",      "const",         "const_cast",
    "consteval", "constexpr",    "constinit",     "continue",
    "decltype",  "default",      "delete",        "do",
    "double",    "dynamic_cast", "else",          "enum",
    "explicit",  "export",       "extern",        "false",
    "float",     "for",          "friend",        "goto",
    "if",        "inline",       "int",           "long",
    "mote",      "mutable",      "namespace",     "new",
    "noexcept",  "not",          "not_eq",        "nullptr",
    "operator",  "or",           "or_eq",         "private",
    "protected", "public",       "register",      "reinterpret_cast",
    "requires",  "return",       "short",         "signed",
    "sizeof",    "static",       "static_assert", "static_cast",
    "std",       "struct",       "switch",        "template",
    "this",      "thread_local", "throw",         "true",
    "try",       "typedef",      "typeid",        "typename",
    "union",     "unsigned",     "using",         "virtual",
    "void",      "volatile",     "wchar_t",       "while",
    "xor",       "xor_eq",       "int8_t",        "int16_t",
    "int32_t",   "int64_t",      "uint8_t",       "uint16_t",
    "uint32_t",  "uint64_t"};

template <class T>
T read(std::span<const std::byte> bytes, std::size_t i) {
  T x;
  std::memcpy(&x, bytes.data() + i * sizeof(T), sizeof(T));
  return x;
}

std::string element(DType type, std::span<const std::byte> bytes, std::size_t i) {
  switch (type) {
    case DType::kFloat32:
      return literal(read<float>(bytes, i));
    case DType::kInt8:
      return literal(std::int64_t{read<std::int8_t>(bytes, i)});
    case DType::kUint8:
      return literal(std::int64_t{read<std::uint8_t>(bytes, i)});
    case DType::kInt16:
      return literal(std::int64_t{read<std::int16_t>(bytes, i)});
    case DType::kUint16:
      return literal(std::int64_t{read<std::uint16_t>(bytes, i)});
    case DType::kInt32:
      return literal(std::int64_t{read<std::int32_t>(bytes, i)});
    case DType::kUint32:
      return literal(std::int64_t{read<std::uint32_t>(bytes, i)}) + "u";
    case DType::kInt64:
      return literal(read<std::int64_t>(bytes, i));
    case DType::kUint64:
      return std::to_string(read<std::uint64_t>(bytes, i)) + "u";
    case DType::kBool:
      return read<std::uint8_t>(bytes, i) ? "true" : "false";
  }
  return "0";
}

}  // namespace

const char* cpp_name(DType type) {
  switch (type) {
    case DType::kFloat32:
      return "float";
    case DType::kInt8:
      return "int8_t";
    case DType::kUint8:
      return "uint8_t";
    case DType::kInt16:
      return "int16_t";
    case DType::kUint16:
      return "uint16_t";
    case DType::kInt32:
      return "int32_t";
    case DType::kUint32:
      return "uint32_t";
    case DType::kInt64:
      return "int64_t";
    case DType::kUint64:
      return "uint64_t";
    case DType::kBool:
      return "bool";
  }
  return "";
}

std::string literal(float x) {
  if (std::isnan(x)) return "__builtin_nanf(\"\")";
  if (std::isinf(x)) return x < 0 ? "-__builtin_inff()" : "__builtin_inff()";
  if (x == std::trunc(x) && std::abs(x) < 1000 && !(x == 0 && std::signbit(x)))
    return std::to_string(static_cast<int>(x)) + ".0f";
  char text[40];
  std::snprintf(text, sizeof text, "%af", static_cast<double>(x));
  return text;
}

std::string literal(std::int64_t x) {
  // The lowest numbers have no literal: a minus sign is an operator.
  if (x == INT64_MIN) return "INT64_MIN";
  if (x == INT32_MIN) return "INT32_MIN";
  return std::to_string(x);
}

std::string list_of(DType type, std::span<const std::byte> bytes) {
  const std::size_t count = bytes.size() / static_cast<std::size_t>(size_of(type));
  std::string text = "{\n", line = "   ";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string next = " " + element(type, bytes, i) + ",";
    if (line.size() + next.size() > kColumns) {
      text += line + "\n";
      line = "   ";
    }
    line += next;
  }
  return text + line + "\n}";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\%03o", static_cast<unsigned>(byte));
      out += escape;
    }
  }
  return out + '"';
}

std::string comment(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // A backslash at the end of a line would go on with the comment.
    out += byte >= 0x20 && byte < 0x7f && c != '\\' ? c : '?';
  }
  return out;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  for (char c : text)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  return std::find(std::begin(kTaken), std::end(kTaken), text) == std::end(kTaken);
}

}  // namespace mote::emit
