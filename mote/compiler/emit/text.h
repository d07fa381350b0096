#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "mote/core/base/dtype.h"

/// C++ as text.
namespace mote::emit {

/// "int8_t"
const char* cpp_name(DType type);

/// A literal that reads back as the same number: "0x1.2p-3f", "7".
std::string literal(float x);
std::string literal(std::int64_t x);

/// Elements as a braced list, in lines of at most 100 columns, indented by two.
std::string list_of(DType type, std::span<const std::byte> bytes);

/// A string literal: quotes, backslashes and what is not printable ASCII escaped.
std::string quoted(std::string_view text);

/// One line for a comment: what is not printable ASCII becomes '?'.
std::string comment(std::string_view text);

/// Whether a name may be that of a namespace: letters, digits and underscores, and no word of C++
/// or name that emitted code uses.
bool is_identifier(std::string_view text);

}  // namespace mote::emit
