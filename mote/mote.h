#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mote/compiler/onnx/import.h"
#include "mote/compiler/passes/pass.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// Runs a trained network on this machine, from one header:
///
///     mote::Result<mote::Interpreter> network = mote::load("kws.tflite");
///     if (!network) return complain(network.error().message);
///     network->input(0).write_real(features);  // real numbers; quantised where the network is
///     network->run();
///     std::vector<float> scores = network->output(0).read_real();
///
/// examples/run_model.cc is this as a whole program.
namespace mote {

using passes::Bands;
using passes::Stream;
using program::Program;
using program::TensorInfo;
using runtime::Interpreter;
using runtime::InterpreterOptions;
using runtime::Port;

/// That ONNX files are read, too: what LoadOptions::onnx is set to. It brings the reader with it,
/// and what only such files have, so that programs that never ask need not have that.
struct Onnx {
  Onnx();
  decltype(&onnx::may_be_onnx) may_be;
  decltype(&onnx::read_onnx) read;
};

/// That models may have loops (the operator WHILE of TensorFlow Lite), as recurrent layers have in
/// files: what LoadOptions::loops is set to. It brings with it what those need, as Onnx does.
struct Loops : passes::Loops {
  /// `recognise_gru`: also compute with one operator what the file itself has as a GRU step by
  /// step, which is the same up to the rounding of floats.
  explicit Loops(bool recognise_gru = false);
};

struct LoadOptions {
  std::string isa = "";  ///< the instruction set: "scalar"; "": what the environment variable
                         ///< MOTE_ISA says, or the best of this CPU
  std::span<std::byte> arena = {};  ///< working memory of the caller's, aligned to 16 B, that must
                                    ///< outlive the interpreter; empty: the interpreter's own
  std::int64_t arena_limit = std::int64_t{1} << 31;  ///< bytes of working memory it may need
  int threads = 1;  ///< 1..64, the caller's included: layers that take long enough to be worth it
                    ///< are split between so many; the results are the same, the arena grows
  bool shrink = true;  ///< take out channels that no output depends on; false: run every channel
                       ///< of the file, for a look at all tensors
  std::optional<Stream> stream =
      std::nullopt;  ///< each run takes the new columns of a window that
                     ///< slides along an axis of the input, and gives what the network gives
                     ///< for the window that ends with them; see docs/streaming.md
  std::optional<Onnx> onnx = std::nullopt;    ///< Onnx(): also read ONNX files; see docs/onnx.md
  std::optional<Loops> loops = std::nullopt;  ///< Loops(): also run models with loops (WHILE)
  std::optional<Bands> bands =
      std::nullopt;  ///< layers may run in bands of rows where that takes less working memory:
                     ///< the same results, in more calls; see docs/compile.md
};

/// Reads a model file (TensorFlow Lite) and makes it ready to run.
///
/// @returns the interpreter, or
/// - kIo: the file cannot be read;
/// - kUsage: no such instruction set on this machine, or a number of threads out of range;
/// - kBadInput: it is damaged, or the arena is too small;
/// - kUnsupported: it needs what mote does not have; the message lists all of it;
/// - kOutOfMemory: it needs more than `arena_limit`; the message says where.
Result<Interpreter> load(const std::string& path, const LoadOptions& options = {});
/// The same from the bytes of a model file, which may go afterwards.
Result<Interpreter> load(std::span<const std::byte> file, const LoadOptions& options = {});

/// Reads a model file and compiles it for an instruction set (LoadOptions::isa). For several
/// interpreters of one network, each in a thread of its own: Interpreter::create(program) makes
/// them, and they share it.
///
/// `path` may be "-": standard input. Of the options, `arena` does not count. Errors as for load().
Result<std::shared_ptr<const Program>> load_program(const std::string& path,
                                                    const LoadOptions& options = {});
/// The same from the bytes of a model file; `source` names it in messages.
Result<std::shared_ptr<const Program>> load_program(std::span<const std::byte> file,
                                                    const std::string& source = "the model",
                                                    const LoadOptions& options = {});

}  // namespace mote
