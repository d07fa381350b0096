#pragma once

#include <span>
#include <string>
#include <vector>

#include "mote/program/attrs.h"

namespace mote::emit {

/// Attributes as a struct of compile-time constants.
std::string attributes_text(const std::string& name, const program::Attributes& attributes);

/// The attributes of several calls as one struct: what is the same in all is a compile-time
/// constant, the rest are members.
struct SharedAttributes {
  std::string type;                 ///< the struct, indented by two
  std::vector<std::string> values;  ///< a call each: "{1, 2}"; empty where nothing differs
};
/// `calls` are of one alternative.
SharedAttributes shared_attributes(std::span<const program::Attributes* const> calls);

}  // namespace mote::emit
