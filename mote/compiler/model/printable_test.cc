#include "mote/compiler/model/printable.h"

#include <gtest/gtest.h>

namespace mote::model {
namespace {

TEST(Printable, LeavesAsciiAndUtf8AsTheyAre) {
  EXPECT_EQ(printable("conv/bias;1"), "conv/bias;1");
  EXPECT_EQ(printable("\u00e9 \u20ac \U0001f600"), "\u00e9 \u20ac \U0001f600");
}

TEST(Printable, ReplacesControlCharacters) {
  EXPECT_EQ(printable(std::string("a\nb\x1b[0m\0\x7f", 9)), "a?b?[0m??");
}

TEST(Printable, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff\xc3"), "??") << "no lead, and no room for the second byte";
  EXPECT_EQ(printable("\xc3("), "?(") << "no continuation";
  EXPECT_EQ(printable("\xc0\xaf"), "??") << "longer than it need be";
  EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????") << "above U+10FFFF";
}

}  // namespace
}  // namespace mote::model
