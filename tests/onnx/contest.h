#pragma once

#include <cstdint>
#include <random>
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
/// The library, opened once; nullptr where it is not there.
bench::OrtLibrary* onnx_runtime();

/// A network of one input and one output as mote runs it, in ONNX's order of elements.
class Network {
 public:
  static Result<Network> create(const std::vector<std::byte>& file);

  /// Of floats or, of an input of integers, of numbers that are rounded to them.
  std::vector<float> run(const std::vector<float>& input);

  std::int64_t input_count() const;
  std::int64_t output_count() const;
  /// What one step of the output is: the scale with which it was made of integers; else 1.
  double unit() const;
  /// The same of an input of floats that is quantised at once; 0 of others.
  double input_unit() const;
  bool is_quantized() const;
  const onnx::File& file() const { return file_; }

 private:
  Network(onnx::File file, runtime::Interpreter network)
      : file_(std::move(file)), network_(std::move(network)) {}

  onnx::File file_;
  runtime::Interpreter network_;
};

/// The same beside ONNX Runtime.
class Contest {
 public:
  static Result<Contest> create(bench::OrtLibrary& library, const std::vector<std::byte>& file);

  Result<void> run(const std::vector<float>& input);
  const std::vector<float>& theirs() const { return theirs_; }
  const std::vector<float>& ours() const { return ours_; }
  const Network& network() const { return network_; }

 private:
  Contest(Network network, bench::OrtNetwork peer)
      : network_(std::move(network)), peer_(std::move(peer)) {}

  Network network_;
  bench::OrtNetwork peer_;
  std::vector<float> theirs_, ours_;
};

/// How far outputs are apart, in units.
struct Differences {
  std::int64_t count = 0, within_one = 0, equal = 0;
  int worst = 0;

  void note(const std::vector<float>& ours, const std::vector<float>& theirs, double unit);
  Differences& operator+=(const Differences& more);
  std::string text() const;
};

/// Normally distributed numbers, or any of an integer type.
std::vector<float> random_input(std::mt19937& random, std::int64_t count, DType type);

}  // namespace mote::tests
