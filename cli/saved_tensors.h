#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mote/host/runtime/interpreter.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

namespace mote::cli {

/// What every tensor of a network held in one run or several: recorded from an interpreter, or read
/// from a folder.
///
/// The folder has a file for each tensor, named by its index in the model's first subgraph:
/// "17.npy", or "17.bin" with the bytes alone; several runs follow one another. manifest.json, for
/// people, says what the tensors are.
class SavedTensors {
 public:
  explicit SavedTensors(const program::Program& program);

  /// One run, of which every tensor is kept.
  void run(runtime::Interpreter& interpreter);
  /// A value of tensor `id` in the run that has begun, which may come from anywhere else: as many
  /// bytes as the tensor has. end_run() once all are there.
  void add(int id, std::span<const std::byte> bytes);
  void end_run() { ++runs_; }
  /// Writes the folder, which is made if need be.
  Result<void> write(const std::string& folder) const;
  /// Reads a folder that was written for a model with the same tensors. Files of tensors that the
  /// program does not compute are left alone.
  ///
  /// @returns kBadInput when a file has the wrong size, type or shape, the files are not of equally
  /// many runs, or none is there at all.
  static Result<SavedTensors> read(const std::string& folder, const program::Program& program);

  int runs() const { return runs_; }
  /// The bytes of Program::tensors[id] in the given run; empty where they are not known.
  std::span<const std::byte> bytes(int id, int run) const;

 private:
  Result<void> read_tensor(const std::string& folder, int id);
  const program::Program* program_;
  std::vector<std::vector<std::byte>> tensors_;  // by index into Program::tensors; all runs
  int runs_ = 0;
};

/// A .npy file of `runs` runs of a tensor: along the first dimension where that is 1, else along a
/// new one. One run alone has the tensor's own shape.
std::vector<std::byte> as_npy(const program::TensorInfo& info, int runs,
                              std::span<const std::byte> bytes);

}  // namespace mote::cli
