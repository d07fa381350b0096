// The kernels that every instruction set computes with its vectors, against scalar: all lengths up
// to 257, extreme values; integers byte for byte.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "mote/host/dispatch/tables.h"
#include "mote/support/cat.h"

namespace mote::dispatch {
namespace {

using namespace program;

/// Operands of one kernel, with the bytes that they own.
class Operands {
 public:
  explicit Operands(unsigned seed) : random_(seed) {}

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

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
    between<std::int32_t>(Extents(channels), 1 << 30, std::numeric_limits<int>::max());
    return between<std::int32_t>(Extents(channels), -20, 0);
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

  std::mt19937 random_;
  std::vector<std::vector<char>> bytes_;
  std::vector<Extents> shapes_;
};

/// Runs `name` on every instruction set and on scalar.
template <class Attrs, class Compare>
void against_scalar(const char* name, const Attrs& attrs, const Operands& operands,
                    Compare compare) {
  const KernelRow* scalar = kScalarTable.find(name);
  ASSERT_TRUE(scalar) << name;
  const auto expected = operands.after(*scalar, &attrs);
  for (const KernelTable* table : available_tables()) {
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

LstmAttrs random_lstm(Operands& random, int shift) {
  LstmAttrs attrs{.time_major = random.pick(0, 1),
                  .forget_multiplier = random.pick(1 << 30, 2147483647),
                  .forget_shift = -14,
                  .update_multiplier = random.pick(1 << 30, 2147483647),
                  .update_shift = -random.pick(14, 18),
                  .output_multiplier = random.pick(1 << 30, 2147483647),
                  .output_shift = -random.pick(14, 22),
                  .output_offset = random.pick(-128, 127),
                  .cell_clip = random.pick(0, 1) * random.pick(1, 32767),
                  .tanh_multiplier = 3 * random.pick(1, 16),
                  .tanh_shift = random.pick(0, 5)};
  for (int gate = 0; gate < 4; ++gate) {
    attrs.input_multiplier[gate] = random.pick(1 << 30, 2147483647);
    attrs.recurrent_multiplier[gate] = random.pick(1 << 30, 2147483647);
    attrs.input_shift[gate] = shift - random.pick(0, 8);
    attrs.recurrent_shift[gate] = shift - random.pick(0, 8);
  }
  return attrs;
}

/// The operands of an LSTM after `in`: weights, biases, table, states, output.
template <class T, class Bias>
void add_lstm(Operands& o, int features, int units, int batches) {
  o.integers<T>(Extents(batches, 2, features));
  o.integers<std::int8_t>(Extents(4, units, features));
  o.integers<std::int8_t>(Extents(4, units, units));
  o.between<Bias>(Extents(4, units), -100000, 100000);
  o.between<Bias>(Extents(4, units), -100000, 100000);
  o.between<std::int16_t>(Extents(256), -32768, 32767);
  o.integers<T>(Extents(batches, units)).template integers<std::int16_t>(Extents(batches, units));
  o.between<T>(Extents(batches, 2, units), 0, 0);
}

TEST(VectorKernels, GiveTheSameLstm) {
  for (int features = 1; features <= 257; ++features) {
    Operands narrow(static_cast<unsigned>(features)), wide(static_cast<unsigned>(features));
    LstmAttrs attrs = random_lstm(narrow, 0);
    attrs.time_major = 0;
    add_lstm<std::int8_t, std::int32_t>(narrow, features, 1 + features % 37, 2);
    expect_same("lstm_s8", attrs, narrow);
    attrs = random_lstm(wide, -7);
    attrs.time_major = 0;
    add_lstm<std::int16_t, std::int64_t>(wide, features, 1 + features % 37, 2);
    expect_same("lstm_s16", attrs, wide);
  }
}

TEST(VectorKernels, GiveTheSameLstmOfFloats) {
  for (int features = 1; features <= 67; ++features) {
    Operands o(static_cast<unsigned>(features));
    const int units = 1 + features % 37;
    o.floats(Extents(2, 3, features)).floats(Extents(4, units, features));
    o.floats(Extents(4, units, units)).floats(Extents(4, units));
    o.floats(Extents(2, units)).floats(Extents(2, units)).floats(Extents(2, 3, units));
    expect_near("lstm_f32", LstmFloatAttrs{.cell_clip = 0.5f}, o);
  }
}

}  // namespace
}  // namespace mote::dispatch
