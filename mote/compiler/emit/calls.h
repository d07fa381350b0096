#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mote/compiler/emit/constants.h"
#include "mote/compiler/emit/emit.h"
#include "mote/compiler/emit/names.h"
#include "mote/dispatch/kernel_table.h"
#include "mote/program/program.h"

namespace mote::emit {

/// Calls of kernels as C++, and what must be declared for them.
///
/// A call on its own gets its attributes and shapes as compile-time constants, and so an
/// instantiation of its kernel. Calls that share one, because they differ in numbers only, are
/// calls of a function with a struct of what differs.
class Calls {
 public:
  /// Keeps `program`.
  Calls(const program::Program& program, Shapes shapes)
      : program_(program), shapes_(shapes), constants_(program, names_) {}

  /// To be called once, before all else.
  /// @returns kUnsupported for kernels and instruction sets that only hosts have.
  Result<void> prepare();

  /// The statement that makes a call of the program.
  std::string text(const program::KernelCall& call);

  /// What the texts so far need before them.
  std::string declarations() const { return constants_.text() + "\n" + structs_; }
  /// Files of mote/core/kernels.
  const std::set<std::string>& headers() const { return headers_; }

 private:
  /// Calls that could share an instantiation.
  struct Group {
    const dispatch::KernelRow* row = nullptr;
    std::vector<const program::KernelCall*> calls;
    bool is_shared = false;
    bool is_declared = false;
  };
  struct Place {
    Group* group;
    std::string name;  ///< of the call: what names of its constants begin with
  };

  Result<void> add(const program::KernelCall& call);
  std::string read_text(const program::KernelCall& call) const;
  void declare(const Group& group);
  std::string constant(const program::KernelCall& call, std::size_t operand, DType type,
                       const std::string& role);
  std::string argument(const program::KernelCall& call, const dispatch::Parameter& parameter,
                       int index, std::size_t operand);

  const program::Program& program_;
  const Shapes shapes_;
  const dispatch::KernelTable* table_ = nullptr;
  Names names_;
  Constants constants_;
  std::map<std::string, Group> groups_;
  std::map<const program::KernelCall*, Place> places_;
  std::string structs_;
  std::set<std::string> headers_;
};

}  // namespace mote::emit
