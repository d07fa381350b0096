#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/host/runtime/interpreter.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// From files to what a network's inputs hold.
namespace mote::tensor_io {

enum class Format { kRaw, kNpy, kBmp, kPng, kPnm, kWav };

/// The format that the path's ending names; "-" is raw.
/// @returns kUsage when it names none.
Result<Format> format_of(const std::string& path);
/// "bin", "npy", "bmp", "png", "ppm", "pgm" or "wav".
std::optional<Format> format_named(std::string_view name);

/// Which real numbers the pixels 0 and 255 stand for.
enum class PixelRange {
  kFromTensor,     ///< an 8-bit input whose scale and zero point span one of the below: pixels as
                   ///< they are (INT8: minus 128). Anything else is refused.
  kZeroToOne,      ///< 0 and 1
  kMinusOneToOne,  ///< -1 and 1
  kZeroTo255,      ///< 0 and 255
};

struct InputOptions {
  std::optional<Format> format;  ///< of all files; nothing: each by its ending
  PixelRange pixels = PixelRange::kFromTensor;
  bool resize = false;  ///< scale pictures to the input's size, and convert between colour and grey
  int stream_axis = -1;  ///< an array may be a stream of columns along that axis of the input
};

/// The inputs of one or more runs, as the tensors hold them. State lives from the first to the
/// last.
struct InputSets {
  std::string name;              ///< the file or files, for messages
  int count = 0;                 ///< how many runs
  std::vector<std::byte> bytes;  ///< run after run; in each, all inputs one after another
};

/// Reads inputs for `program`.
///
/// A raw file holds all inputs one after another, for one run or several. Any other file holds one
/// input (of one run or several): as many files as the network has inputs, in their order. A
/// network with one input takes any number of files, each with runs of its own.
///
///   .npy   the input's shape and type, or FLOAT32 to be quantised; several runs along a new first
///          dimension, or along the first where the input's is 1
///   .bmp .png .ppm .pgm   for an input [1, height, width, 1 or 3]
///   .wav   16-bit mono, for an input with one dimension > 1: counts where the input is INT16
///          without a scale, else real numbers in [-1, 1); several runs one after another
///
/// @returns kBadInput or kUnsupported, naming the file and what was expected.
Result<std::vector<InputSets>> read_inputs(std::span<const std::string> paths,
                                           const program::Program& program,
                                           const InputOptions& options);

/// Bytes of one run's inputs.
std::int64_t bytes_of_inputs(const program::Program& program);

/// Writes the inputs of run `index` into the interpreter.
void feed(const InputSets& sets, int index, const runtime::Interpreter& interpreter);

}  // namespace mote::tensor_io
