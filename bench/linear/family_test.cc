#include "bench/linear/family.h"

#include <gtest/gtest.h>

#include "mote/mote.h"

namespace mote::bench {
namespace {

TEST(Stack, HasTheMultiplyAccumulatesOfItsSize) {
  const auto file = make_stack({.layers = 3, .channels = 5, .side = 4});
  ASSERT_TRUE(file) << file.error().message;
  const auto network = load(*file);
  ASSERT_TRUE(network) << network.error().message;
  EXPECT_EQ(program::macs(network->program()), 3 * (4 * 4) * (3 * 3) * (5 * 5));
}

TEST(Stack, IsTheSameEveryTime) { EXPECT_EQ(*make_stack({}), *make_stack({})); }

}  // namespace
}  // namespace mote::bench
