#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "mote/core/base/wipe.h"

namespace mote::sources {

/// Overwrites memory before it gives it back, also what a vector leaves behind when it grows.
template <class T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>&) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* data, std::size_t count) {
    wipe(data, count);
    std::allocator<T>().deallocate(data, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// Bytes or samples of a recording: zeroed when they go.
template <class T>
using PrivateVector = std::vector<T, WipingAllocator<T>>;

}  // namespace mote::sources
