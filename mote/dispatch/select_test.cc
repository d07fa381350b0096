#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>

#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

TEST(AvailableTables, EndWithThoseThatEveryMachineHas) {
  const auto tables = available_tables();
  const KernelTable* const last[] = {&kScalarTable, &kScalarTilesTable, &kScalarPackedTable,
                                     &kDspTable, &kMveTable};
  ASSERT_GE(tables.size(), std::size(last));
  EXPECT_TRUE(std::equal(std::rbegin(last), std::rend(last), tables.rbegin()));
}

TEST(ChooseTable, GivesEachByItsName) {
  for (const KernelTable* table : available_tables()) {
    const auto chosen = choose_table(table->isa);
    ASSERT_TRUE(chosen) << chosen.error().message;
    EXPECT_EQ(*chosen, table);
  }
}

#ifdef __aarch64__
TEST(AvailableTables, BeginWithWhatTheEmulatedProcessorHas) {
  const char* cpu = std::getenv("QEMU_CPU");
  if (!cpu) GTEST_SKIP() << "needs an emulated processor: script/test --cross=aarch64";
  const bool has_dot_products = cpu != std::string("cortex-a72");
  EXPECT_EQ(available_tables().front(), has_dot_products ? &kNeonDotTable : &kNeonTable);
}
#endif

}  // namespace
}  // namespace mote::dispatch
