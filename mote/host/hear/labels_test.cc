#include "mote/host/hear/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/support/cat.h"

namespace mote::hear {
namespace {

using testing::ElementsAre;

Result<Labels> parse(const std::string& text) {
  return parse_labels(std::as_bytes(std::span(text)), "labels.txt");
}

std::string error_of(const std::string& text) {
  const auto labels = parse(text);
  return labels ? "no error" : labels.error().message;
}

TEST(ParseLabels, TakesOneLabelALine) {
  const auto labels = parse("down\ngo\r\nsilence\n_other_\n\n");
  ASSERT_TRUE(labels) << labels.error().message;
  EXPECT_THAT(labels->names, ElementsAre("down", "go", "silence", "_other_"));
  EXPECT_EQ(labels->words, 0b0011u);
}

TEST(ParseLabels, RefusesAnEmptyList) {
  EXPECT_EQ(error_of("\n\n"), "'labels.txt' has no labels, expected one a line");
}

TEST(ParseLabels, RefusesAnEmptyLine) {
  EXPECT_EQ(error_of("yes\n\nno\n"), "'labels.txt', line 2 is empty, expected a label a line");
}

TEST(ParseLabels, RefusesALabelThatIsThereTwice) {
  EXPECT_EQ(error_of("yes\nno\nyes\n"), "'labels.txt', line 3 repeats the label 'yes' of line 1");
}

TEST(ParseLabels, RefusesControlCharactersWhichCouldSteerATerminal) {
  EXPECT_THAT(error_of("yes\n\x1b[2J\n"), testing::HasSubstr("line 2 is no label"));
}

TEST(ParseLabels, RefusesALabelLongerThanItMayBe) {
  EXPECT_THAT(error_of(std::string(65, 'a')), testing::HasSubstr("line 1 is no label"));
}

TEST(ParseLabels, RefusesMoreClassesThanTheListenerHolds) {
  std::string text;
  for (int i = 0; i < 65; ++i) text += cat("word", i, "\n");
  EXPECT_EQ(error_of(text), "'labels.txt' has 65 labels, expected at most 64");
}

TEST(ParseLabels, RefusesAListWithoutAnyWord) {
  EXPECT_THAT(error_of("silence\nunknown\n"), testing::HasSubstr("has no word"));
}

}  // namespace
}  // namespace mote::hear
