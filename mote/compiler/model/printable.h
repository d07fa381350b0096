#pragma once

#include <string>
#include <string_view>

namespace mote::model {

/// `text` as valid UTF-8 on one line: each control character, and each byte that is not part of a
/// valid sequence, becomes '?'.
///
/// Names from files go into messages, JSON and generated sources, where none of them may end a line
/// or a string.
std::string printable(std::string_view text);

}  // namespace mote::model
