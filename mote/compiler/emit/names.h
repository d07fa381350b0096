#pragma once

#include <set>
#include <string>
#include <string_view>

#include "mote/program/program.h"

/// What emitted code calls its constants.
namespace mote::emit {

/// Gives each name once.
class Names {
 public:
  /// `wanted` where nobody has it; else with a number behind it.
  std::string unique(const std::string& wanted);

 private:
  std::set<std::string> taken_;
};

/// A short name for a call, which starts with a capital: "Conv1" where its result is called
/// 'conv1'; where that name is long or says nothing, "Conv2d3" for node 3, a CONV_2D.
std::string name_of(const program::KernelCall& call);

/// "Conv2dS8" for "conv_2d_s8".
std::string camel_case(std::string_view name);

/// What a kernel's parameter after the attributes is, counted from 0: "Filter"; "" where it is an
/// input or output.
std::string_view role_of(std::string_view kernel, int parameter);

}  // namespace mote::emit
