#include "mote/host/power/energy.h"

#include <gmock/gmock.h>

#include <set>

#include "mote/host/power/parts.h"

namespace mote::power {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;

constexpr CyclesEach kOneToTwo = {"", {1, 2}, ""};
constexpr PartPower kPower = {.part = "made-up",
                              .supply_v = 3,
                              .active = {{100, "", "", 'A'}, {50, "", "", 'A'}},
                              .sleep = {{4, "", "", 'A'}, {2, "", "", 'A'}},
                              .wake_us = 1000};

// 1 M instructions at 1 to 2 cycles and 100 MHz: 10 to 20 ms. 50 to 100 uA/MHz: 5 to 10 mA.
// 10 ms at 5 mA are 50 uC, 20 ms at 10 mA are 200 uC; at 3 V 150 and 600 uJ.
TEST(Energy, OfAnInferenceIsThatComputedByHand) {
  const Inference made = inference(1'000'000, kOneToTwo, 100, kPower);
  EXPECT_THAT(made.seconds.low, DoubleNear(0.010, 1e-9));
  EXPECT_THAT(made.seconds.high, DoubleNear(0.020, 1e-9));
  EXPECT_THAT(made.current_ma.low, DoubleNear(5, 1e-9));
  EXPECT_THAT(made.current_ma.high, DoubleNear(10, 1e-9));
  EXPECT_THAT(made.charge_uc.low, DoubleNear(50, 1e-9));
  EXPECT_THAT(made.charge_uc.high, DoubleNear(200, 1e-9));
  EXPECT_THAT(made.energy_uj.low, DoubleNear(150, 1e-9));
  EXPECT_THAT(made.energy_uj.high, DoubleNear(600, 1e-9));
}

// Every 10 s: (200 + 1 ms * 10 mA = 10) uC / 10 s = 21 uA, and 4 uA asleep: 25 uA, 0.6 mAh a day.
// A cell of 365.25 mAh with 1 %/yr loses 0.01 mAh a day; 0.5 of it is usable: 182.625 / 0.61.
// At best (50 + 5) / 10 + 2 = 7.5 uA, 0.18 mAh a day, no loss, all of it: 365.25 / 0.18.
TEST(Energy, DaysAreThoseComputedByHand) {
  const Cell cell = {"made-up", 3, 365.25, {0.5, 1}, {0, 1}, 0, "", 'A'};
  const auto days = days_on(cell, inference(1'000'000, kOneToTwo, 100, kPower), kPower, 10);
  ASSERT_TRUE(days && *days);
  EXPECT_THAT((*days)->low, DoubleNear(182.625 / 0.61, 1e-6));
  EXPECT_THAT((*days)->high, DoubleNear(365.25 / 0.18, 1e-6));
}

// The second figure at 9 V: 50 uA/MHz * 9 V = 450 uW/MHz, more than 100 * 3 = 300.
TEST(Energy, TakesEachFigureAtItsOwnVoltage) {
  PartPower power = kPower;
  power.active[1].volts = 9;
  const Inference made = inference(1'000'000, kOneToTwo, 100, power);
  EXPECT_THAT(made.energy_uj.low, DoubleNear(300, 1e-9));
  EXPECT_THAT(made.energy_uj.high, DoubleNear(900, 1e-9));
  EXPECT_THAT(made.charge_uc.low, DoubleNear(50, 1e-9));
}

TEST(Energy, NoDaysWithoutASleepCurrent) {
  PartPower power = kPower;
  power.sleep[0] = power.sleep[1] = {};
  const auto days = days_on(all_cells()[0], inference(1'000'000, kOneToTwo, 100, power), power, 10);
  ASSERT_TRUE(days);
  EXPECT_FALSE(*days);
}

TEST(Energy, RefusesAnInferenceLongerThanThePeriod) {
  const auto days =
      days_on(all_cells()[0], inference(1'000'000, kOneToTwo, 100, kPower), kPower, 0.015);
  ASSERT_FALSE(days);
  EXPECT_EQ(days.error().code, ErrorCode::kUsage);
  EXPECT_THAT(days.error().message, HasSubstr("--every"));
}

TEST(Energy, ReadsTimes) {
  EXPECT_EQ(seconds_of("5min").value(), 300);
  EXPECT_EQ(seconds_of("30s").value(), 30);
  EXPECT_EQ(seconds_of("0.5h").value(), 1800);
  EXPECT_EQ(seconds_of("1d").value(), 86400);
  EXPECT_EQ(seconds_of("500ms").value(), 0.5);
  for (const char* wrong : {"", "5", "min", "5 min", "0s", "-1s", "nans", "infs", "500d", "5minx"})
    EXPECT_FALSE(seconds_of(wrong)) << wrong;
}

TEST(Figures, AreOfPartsOfTheTableAndPositive) {
  std::set<std::string_view> seen;
  for (const PartPower& power : all_part_powers()) {
    EXPECT_TRUE(seen.insert(power.part).second) << power.part;
    const auto part = find_part(power.part);
    ASSERT_TRUE(part) << power.part;
    EXPECT_EQ((*part)->name, power.part);
    EXPECT_TRUE(cycles_each((*part)->target)) << power.part;
    EXPECT_GT(power.supply_v, 1);
    EXPECT_GT(power.active[0].value, 0) << power.part;
    for (const Figure& figure : {power.active[0], power.active[1], power.sleep[0], power.sleep[1]})
      if (figure.value != 0) {
        EXPECT_GT(figure.value, 0) << power.part;
        EXPECT_NE(figure.what, "") << power.part;
        EXPECT_NE(figure.source, "") << power.part;
        EXPECT_THAT(std::string("ABC"), HasSubstr(std::string(1, figure.grade)));
      }
  }
}

TEST(Figures, CyclesAreRangesWithReasons) {
  for (const CyclesEach& each : all_cycles_each()) {
    EXPECT_GT(each.cycles.low, 0) << each.target;
    EXPECT_GT(each.cycles.high, each.cycles.low) << each.target;
    EXPECT_NE(each.reason, "") << each.target;
  }
}

TEST(Cells, AreFoundInAnyCaseAndHoldSomething) {
  EXPECT_EQ(find_cell("cr2032").value()->capacity_mah, 225);
  const auto unknown = find_cell("CR9999");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("CR2477"));
  std::set<std::string_view> seen;
  for (const Cell& cell : all_cells()) {
    EXPECT_TRUE(seen.insert(cell.name).second) << cell.name;
    EXPECT_GT(cell.capacity_mah, 0);
    EXPECT_GT(cell.usable.low, 0);
    EXPECT_LE(cell.usable.low, cell.usable.high);
    EXPECT_LE(cell.usable.high, 1);
    EXPECT_LE(cell.self_discharge_percent.low, cell.self_discharge_percent.high);
    EXPECT_NE(cell.source, "");
  }
}

}  // namespace
}  // namespace mote::power
