#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/peer/to_onnx.h"
#include "mote/support/result.h"

/// ONNX Runtime, as far as the bench drives it: its shared library is opened at run time.
namespace mote::bench {

struct OrtApi;

/// One network with one input and one output, on one thread, with every graph optimisation.
class OrtNetwork {
 public:
  OrtNetwork(OrtNetwork&&) noexcept;
  OrtNetwork& operator=(OrtNetwork&&) noexcept;
  ~OrtNetwork();

  std::span<std::byte> input() { return input_; }
  std::span<const std::byte> output() const { return output_; }
  /// One inference from input() to output(), which are bound once and never copied.
  Result<void> run();

 private:
  friend class OrtLibrary;
  struct Handles;
  OrtNetwork() = default;
  std::vector<std::byte> input_, output_;
  std::unique_ptr<Handles> handles_;
};

/// libonnxruntime.so.1, loaded for good.
class OrtLibrary {
 public:
  /// @returns kUnsupported when the library is not there or too old.
  static Result<OrtLibrary> open(const std::string& path);

  const std::string& version() const { return version_; }
  /// Networks must go before the process ends, and may outlive this object.
  Result<OrtNetwork> load(const OnnxFile& file);

 private:
  const OrtApi* api_ = nullptr;
  void* environment_ = nullptr;
  std::string version_;
};

}  // namespace mote::bench
