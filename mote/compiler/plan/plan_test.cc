#include "mote/compiler/plan/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  const auto layout = place(buffers, /*overlaps=*/{}, /*capacity=*/2048);
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(layout.error().message, "the plan needs 4096 B, the arena has 2048 B");
}

TEST(Place, LetsAWriterLieOverWhatItsCallHasRead) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 64, .alignment = 16},
                            {.first_use = 1, .last_use = 2, .size = 128, .alignment = 16}};
  const Overlap overlaps[] = {{.writer = 1, .reader = 0, .lead = 64}};
  const auto layout = place(buffers, overlaps);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->size, 128);
  EXPECT_GE(layout->offsets[0], layout->offsets[1] + 64);
  EXPECT_EQ(lower_bound(buffers, overlaps), 128);
  EXPECT_TRUE(validate(buffers, *layout, overlaps));
  EXPECT_FALSE(validate(buffers, *layout));
}

TEST(Place, GainsNothingFromALeadAsLongAsTheWriter) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 64, .alignment = 16},
                            {.first_use = 1, .last_use = 2, .size = 128, .alignment = 16}};
  const Overlap overlaps[] = {{.writer = 1, .reader = 0, .lead = 200}};
  EXPECT_EQ(place(buffers, overlaps)->size, 192);
  EXPECT_EQ(lower_bound(buffers, overlaps), 192);
}

TEST(Validate, RefusesAReaderThatBeginsTooEarly) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 64, .alignment = 16},
                            {.first_use = 1, .last_use = 2, .size = 64, .alignment = 16}};
  const Overlap overlaps[] = {{.writer = 1, .reader = 0, .lead = 32}};
  EXPECT_TRUE(validate(buffers, {.offsets = {32, 0}, .size = 96}, overlaps));
  EXPECT_FALSE(validate(buffers, {.offsets = {16, 0}, .size = 80}, overlaps));
  EXPECT_FALSE(validate(buffers, {.offsets = {0, 32}, .size = 96}, overlaps));
}

TEST(Place, GivesValidLayoutsOnRandomChainsOfOverlaps) {
  std::mt19937 random(5);
  for (int problem = 0; problem < 200; ++problem) {
    std::vector<Buffer> buffers;
    std::vector<Overlap> overlaps;
    const int calls = 2 + static_cast<int>(random() % 20);
    for (int c = 0; c < calls; ++c) {
      buffers.push_back({.first_use = c,
                         .last_use = c + 1 + static_cast<int>(random() % 4 == 0),
                         .size = 1 + static_cast<std::int64_t>(random() % 4000),
                         .alignment = 16});
      const std::size_t b = buffers.size() - 1;
      if (c > 0 && buffers[b - 1].last_use == c)
        overlaps.push_back({.writer = b,
                            .reader = b - 1,
                            .lead = static_cast<std::int64_t>(random() % 5000) - 999});
    }
    for (int scratch = 0; scratch < calls / 2; ++scratch) {
      const int when = static_cast<int>(random() % static_cast<unsigned>(calls));
      buffers.push_back({.first_use = when,
                         .last_use = when,
                         .size = static_cast<std::int64_t>(random() % 600),
                         .alignment = 16});
    }
    const auto layout = place(buffers, overlaps);
    ASSERT_TRUE(layout);
    const auto valid = validate(buffers, *layout, overlaps);
    ASSERT_TRUE(valid) << problem << ": " << valid.error().message;
    EXPECT_LE(lower_bound(buffers, overlaps), layout->size);
    EXPECT_LE(layout->size, place(buffers)->size * 11 / 10) << "found without overlaps";
  }
}

TEST(Place, GivesLayoutsThatTheValidatorAcceptsOnRandomProblems) {
  std::mt19937 random(11);
  for (int problem = 0; problem < 60; ++problem) {
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

/// Buffers that fill [0, size) x [0, calls) without a gap: rectangles cut in two again and again.
void cut(std::vector<Buffer>& buffers, Buffer whole, int cuts, std::mt19937& random) {
  const bool in_time = random() % 2 == 0;
  if (cuts == 0 || (in_time ? whole.last_use - whole.first_use < 1 : whole.size < 2)) {
    buffers.push_back(whole);
    return;
  }
  Buffer a = whole, b = whole;
  if (in_time) {
    a.last_use =
        whole.first_use +
        static_cast<int>(random() % static_cast<unsigned>(whole.last_use - whole.first_use));
    b.first_use = a.last_use + 1;
  } else {
    a.size = 1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(whole.size - 1));
    b.size = whole.size - a.size;
  }
  cut(buffers, a, cuts - 1, random);
  cut(buffers, b, cuts - 1, random);
}

TEST(Place, FindsPerfectLayoutsOfFewBuffers) {
  std::mt19937 random(3);
  for (int problem = 0; problem < 60; ++problem) {
    std::vector<Buffer> buffers;
    cut(buffers, {.first_use = 0, .last_use = 20, .size = 64, .alignment = 1}, 4, random);
    std::shuffle(buffers.begin(), buffers.end(), random);
    const auto layout = place(buffers);
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->size, 64) << "problem " << problem << ", " << buffers.size() << " buffers";
  }
}

