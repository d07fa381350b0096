// Kernels that may write over an input give the same bytes when they do, on every instruction set.

#include "mote/core/kernels/in_place.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "mote/dispatch/kernel_table.h"

namespace mote {
namespace {

using namespace program;
using Bytes = std::vector<std::byte>;

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

/// Attributes with which results differ from element to element.
template <class A>
A sample() {
  A attrs;
  if constexpr (std::is_same_v<A, LinearSumAttrs>)
    attrs = {.low1 = 12345,
             .low2 = 321,
             .low = 17000,
             .high1 = 9000,
             .high2 = -7000,
             .high = 40000,
             .shift = 13,
             .act_min = -120,
             .act_max = 125};
  if constexpr (std::is_same_v<A, AlignedScalesAttrs>)
    attrs = {.left_shift = 15,
             .input1_offset = 3,
             .input1_multiplier = 1 << 30,
             .input1_shift = 0,
             .input2_offset = -5,
             .input2_multiplier = 1'900'000'000,
             .input2_shift = -1,
             .output_offset = 7,
             .output_multiplier = 1'500'000'000,
             .output_shift = -14,
             .act_min = -120,
             .act_max = 120};
  if constexpr (std::is_same_v<A, ProductAttrs>) attrs = {3, -5, 7, 1'500'000'000, -6, -120, 120};
  if constexpr (std::is_same_v<A, ActivationAttrs>) attrs = {-100, 1000};
  if constexpr (std::is_same_v<A, FloatActivationAttrs>) attrs = {-2.5f, 2.5f};
  if constexpr (std::is_same_v<A, RescaleAttrs>) attrs = {1, -1, 1'500'000'000, 0, -32768, 32767};
  if constexpr (std::is_same_v<A, MultiplierAttrs>) attrs = {1'300'000'000, 0};
  if constexpr (std::is_same_v<A, LeakyReluAttrs>)
    attrs = {1, -1, 1 << 30, 1, 1'500'000'000, -2, 1};
  if constexpr (std::is_same_v<A, FloatAlphaAttrs>) attrs = {0.1f};
  if constexpr (std::is_same_v<A, PreluAttrs>) attrs = {1, 2, -1, 1 << 30, 1, 1 << 30, -5};
  if constexpr (std::is_same_v<A, BetaAttrs>) attrs = {0.7f};
  if constexpr (std::is_same_v<A, LogSoftmaxAttrs>) attrs = {1 << 30, 22, 1 << 30, -20, -250};
  if constexpr (std::is_same_v<A, InputOffsetAttrs>) attrs = {5};
  return attrs;
}

template <std::size_t... kIndex>
Attributes sample_of(std::size_t index, std::index_sequence<kIndex...>) {
  Attributes attrs;
  const auto set = [&]<std::size_t k>() {
    if (k == index) attrs = sample<std::variant_alternative_t<k, Attributes>>();
  };
  (set.template operator()<kIndex>(), ...);
  return attrs;
}

const void* address_of(const Attributes& attrs) {
  return std::visit([](const auto& a) -> const void* { return &a; }, attrs);
}

/// One kernel of one table, with `n` random elements.
class Trial {
 public:
  Trial(const dispatch::KernelRow& row, int n, std::mt19937& random)
      : row_(row), name_(row.name), n_(n) {
    attrs_ =
        sample_of(row.attrs_index, std::make_index_sequence<std::variant_size_v<Attributes>>());
    size_ = contains(name_, "_s8")    ? 1
            : contains(name_, "_s16") ? 2
            : contains(name_, "_s64") ? 8
                                      : 4;
    has_table_ =
        row.operand_count == 3 && (contains(name_, "lookup") || contains(name_, "logistic") ||
                                   contains(name_, "tanh") || contains(name_, "softmax"));
    for (int i = 0; i + 1 < row.operand_count; ++i)
      inputs_.push_back(has_table_ && i == 1 ? table(random) : numbers(random));
  }

  /// How many inputs have the output's elements: not tables, and not PRELU's 8-bit slopes.
  int places() const { return has_table_ || name_ == "prelu_s16" ? 1 : row_.operand_count - 1; }

  Bytes apart(bool twice_the_same) const {
    std::vector<Bytes> inputs = inputs_;
    if (twice_the_same) inputs[1] = inputs[0];
    Bytes out(inputs[0].size());
    call(inputs, out.data());
    return out;
  }

  /// Over input `place`; `twice_the_same`: which is both of them.
  Bytes in_place(int place, bool twice_the_same) const {
    std::vector<Bytes> inputs = inputs_;
    Bytes& memory = inputs[static_cast<std::size_t>(place)];
    if (twice_the_same) return call_same(memory), memory;
    call(inputs, memory.data());
    return memory;
  }

 private:
  Bytes numbers(std::mt19937& random) const {
    Bytes bytes(static_cast<std::size_t>(n_ * size_));
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    for (int i = 0; contains(name_, "f32") && i < n_; ++i) {
      const float x = static_cast<float>(random() % 6000) / 1000.0f - 3.0f;
      std::memcpy(bytes.data() + i * 4, &x, 4);
    }
    return bytes;
  }

  Bytes table(std::mt19937& random) const {
    Bytes bytes(256 * 4);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    for (int i = 0; contains(name_, "softmax") && i < 256; ++i) {
      const std::int32_t x = (1 << 30) / (i + 1);
      std::memcpy(bytes.data() + i * 4, &x, 4);
    }
    return bytes;
  }

  Extents shape() const {
    const bool is_rows = contains(name_, "softmax") || contains(name_, "l2_");
    return is_rows && n_ % 5 == 0 ? Extents(n_ / 5, 5) : is_rows ? Extents(1, n_) : Extents(n_);
  }

  void call(std::vector<Bytes>& inputs, void* out) const {
    std::vector<dispatch::BoundOperand> operands;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      operands.push_back({inputs[i].data(), has_table_ && i == 1 ? Extents(256) : shape()});
    operands.push_back({out, shape()});
    row_.run(address_of(attrs_), operands.data());
  }

  void call_same(Bytes& memory) const {
    const std::vector<dispatch::BoundOperand> operands(3, {memory.data(), shape()});
    row_.run(address_of(attrs_), operands.data());
  }

  const dispatch::KernelRow& row_;
  std::string name_;
  int n_, size_ = 1;
  bool has_table_ = false;
  Attributes attrs_;
  std::vector<Bytes> inputs_;
};

TEST(InPlace, EveryKernelOfTheListGivesTheSameBytesOverAnInputOnEveryTable) {
  std::mt19937 random(5);
  for (const dispatch::KernelTable* table : dispatch::available_tables())
    for (const char* name : kernels::kInPlaceKernels) {
      const dispatch::KernelRow* row = table->find(name);
      ASSERT_TRUE(row) << name;
      for (int n : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257, 1000}) {
        const Trial trial(*row, n, random);
        for (int place = 0; place < trial.places(); ++place)
          EXPECT_TRUE(trial.in_place(place, false) == trial.apart(false))
              << name << " over input " << place << " of " << n << " on " << table->isa;
        if (trial.places() == 2) {
          EXPECT_TRUE(trial.in_place(0, true) == trial.apart(true))
              << name << " over both inputs of " << n << " on " << table->isa;
        }
      }
    }
}

TEST(InPlace, IsToldByTheWholeName) {
  EXPECT_TRUE(kernels::is_in_place("add_s8"));
  EXPECT_TRUE(kernels::is_in_place("l2_normalization_f32"));
  EXPECT_FALSE(kernels::is_in_place("add_s"));
  EXPECT_FALSE(kernels::is_in_place("add_s88"));
  EXPECT_FALSE(kernels::is_in_place("conv_2d_s8"));
  EXPECT_FALSE(kernels::is_in_place(""));
}

}  // namespace
}  // namespace mote
