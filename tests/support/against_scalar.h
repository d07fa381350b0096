#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "mote/dispatch/tables.h"
#include "mote/support/cat.h"

/// Holds the kernels of every instruction set against scalar's.
namespace mote::tests {

using dispatch::BoundOperand;
using dispatch::KernelRow;
using dispatch::KernelTable;

/// Operands of one kernel, with the bytes that they own.
class Operands {
 public:
  explicit Operands(unsigned seed) : random_(seed) {}

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  template <class T, class Next>
  Operands& fill(Extents shape, Next next) {
    std::vector<char> bytes;
    for (int i = 0; i < volume(shape); ++i) {
      const T value = next();
      const auto* from = reinterpret_cast<const char*>(&value);
      bytes.insert(bytes.end(), from, from + sizeof value);
    }
    bytes_.push_back(std::move(bytes));
    shapes_.push_back(shape);
    return *this;
  }

  /// Of all values, one in four the least or largest; one tensor in four has only these.
  template <class T>
  Operands& integers(Extents shape) {
    using Limits = std::numeric_limits<T>;
    const int one_in = pick(0, 3) == 0 ? 1 : 4, sign = pick(0, 2);
    return fill<T>(shape, [&] {
      const int which = pick(0, one_in - 1);
      if (which > 0) return static_cast<T>(pick(Limits::min(), Limits::max()));
      const bool least = sign == 2 ? pick(0, 1) == 0 : sign == 0;
      return least ? Limits::min() : Limits::max();
    });
  }
  template <class T>
  Operands& between(Extents shape, int low, int high) {
    return fill<T>(shape, [&] { return static_cast<T>(pick(low, high)); });
  }
  Operands& floats(Extents shape) {
    return fill<float>(shape, [&] { return static_cast<float>(pick(-1000, 1000)) / 1000; });
  }
  /// Bias, multiplier and shift of so many channels.
  template <class Bias>
  Operands& rescale(int channels) {
    between<Bias>(Extents(channels), -1000000, 1000000);
    const int low = pick(0, 3) == 0 ? 0x7ffe8000 : 1 << 30;  // near where rounding meets 2^15
    between<std::int32_t>(Extents(channels), low, std::numeric_limits<int>::max());
    return between<std::int32_t>(Extents(channels), -31, pick(0, 7));
  }

  /// What `row` makes of copies: all operands, for states are changed too.
  std::vector<std::vector<char>> after(const KernelRow& row, const void* attrs) const {
    std::vector<std::vector<char>> copies = bytes_;
    std::vector<BoundOperand> bound;
    for (std::size_t i = 0; i < copies.size(); ++i) bound.push_back({copies[i].data(), shapes_[i]});
    EXPECT_EQ(row.operand_count, static_cast<int>(bound.size())) << row.name;
    row.run(attrs, bound.data());
    return copies;
  }

 private:
  std::mt19937 random_;
  std::vector<std::vector<char>> bytes_;
  std::vector<Extents> shapes_;
};

/// Runs `name` on every instruction set and on scalar.
template <class Attrs, class Compare>
void against_scalar(const char* name, const Attrs& attrs, const Operands& operands,
                    Compare compare) {
  const KernelRow* scalar = dispatch::kScalarTable.find(name);
  ASSERT_TRUE(scalar) << name;
  const auto expected = operands.after(*scalar, &attrs);
  for (const KernelTable* table : dispatch::available_tables()) {
    const KernelRow* row = table->find(name);
    if (row == scalar) continue;
    const auto actual = operands.after(*row, &attrs);
    for (std::size_t i = 0; i < expected.size(); ++i)
      compare(actual[i], expected[i], cat(name, " on ", table->isa, ", operand ", i));
  }
}

template <class Attrs>
void expect_same(const char* name, const Attrs& attrs, const Operands& operands) {
  against_scalar(name, attrs, operands, [](const auto& a, const auto& b, const std::string& what) {
    ASSERT_EQ(a, b) << what;
  });
}

/// Floats to 1e-5 of the largest.
template <class Attrs>
void expect_near(const char* name, const Attrs& attrs, const Operands& operands) {
  const auto as_floats = [](const std::vector<char>& bytes) {
    std::vector<float> values(bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  };
  against_scalar(name, attrs, operands, [&](const auto& a, const auto& b, const std::string& what) {
    const auto actual = as_floats(a), expected = as_floats(b);
    float largest = 1;
    for (float x : expected) largest = std::max(largest, std::abs(x));
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_NEAR(actual[i], expected[i], 1e-5f * largest) << what << "[" << i << "]";
  });
}

}  // namespace mote::tests
