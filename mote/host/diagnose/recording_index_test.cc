#include "mote/host/diagnose/recording_index.h"

#include <gtest/gtest.h>

#include <string_view>

namespace mote::diagnose {
namespace {

Result<RecordingIndex> parse(std::string_view text) {
  return RecordingIndex::parse("index.csv", std::as_bytes(std::span(text)));
}

TEST(RecordingIndex, KnowsScaleAndAxesOfARecording) {
  const auto index =
      parse("path,channels,scale_to_unit,g_per_unit\nset/a.wav,x;y,0.5,12.5\nset/b.wav,x,2,\n");
  ASSERT_TRUE(index) << index.error().message;
  const auto a = index->find("/data/set/a.wav");
  ASSERT_TRUE(a);
  EXPECT_DOUBLE_EQ(*a->scale(), 6.25);
  EXPECT_EQ(a->axes(), (std::vector<std::string>{"x", "y"}));
  EXPECT_DOUBLE_EQ(*index->find("set/b.wav")->scale(), 2);
}

TEST(RecordingIndex, DoesNotMistakeTheEndOfANameForAPath) {
  const auto index = parse("path,n\na.wav,1\n");
  EXPECT_FALSE(index->find("not_a.wav"));
  EXPECT_EQ(index->find("not_a.wav").error().message,
            "'not_a.wav' is not in the index 'index.csv'");
}

TEST(RecordingIndex, RefusesWhatIsNoIndex) {
  EXPECT_EQ(parse("file,n\na.wav,1\n").error().message, "'index.csv' has no column path");
  EXPECT_EQ(parse("path,n\na.wav\n").error().message, "'index.csv' line 2 has 1 cells, expected 2");
  EXPECT_EQ(parse("path,n\n").error().message, "'index.csv' lists no recordings");
}

TEST(RecordingIndex, RefusesAScaleThatIsNoNumber) {
  const auto index = parse("path,scale_to_unit\na.wav,big\n");
  EXPECT_EQ(index->find("a.wav")->scale().error().message,
            "the index says 'big' of 'a.wav' in column scale_to_unit, expected a number");
}

}  // namespace
}  // namespace mote::diagnose
