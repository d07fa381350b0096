#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "mote/compiler/compile.h"
#include "mote/host/runtime/interpreter.h"
#include "tests/support/same_outputs.h"

/// A streamed network against the same network given every window whole.
namespace mote::tests {

/// A window that slides over a stream: [outer, count, inner] bytes around the axis.
class SlidingWindow {
 public:
  /// Full of the input's zero point, as a stream begins.
  SlidingWindow(const program::TensorInfo& input, int axis) {
    std::int64_t row = size_of(input.type);
    for (std::size_t k = input.shape.size(); k-- > static_cast<std::size_t>(axis);)
      row *= input.shape[k];
    row_ = static_cast<std::size_t>(row);
    const std::int64_t zero = input.type == DType::kFloat32 ? 0 : input.zero_point;
    const auto* low = reinterpret_cast<const std::byte*>(&zero);
    for (std::int64_t i = 0; i < input.bytes; ++i) bytes_.push_back(low[i % size_of(input.type)]);
  }

  /// Takes the new columns, as a streamed network has them for its input.
  void push(std::span<const std::byte> fresh) {
    const std::size_t rows = bytes_.size() / row_, count = fresh.size() / rows;
    for (std::size_t r = 0; r < rows; ++r) {
      auto* begin = bytes_.data() + r * row_;
      std::copy(begin + count, begin + row_, begin);
      std::copy_n(fresh.data() + r * count, count, begin + row_ - count);
    }
  }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
  std::size_t row_ = 0;
};

/// What fills the input of a run.
using Fill = std::function<void(int run, std::span<std::byte> input)>;

/// Runs both from reset. @returns "" or the first difference.
inline std::string first_stream_difference(const program::Program& windowed,
                                           const program::Program& streamed, int axis, int runs,
                                           const Fill& fill) {
  auto pair = interpreters_of(windowed, streamed);
  if (!pair) return pair.error().message;
  auto& [a, b] = *pair;
  SlidingWindow window(a.input(0).info(), axis);
  for (int run = 0; run < runs; ++run) {
    const auto fresh = b.input(0).bytes();
    fill(run, fresh);
    window.push(fresh);
    std::copy(window.bytes().begin(), window.bytes().end(), a.input(0).bytes().begin());
    a.run(), b.run();
    if (auto text = output_difference(*pair, run); !text.empty()) return text;
  }
  return "";
}

}  // namespace mote::tests
