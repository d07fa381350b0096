#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// What `mote quantize` is calibrated with.
namespace mote::cli {

/// Inputs of a float network, example by example, with their classes where those are known.
struct Examples {
  int count = 0;
  std::vector<std::vector<std::byte>> inputs;  ///< of each input of the network, all examples
  std::vector<program::TensorInfo> infos;      ///< of each input
  std::vector<int> labels;                     ///< as many as examples; empty: not known
  std::vector<std::string> class_names;        ///< of --data with a folder a class
};

/// Reads what --data and --labels name. Folders are read in the order of names; in a folder of
/// folders each is a class. An array may have ONNX's order of dimensions, [N, C, H, W], and may
/// leave out dimensions of 1.
///
/// @returns kBadInput or kUnsupported, naming the file; kUsage where flags contradict each other.
Result<Examples> read_examples(const Args& args, const program::Program& program);

/// Writes the inputs of one example, quantised where the network's inputs are.
void feed(const Examples& examples, int example, const runtime::Interpreter& interpreter);

}  // namespace mote::cli
