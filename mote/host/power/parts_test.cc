#include "mote/host/power/parts.h"

#include <gmock/gmock.h>

#include <set>

namespace mote::power {
namespace {

using testing::HasSubstr;

TEST(Parts, AreManyAndEachIsWhole) {
  EXPECT_GE(all_parts().size(), 25u);
  std::set<std::string_view> names;
  for (const Part& part : all_parts()) {
    EXPECT_TRUE(names.insert(part.name).second) << part.name;
    EXPECT_GT(part.flash_bytes, 0) << part.name;
    EXPECT_GT(part.ram_bytes, 0) << part.name;
    EXPECT_LE(part.ram_bytes, part.flash_bytes * 2) << part.name;
    EXPECT_GE(part.clock_mhz, 16) << part.name;
    EXPECT_LE(part.clock_mhz, 1000) << part.name;
    EXPECT_NE(part.core, "") << part.name;
    EXPECT_NE(part.source, "") << part.name;
    EXPECT_THAT(std::string("ABC"), HasSubstr(std::string(1, part.grade))) << part.name;
    if (part.grade == 'C') {
      EXPECT_THAT(std::string(part.source), HasSubstr("memory"));
    }
  }
}

TEST(Parts, AreFoundByTheBeginningOfTheirNamesInAnyCase) {
  EXPECT_EQ(find_part("stm32l4r").value()->name, "STM32L4R5ZI");
  EXPECT_EQ(find_part("NRF52840").value()->name, "nRF52840");
}

TEST(Parts, AWholeNameIsNoBeginningOfAnother) {
  EXPECT_EQ(find_part("rp2350").value()->name, "RP2350");
}

TEST(Parts, SayWhatABeginningMayMean) {
  const auto part = find_part("nRF54L");
  ASSERT_FALSE(part);
  EXPECT_EQ(part.error().code, ErrorCode::kUsage);
  EXPECT_EQ(part.error().message,
            "'nRF54L' may be each of nRF54L05, nRF54L15; write more of the name");
}

TEST(Parts, ListThoseThatAreNear) {
  const auto part = find_part("STM32L4X9");
  ASSERT_FALSE(part);
  EXPECT_THAT(part.error().message,
              HasSubstr("near it: STM32L432KC, STM32L476RG, STM32L4R5ZI. --flash="));
  EXPECT_FALSE(find_part(""));
  EXPECT_THAT(find_part("u575").error().message, HasSubstr("STM32U575ZI"));
}

TEST(Parts, TheSmallestHasTheLeastRam) {
  EXPECT_EQ(smallest_part(1, 1, "")->name, "STM32L053R8");
  EXPECT_EQ(smallest_part(1, 1, "cortex-m4")->name, "STM32L432KC");
  EXPECT_EQ(smallest_part(1, 70000, "cortex-m4")->name, "STM32F411RE");
  EXPECT_EQ(smallest_part(std::int64_t{1} << 40, 1, ""), nullptr);
}

}  // namespace
}  // namespace mote::power
