#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/boards/child.h"
#include "mote/support/result.h"

/// Networks on the boards of firmware/boards, under QEMU: docs/boards.md. The firmware, the headers
/// and the script that runs it are part of this program.
namespace mote::cli {

/// What to run on a board.
struct BoardJob {
  std::string board;                    ///< a folder of firmware/boards: "mps2-an386"
  std::string model;                    ///< the file
  std::vector<std::string> flags = {};  ///< for mote compile: "--stream=1"
  /// Records, each all inputs one after another, in the types of the model's file; "": fixed noise.
  std::span<const std::byte> input = {};
  /// Of how many records each recording is, at whose beginning state starts anew; empty: of one.
  std::vector<int> runs = {};
  bool outputs = false;    ///< also BoardRun::outputs
  bool self_test = false;  ///< also BoardRun::self_test
  bool sizes = true;       ///< also flash_bytes, const_bytes and ram_bytes
};

/// What a run took, as docs/boards.md defines it.
struct BoardRun {
  std::int64_t instructions = 0;  ///< of one run of the network, on the first record
  std::int64_t stack_bytes = 0, arena_bytes = 0;
  std::int64_t flash_bytes = 0;  ///< code and tables without constants; 0 without BoardJob::sizes
  std::int64_t const_bytes = 0, ram_bytes = 0;  ///< the same
  /// -1, or the first call whose result differs; nothing without BoardJob::self_test.
  std::optional<int> self_test;
  std::vector<std::byte> outputs;  ///< of each record all outputs, in the types of the model's file
};

/// The firmware as a folder, for as long as this lives. What boards need is looked for on this
/// machine when they run.
class BoardFolder {
 public:
  /// Unpacks it; `tool` is the mote to compile models with, else this program.
  /// @returns kIo where that fails.
  static Result<BoardFolder> create(std::string tool = "");

  /// Compiles a model for a board and runs it there. Any number of threads may do so at a time.
  ///
  /// @returns what it took, or
  /// - kUsage: there is no such board, or mote compile has no such flag;
  /// - kUnsupported: a compiler or QEMU is missing; the message names Debian's packages;
  /// - kOutOfMemory: the network does not fit on the board; the message has the bytes;
  /// - kBadInput: mote compile refuses the model, or the run went wrong;
  /// - kIo: files cannot be written or programs not started.
  Result<BoardRun> run(const BoardJob& job) const;

  /// Compiles a model for a board, with run_watched(), and runs it there on job.input.
  /// @returns what firmware/apps/show_tensors prints; errors as of run().
  Result<std::string> show_tensors(const BoardJob& job) const;

  /// Runs script/NAME of this folder with `arguments`, for what run() does not do. The tool that it
  /// finds as $MOTE is that of create().
  /// @returns what it printed; errors as of run().
  Result<std::string> script(std::string_view name,
                             const std::vector<std::string>& arguments) const;

  /// The root of the unpacked source: firmware/, script/ and mote/core/ are there.
  const std::string& root() const { return folder_.path(); }
  /// An empty folder inside, which no other call returns. @returns kIo where it cannot be made.
  Result<std::string> work_folder() const;

 private:
  BoardFolder(TemporaryFolder folder, std::string tool)
      : folder_(std::move(folder)), tool_(std::move(tool)) {}
  TemporaryFolder folder_;
  std::string tool_;
};

/// The names of all boards, sorted.
std::vector<std::string> board_names();

/// What a board's board.txt says behind `key=`: "target" is a name that mote compile knows.
/// Nothing where there is no such board or key.
std::optional<std::string> board_value(std::string_view board, std::string_view key);

/// Which Debian packages this machine lacks for a board's compiler, libraries and QEMU; empty:
/// none, or there is no such board.
std::vector<std::string> packages_missing(std::string_view board);

}  // namespace mote::cli