TEST(Place, ComesNearTheLowerBoundWithManyBuffers) {
  std::mt19937 random(4);
  for (int problem = 0; problem < 5; ++problem) {
    std::vector<Buffer> buffers;
    cut(buffers, {.first_use = 0, .last_use = 500, .size = 1 << 20, .alignment = 1}, 9, random);
    const auto layout = place(buffers);
    ASSERT_TRUE(layout);
    EXPECT_TRUE(validate(buffers, *layout));
    EXPECT_LE(layout->size, (1 << 20) * 5 / 4) << buffers.size() << " buffers";
  }
}

TEST(Place, GivesTheSameLayoutAgain) {
  std::mt19937 random(9);
  std::vector<Buffer> buffers;
  cut(buffers, {.first_use = 0, .last_use = 100, .size = 5000, .alignment = 1}, 7, random);
  EXPECT_EQ(place(buffers)->offsets, place(buffers)->offsets);
}

TEST(Place, KeepsNoRoomForWhatIsEmpty) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 0, .alignment = 16},
                            {.first_use = 0, .last_use = 1, .size = 8, .alignment = 16}};
  const auto layout = place(buffers);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->size, 8);
  EXPECT_TRUE(validate(buffers, *layout));
}

TEST(Place, KeepsTiedBuffersTogetherAndFillsWhatTheyLeaveFree) {
  const Buffer buffers[] = {
      {.first_use = 0, .last_use = 9, .size = 32, .alignment = 16},
      {.first_use = 5, .last_use = 9, .size = 64, .alignment = 16, .tied_to = 0, .tie_offset = 32},
      {.first_use = 0, .last_use = 4, .size = 64, .alignment = 16},
      {.first_use = 0, .last_use = 2, .size = 16, .alignment = 16}};
  const auto layout = place(buffers);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->offsets[1], layout->offsets[0] + 32);
  EXPECT_EQ(layout->size, 112) << "the third lies where the second will";
  EXPECT_TRUE(validate(buffers, *layout));
}

TEST(Place, GivesLayoutsOfTiedBuffersThatTheValidatorAccepts) {
  std::mt19937 random(12);
  for (int problem = 0; problem < 60; ++problem) {
    std::vector<Buffer> buffers(1 + random() % 40);
    int leader = Buffer::kFree;
    for (Buffer& buffer : buffers) {
      buffer.first_use = static_cast<int>(random() % 40);
      buffer.last_use = buffer.first_use + static_cast<int>(random() % 8);
      buffer.size = 16 * static_cast<std::int64_t>(1 + random() % 50);
      buffer.alignment = 16;
      const auto i = static_cast<int>(&buffer - buffers.data());
      if (leader == Buffer::kFree || random() % 3 == 0) {
        leader = i;
        continue;
      }
      const Buffer& before = buffers[static_cast<std::size_t>(i) - 1];
      buffer.tied_to = leader;
      buffer.tie_offset =
          before.tie_offset + before.size + 16 * static_cast<std::int64_t>(random() % 3);
    }
    const auto layout = place(buffers);
    ASSERT_TRUE(layout);
    const auto valid = validate(buffers, *layout);
    EXPECT_TRUE(valid) << valid.error().message;
    EXPECT_GE(layout->size, lower_bound(buffers));
  }
}

TEST(Validate, RefusesTiedBuffersThatWereTornApart) {
  const Buffer buffers[] = {
      {.first_use = 0, .last_use = 1, .size = 16, .alignment = 16},
      {.first_use = 1, .last_use = 2, .size = 16, .alignment = 16, .tied_to = 0, .tie_offset = 16}};
  EXPECT_TRUE(validate(buffers, {.offsets = {0, 16}, .size = 48}));
  const auto valid = validate(buffers, {.offsets = {0, 32}, .size = 48});
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().message, "buffer 1 at 32 is not 16 B after buffer 0");
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

TEST(LowerBound, CountsWhatAlignmentCosts) {
  const Buffer buffers[] = {{.first_use = 0, .last_use = 1, .size = 10, .alignment = 16},
                            {.first_use = 1, .last_use = 2, .size = 20, .alignment = 16}};
  EXPECT_EQ(lower_bound(buffers), 36) << "16 and 20, or 32 and 10 more";
}

TEST(LowerBound, OfNothingIsNothing) { EXPECT_EQ(lower_bound({}), 0); }

}  // namespace
}  // namespace mote::plan
