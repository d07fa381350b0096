#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/peer/ort.h"
#include "mote/compiler/onnx/file.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/result.h"

/// mote beside ONNX Runtime on one network.
namespace mote::tests {

/// Where script/setup bench puts ONNX Runtime's library; "" where it is not there.
std::string find_onnx_runtime();

/// A network of one input and one output as both run it.
class Contest {
 public:
  static Result<Contest> create(bench::OrtLibrary& library, const std::vector<std::byte>& file);

  /// Runs both on one input, whose elements are in ONNX's order: floats or, of an input of
  /// integers, numbers that are rounded to them. Both outputs are in ONNX's order.
  Result<void> run(const std::vector<float>& input);
  const std::vector<float>& theirs() const { return theirs_; }
  const std::vector<float>& ours() const { return ours_; }

  std::int64_t input_count() const;
  /// What one step of the output is: the scale with which it was made of integers; else 1.
  double unit() const { return unit_; }
  const onnx::File& file() const { return file_; }

 private:
  Contest(onnx::File file, bench::OrtNetwork peer, runtime::Interpreter network)
      : file_(std::move(file)), peer_(std::move(peer)), network_(std::move(network)) {}

  onnx::File file_;
  bench::OrtNetwork peer_;
  runtime::Interpreter network_;
  std::vector<float> theirs_, ours_;
  double unit_ = 1;
};

/// How far outputs are apart, in units.
struct Differences {
  std::int64_t count = 0, within_one = 0, equal = 0;
  int worst = 0;

  void note(const Contest& contest);
  std::string text() const;
};

/// Elements with the channels last in place of second, or back.
std::vector<float> turned(const std::vector<float>& values, const std::vector<int>& dims,
                          bool to_last);

}  // namespace mote::tests
