#include "mote/compiler/model/flatbuffer.h"

#include <gtest/gtest.h>

namespace mote::model {
namespace {

constexpr Slot kNumber = {"number", 0}, kText = {"text", 1}, kList = {"list", 2};

/// A root table at byte 12 whose vtable, at byte 4, has the fields number (byte 4), text (byte 8)
/// and list (byte 12); the text at byte 28, the list of two at byte 36.
std::vector<std::byte> example() {
  const std::uint8_t bytes[] = {14, 0, 0,  0,                           // root: byte 14
                                10, 0, 16, 0, 4,   0,   8,   0, 12, 0,  // vtable
                                10, 0, 0,  0, 42,  0,   0,   0, 8,  0, 0, 0, 12, 0, 0, 0,  // table
                                3,  0, 0,  0, 'a', 'b', 'c', 0,                            // text
                                2,  0, 0,  0, 7,   0,   0,   0, 8,  0, 0, 0};              // list
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

TEST(FlatFile, ReadsWhatItsTableHolds) {
  const auto bytes = example();
  const FlatFile file(bytes);
  const FlatTable root = file.root();
  EXPECT_EQ(root.scalar<std::int32_t>(kNumber), 42);
  EXPECT_EQ(root.text(kText), "abc");
  EXPECT_EQ(root.numbers<std::int32_t>(kList), (std::vector<std::int32_t>{7, 8}));
  EXPECT_EQ(file.damage(), "");
}

TEST(FlatFile, GivesTheFallbackForAFieldThatIsAbsent) {
  const auto bytes = example();
  const FlatFile file(bytes);
  EXPECT_EQ(file.root().scalar<std::int32_t>({"newer", 9}, 5), 5);
  EXPECT_FALSE(file.root().table({"newer", 9}).exists());
  EXPECT_EQ(file.damage(), "");
}

TEST(FlatFile, RemembersTheFirstViolationOnly) {
  auto bytes = example();
  bytes[30] = std::byte{0xff};  // the text's length
  bytes[38] = std::byte{0xff};  // the list's length
  const FlatFile file(bytes);
  EXPECT_EQ(file.root().text(kText), "");
  EXPECT_TRUE(file.root().numbers<std::int32_t>(kList).empty());
  EXPECT_EQ(file.damage(),
            "the 'text' of the model has 255 elements of 1 B at byte 34, but the file has 50 B");
}

TEST(FlatFile, AnswersEveryCutWithDamageOrTheTruth) {
  const auto whole = example();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    const FlatFile file(cut);
    const auto list = file.root().numbers<std::int32_t>(kList);
    EXPECT_TRUE(list.empty()) << size;
    EXPECT_EQ(file.damage().empty(), size < 4) << size;
  }
}

TEST(FlatFile, StopsReadingTheSamePartAgainAndAgain) {
  const auto bytes = example();
  const FlatFile file(bytes);
  const FlatTable root = file.root();
  for (int i = 0; i < 10000; ++i) root.numbers<std::int32_t>(kList);
  EXPECT_EQ(file.damage(),
            "the 'list' of the model is reached so many times that reading it would take far more "
            "than the file");
}

}  // namespace
}  // namespace mote::model
