#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/boards/board_folder.h"

namespace mote::cli {

/// A network on one target: compiled for it, and run on a board under QEMU.
struct OnTarget {
  std::string target;  ///< as mote compile has it
  std::string board;
  std::optional<BoardRun> run;
  Error obstacle = {};  ///< why there is no run

  /// Of code, tables and constants. There must be a run.
  std::int64_t flash_bytes() const { return run->flash_bytes + run->const_bytes; }
  /// Of data and bss other than arena and stack. There must be a run.
  std::int64_t other_ram_bytes() const {
    return run->ram_bytes - run->arena_bytes - run->stack_bytes;
  }
};

/// The targets that a board can measure. Those of rv32imc are measured as rv32imac, whose further
/// instructions (atomic ones) no network uses.
std::vector<std::string> measured_targets();

/// The target that stands for `target` in measured_targets().
std::string_view measured_as(std::string_view target);

/// The network of the file `model` on each of `targets`, as many at a time as there are processors,
/// with `flags` for mote compile. In the order of `targets`; what went wrong with one is in it.
///
/// @returns kIo where files cannot be written.
Result<std::vector<OnTarget>> measure(const std::string& model,
                                      const std::vector<std::string>& targets,
                                      const std::vector<std::string>& flags);

}  // namespace mote::cli
