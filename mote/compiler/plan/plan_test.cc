#include "mote/compiler/plan/plan.h"

#include <gtest/gtest.h>

#include <random>

namespace mote::plan {
namespace {

TEST(Place, LetsBuffersThatNeverMeetShareTheirBytes) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 100, .alignment = 1},
                            {.first_use = 2, .last_use = 3, .size = 100, .alignment = 1}};
  const auto layout = place(buffers);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->size, 100);
}

TEST(Place, KeepsInputAndOutputOfOneCallApart) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 100, .alignment = 16},
                            {.first_use = 1, .last_use = 2, .size = 50, .alignment = 16}};
  const auto layout = place(buffers);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->offsets[0], 0);
  EXPECT_EQ(layout->offsets[1], 112);
  EXPECT_EQ(layout->size, 162);
}

TEST(Place, FillsTheLowestGapThatFits) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 9, .size = 64, .alignment = 16},
                            {.first_use = 0, .last_use = 3, .size = 48, .alignment = 16},
                            {.first_use = 0, .last_use = 9, .size = 32, .alignment = 16},
                            {.first_use = 5, .last_use = 9, .size = 16, .alignment = 16}};
  const auto layout = place(buffers);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->offsets[3], 64) << "where the second buffer was";
  EXPECT_EQ(layout->size, 144);
}

TEST(Place, SaysHowMuchMemoryWasMissing) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 0, .size = 4096, .alignment = 16}};
  const auto layout = place(buffers, /*capacity=*/2048);
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(layout.error().message, "the plan needs 4096 B, the arena has 2048 B");
}

TEST(Place, GivesLayoutsThatTheValidatorAcceptsOnRandomProblems) {
  std::mt19937 random(11);
  for (int problem = 0; problem < 300; ++problem) {
    std::vector<Buffer> buffers(1 + random() % 60);
    for (Buffer& buffer : buffers) {
      buffer.first_use = static_cast<int>(random() % 40);
      buffer.last_use = buffer.first_use + static_cast<int>(random() % 8);
      buffer.size = static_cast<std::int64_t>(random() % 5000);
      buffer.alignment = std::int64_t{1} << random() % 7;
    }
    const auto layout = place(buffers);
    ASSERT_TRUE(layout);
    const auto valid = validate(buffers, *layout);
    EXPECT_TRUE(valid) << valid.error().message;
    EXPECT_GE(layout->size, lower_bound(buffers));
  }
}

TEST(Validate, NamesTheBuffersThatOverlap) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 2, .size = 10, .alignment = 1},
                            {.first_use = 2, .last_use = 3, .size = 10, .alignment = 1}};
  const auto valid = validate(buffers, {.offsets = {0, 9}, .size = 19});
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().message, "buffers 0 and 1 overlap while both are alive");
}

TEST(Validate, RefusesAMisalignedBuffer) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 0, .size = 8, .alignment = 16}};
  EXPECT_FALSE(validate(buffers, {.offsets = {8}, .size = 16}));
}

TEST(Validate, RefusesABufferThatLeavesTheArena) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 0, .size = 8, .alignment = 1}};
  EXPECT_FALSE(validate(buffers, {.offsets = {4}, .size = 11}));
}

TEST(LowerBound, IsTheMostBytesAliveAtOnce) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 10, .alignment = 1},
                            {.first_use = 1, .last_use = 2, .size = 20, .alignment = 1},
                            {.first_use = 3, .last_use = 3, .size = 25, .alignment = 1}};
  EXPECT_EQ(lower_bound(buffers), 30);
}

}  // namespace
}  // namespace mote::plan
