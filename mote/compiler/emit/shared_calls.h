#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/dispatch/kernel_table.h"
#include "mote/program/program.h"

namespace mote::emit {

struct SharedCall {
  const program::KernelCall* call;
  std::string name;  ///< k + name is the struct of what it differs in
};

/// Calls that share an instantiation of their kernel: a struct of what differs between them, a
/// function that makes any of them, and the structs' values.
class SharedCalls {
 public:
  /// The name of the array that is a call's operand.
  using NameConstant = std::function<std::string(
      const program::KernelCall& call, std::size_t operand, DType type, const std::string& role)>;

  SharedCalls(std::string type, const dispatch::KernelRow& row, std::vector<SharedCall> calls,
              NameConstant name_constant)
      : type_(std::move(type)),
        row_(row),
        calls_(std::move(calls)),
        name_constant_(std::move(name_constant)),
        values_(calls_.size()) {}

  std::string text();

 private:
  std::string unique_member(const std::string& wanted);
  std::string expression(const std::string& type, const std::string& member,
                         const std::vector<std::string>& of_each_call);
  std::string attributes();
  std::string pointer(const dispatch::Parameter& parameter, int index, std::size_t operand,
                      const std::string& member);
  std::string view_argument(const dispatch::Parameter& parameter, int index, std::size_t operand);
  std::string argument(const dispatch::Parameter& parameter, int index, std::size_t operand);

  const std::string type_;
  const dispatch::KernelRow& row_;
  const std::vector<SharedCall> calls_;
  const NameConstant name_constant_;
  std::string attrs_type_, members_;
  std::vector<std::string> values_;  ///< a list of the members, a call each
  std::set<std::string> member_names_;
};

}  // namespace mote::emit
