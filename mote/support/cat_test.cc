#include "mote/support/cat.h"

#include <gtest/gtest.h>

#include <limits>

namespace mote {
namespace {

TEST(Cat, JoinsTextsAndNumbersOfEveryType) {
  const std::string text = "text";
  EXPECT_EQ(cat(text, std::string_view(" view "), "literal ", 'c', -1, 2u, std::int64_t{-3},
                std::uint64_t{4}, true),
            "text view literal c-12-341");
}

TEST(Cat, WritesWholeNumbersUpToTheirLimits) {
  EXPECT_EQ(cat(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(cat(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(Cat, WritesRealNumbersWithSixDigits) {
  EXPECT_EQ(cat(0.1f, " ", 2.0, " ", 1.0 / 3, " ", 1e-9), "0.1 2 0.333333 1e-09");
}

TEST(Cat, OfNothingIsEmpty) { EXPECT_EQ(cat(), ""); }

}  // namespace
}  // namespace mote
