#include "mote/compiler/ops/short_rescale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mote/core/kernels/isa/packed.h"

namespace mote::ops {
namespace {

int by_short_form(const ExactRescale& exact, const ShortRescale& by, std::int64_t a) {
  const int y =
      isa::packed_rescale<false>(static_cast<std::int32_t>(a), by.multiplier, by.addend, by.shift);
  return std::clamp(y, exact.act_min, exact.act_max);
}

TEST(ShortRescale, GivesWhatTwoRoundingsGive) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 400000; ++i) {
    ExactRescale exact{.multiplier = (1 << 30) + static_cast<int>(random() % (1u << 30)),
                       .shift = -1 - static_cast<int>(random() % 23),
                       .zero_point = static_cast<int>(random() % 256) - 128};
    if (i % 8 == 0) exact.multiplier = 1 << 30;
    if (i % 8 == 1) exact.multiplier = 3 << 29;
    const int bits = 1 + static_cast<int>(random() % 30);
    exact.low = -(std::int64_t{1} << bits) + 1;
    exact.high = -exact.low;
    const auto by = find_short_rescale(exact);
    ASSERT_TRUE(by);
    const std::int64_t a =
        exact.low + static_cast<std::int64_t>(
                        random() % static_cast<std::uint64_t>(exact.high - exact.low + 1));
    for (const std::int64_t sum : {a, exact.low, exact.high})
      ASSERT_EQ(by_short_form(exact, *by, sum), output_of(exact, sum))
          << sum << " * " << exact.multiplier << " >> " << -exact.shift;
  }
}

TEST(ShortRescale, TakesAnyShiftWhereOutputsAreAllTheSame) {
  const ExactRescale exact{
      .multiplier = 1 << 30, .shift = -31, .zero_point = -5, .low = -1000, .high = 1000};
  const auto by = find_short_rescale(exact);
  ASSERT_TRUE(by);
  EXPECT_EQ(by_short_form(exact, *by, 999), -5);
}

TEST(ShortRescale, IsNotThereForLargeSumsAndLeftShifts) {
  EXPECT_FALSE(find_short_rescale({.multiplier = 1 << 30, .shift = 1, .low = -10, .high = 10}));
  EXPECT_FALSE(find_short_rescale({.multiplier = 1 << 30, .shift = 0, .low = -10, .high = 10}));
  EXPECT_FALSE(find_short_rescale(
      {.multiplier = 1 << 30, .shift = -3, .low = 0, .high = std::int64_t{1} << 30}));
}

}  // namespace
}  // namespace mote::ops
