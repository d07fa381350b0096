#pragma once

#include <span>
#include <string_view>

#include "mote/program/attrs.h"

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
};

/// The kernels compiled for one instruction set.
struct KernelTable {
  std::string_view isa;  ///< "scalar"
  std::span<const KernelRow> rows;

  /// The kernel of that name; nullptr where the table has none.
  const KernelRow* find(std::string_view name) const;
};

/// The tables that this build has and this CPU can run, the best first.
std::span<const KernelTable* const> available_tables();
/// The table of that name among them; nullptr where there is none. "": the best.
const KernelTable* find_table(std::string_view isa);

}  // namespace mote::dispatch
