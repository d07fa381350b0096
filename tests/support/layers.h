#pragma once

#include <cstdint>
#include <random>
#include <vector>

/// What tests of layers of all sizes are made from.
namespace mote::tests {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }
  /// Any byte, one in four the least or largest.
  std::int8_t byte() {
    const int which = pick(0, 7);
    return static_cast<std::int8_t>(which == 0 ? -128 : which == 1 ? 127 : pick(-128, 127));
  }
  std::vector<std::int8_t> bytes(int count) {
    std::vector<std::int8_t> list(static_cast<std::size_t>(count));
    for (std::int8_t& b : list) b = byte();
    return list;
  }
  /// Bytes as filters with a zero point of 0 have them: from -127 on.
  std::vector<std::int8_t> symmetric_bytes(int count) {
    std::vector<std::int8_t> list(static_cast<std::size_t>(count));
    for (std::int8_t& b : list) b = static_cast<std::int8_t>(pick(-127, 127));
    return list;
  }
  /// Within [-1, 1).
  std::vector<float> floats(int count) {
    std::uniform_real_distribution<float> any(-1, 1);
    std::vector<float> list(static_cast<std::size_t>(count));
    for (float& x : list) x = any(engine_);
    return list;
  }

 private:
  std::mt19937 engine_;
};

inline int count(const std::vector<int>& shape) {
  int n = 1;
  for (int dim : shape) n *= dim;
  return n;
}

/// Outputs along an axis. `Layer` has stride, dilation and same_padding.
template <class Layer>
int out_size(int size, int taps, const Layer& layer) {
  const int reach = (taps - 1) * layer.dilation + 1;
  return layer.same_padding ? (size + layer.stride - 1) / layer.stride
                            : (size - reach) / layer.stride + 1;
}

}  // namespace mote::tests
