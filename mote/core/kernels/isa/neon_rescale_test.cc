#include "mote/core/kernels/isa/neon_rescale.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "mote/core/base/fixed_point.h"

namespace mote::isa::neon {
namespace {

/// Numbers near which rounding or saturation turns, and others.
std::vector<std::int32_t> numbers() {
  std::vector<std::int32_t> list = {kInt32Min, kInt32Max, 0};
  for (int bit = 0; bit < 31; ++bit)
    for (int near = -2; near <= 2; ++near) {
      list.push_back(static_cast<std::int32_t>((std::int64_t{1} << bit) + near));
      list.push_back(static_cast<std::int32_t>(-(std::int64_t{1} << bit) + near));
      list.push_back(static_cast<std::int32_t>((std::int64_t{3} << bit) / 2 + near));
    }
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) list.push_back(static_cast<std::int32_t>(random()));
  return list;
}

constexpr std::int32_t kMultipliers[] = {0,         1,       2,          3,
                                         1 << 30,   1 << 29, 1431655765, 1518500250,
                                         kInt32Max, 1 << 16, 1073741825, kInt32Max - 1};

TEST(NeonRequantizer, ExactIsRequantizeForAllShifts) {
  const auto list = numbers();
  for (const std::int32_t multiplier : kMultipliers)
    for (int shift = -31; shift <= 0; ++shift) {
      const Requantizer<false> requantizer(multiplier, shift, 0);
      for (const std::int32_t x : list)
        ASSERT_EQ(vgetq_lane_s32(requantizer.exact(vdupq_n_s32(x)), 0),
                  requantize(x, multiplier, shift))
            << x << " by " << multiplier << ", shift " << shift;
    }
}

TEST(NeonRequantizer, SingleIsOneProductOneSumAndOneShift) {
  const auto list = numbers();
  for (const std::int32_t multiplier : kMultipliers)
    for (int shift = 0; shift <= 31; ++shift) {
      const std::int32_t multipliers[4] = {multiplier}, addends[4] = {12345}, shifts[4] = {shift};
      const TileRescale by = {.multiplier = multipliers, .addend = addends, .shift = shifts};
      const Requantizer<true> requantizer(by, 0, 0);
      for (const std::int32_t x : list)
        ASSERT_EQ(
            vgetq_lane_s32(requantizer(vdupq_n_s32(x)), 0),
            (static_cast<std::int32_t>((std::int64_t{x} * multiplier) >> 32) + 12345) >> shift)
            << x << " by " << multiplier << ", shift " << shift;
    }
}

}  // namespace
}  // namespace mote::isa::neon
