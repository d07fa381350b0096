#include "mote/compiler/ops/linear_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/add.h"
#include "mote/core/kernels/isa/scalar.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

using program::AlignedScalesAttrs;
using program::LinearSumAttrs;

int by_reference(const AlignedScalesAttrs& exact, int a, int b) {
  return kernels::output_of_aligned<std::int8_t, isa::Scalar>(
      exact,
      kernels::align_input1<isa::Scalar>(exact, a) + kernels::align_input2<isa::Scalar>(exact, b));
}

int by_line(const LinearSumAttrs& s, int a, int b) {
  const int low = (a * s.low1 + b * s.low2 + s.low) >> 15;
  return std::clamp((low + a * s.high1 + b * s.high2 + s.high) >> s.shift, s.act_min, s.act_max);
}

/// As aligned_scales() makes them, of scales that are at most a hundred times apart.
AlignedScalesAttrs random_add(std::mt19937& random) {
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  AlignedScalesAttrs exact{.left_shift = 20,
                           .input1_offset = pick(-127, 128),
                           .input1_multiplier = pick(1 << 30, kInt32Max),
                           .input1_shift = -pick(1, 5),
                           .input2_offset = pick(-127, 128),
                           .input2_multiplier = 1 << 30,
                           .input2_shift = 0,
                           .output_offset = pick(-128, 127),
                           .output_multiplier = pick(1 << 30, kInt32Max),
                           .output_shift = -pick(15, 22),
                           .act_min = -128,
                           .act_max = 127};
  if (pick(0, 1)) exact.act_min = exact.output_offset;
  return exact;
}

TEST(LinearSum, GivesTheReferencesOutputForEveryPair) {
  std::mt19937 random(1);
  int found = 0;
  for (int i = 0; i < 40; ++i) {
    const AlignedScalesAttrs exact = random_add(random);
    const auto linear = find_linear_sum(exact);
    if (!linear) continue;
    ++found;
    for (int a = -128; a <= 127; ++a)
      for (int b = -128; b <= 127; ++b)
        ASSERT_EQ(by_line(*linear, a, b), by_reference(exact, a, b))
            << cat("case ", i, ": ", a, " + ", b);
  }
  EXPECT_GT(found, 20);
}

TEST(LinearSum, IsNotFoundWhereFactorsDoNotFit) {
  std::mt19937 random(2);
  AlignedScalesAttrs exact = random_add(random);
  exact.output_shift = -31;
  EXPECT_FALSE(find_linear_sum(exact));
}

}  // namespace
}  // namespace mote::ops
