#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <new>

/// That nothing of what was heard stays in memory.
namespace mote::tests {

/// Constructs a T, lets it `hear(T&)`, and holds it after T::wipe(), byte by byte, against one that
/// never heard anything.
template <class T, class Hear>
void expect_wiped_clean(Hear&& hear) {
  // Zeroed storage under both, so that padding is equal too.
  alignas(T) static unsigned char heard[sizeof(T)], fresh[sizeof(T)];
  T* object = new (heard) T;
  new (fresh) T;
  hear(*object);
  EXPECT_NE(std::memcmp(heard, fresh, sizeof heard), 0);
  object->wipe();
  EXPECT_EQ(std::memcmp(heard, fresh, sizeof heard), 0);
}

}  // namespace mote::tests
