#pragma once

#include <span>
#include <string_view>

#include "mote/dispatch/signature.h"
#include "mote/program/attrs.h"
#include "mote/support/result.h"

/// Which function runs which kernel name on which instruction set.
namespace mote::dispatch {

/// An operand with its address: what a kernel of the table is called with.
struct BoundOperand {
  void* data = nullptr;
  Extents shape;
};

/// Runs one kernel. `attrs` points to the struct of kernel_list.h's row; operands are in its order.
using KernelFunction = void (*)(const void* attrs, const BoundOperand* operands);

struct KernelRow {
  std::string_view name;  ///< "conv_2d_s8": what KernelCall::kernel says
  KernelFunction run;
  std::size_t attrs_index;  ///< which alternative of program::Attributes it takes
  int operand_count;
  Signature signature;
};

/// The kernels compiled for one instruction set.
struct KernelTable {
  std::string_view isa;    ///< "avx512vnni"
  std::string_view needs;  ///< what the CPU must have, for people
  bool (*runs_here)();     ///< whether this CPU has it
  std::span<const KernelRow> rows;
  const KernelTable* more = nullptr;      ///< rows that not all programs have, or nothing
  const KernelTable* fallback = nullptr;  ///< where kernels are that this table lacks

  /// The kernel of that name; nullptr where none of the three has one.
  const KernelRow* find(std::string_view name) const;
};

/// The tables that this build has and this CPU can run, the best first.
std::span<const KernelTable* const> available_tables();

/// The table named `isa`; where that is empty, the one that the environment variable MOTE_ISA
/// names, or else the best.
///
/// @returns kUsage, with the names that there are, when this machine has none of that name.
Result<const KernelTable*> choose_table(std::string_view isa);

}  // namespace mote::dispatch
