#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/boards/board_folder.h"
#include "cli/command.h"
#include "cli/saved_tensors.h"
#include "mote/host/tensor_io/input.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// What `mote run` and `mote diff` do with a board in place of an interpreter.
namespace mote::cli {

/// What --board and the flags beside it say.
struct BoardChoice {
  std::string board;               ///< a folder of firmware/boards
  std::string isa;                 ///< whose kernels its processor runs
  std::string model;               ///< the file
  std::vector<std::string> flags;  ///< for mote compile
};

inline constexpr Flag kBoardFlag = {
    "--board", "NAME",
    "a board under QEMU: mps2-an386 (Cortex-M4), virt-rv32, ...; docs/boards.md"};
inline constexpr Flag kShapesFlag = {
    "--shapes", "KIND", "with --board: static, dynamic or auto, as for `mote compile`"};

/// Those of a command's flags that are mote compile's, as given.
std::vector<std::string> compile_flags(const Args& args);

/// @returns kUsage where there is no such board, or the model comes from standard input.
Result<BoardChoice> board_from(const Args& args);

/// Runs all inputs on the board; state starts anew with each of `inputs`.
///
/// `program` is the model's for choice.isa. @returns every tensor that some call writes; or errors
/// as of BoardFolder::run(); kBadInput where the board shows other tensors than `program` has.
Result<SavedTensors> tensors_on_board(const BoardChoice& choice, const program::Program& program,
                                      std::span<const tensor_io::InputSets> inputs);

/// The same, but for the outputs alone: BoardRun::outputs has them as the tensors hold them, run
/// after run.
Result<BoardRun> run_on_board(const BoardChoice& choice, const program::Program& program,
                              std::span<const tensor_io::InputSets> inputs);

}  // namespace mote::cli
