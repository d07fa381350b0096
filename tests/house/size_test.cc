#include <gmock/gmock.h>

#include <set>

#include "mote/support/cat.h"
#include "tests/house/source_files.h"

namespace mote::house {
namespace {

/// Files that are one long table, in which nobody loses the thread.
const std::set<std::string> kTables = {};

/// "path (lines)" for each of the tree's files with more than `limit` lines, tables excepted.
std::vector<std::string> longer_than(int limit) {
  std::vector<std::string> found;
  const std::filesystem::path root = MOTE_SOURCE_DIR;
  for (const std::string& file : source_files(
           root, {"mote", "cli", "tests", "bench", "firmware", "training", "script", "cmake"},
           {".h", ".cc", ".py", ".sh", ".cmake", "CMakeLists.txt"})) {
    const auto lines = static_cast<int>(lines_of(root / file).size());
    if (lines > limit && !kTables.contains(file)) found.push_back(cat(file, " (", lines, ")"));
  }
  return found;
}

TEST(FileSize, StaysBelow800Lines) { EXPECT_THAT(longer_than(800), testing::IsEmpty()); }

// A warning, not a failure: ctest lists what was skipped, so it is seen and stops nobody.
TEST(FileSize, IsWorthALookAbove400Lines) {
  if (const auto files = longer_than(400); !files.empty())
    GTEST_SKIP() << "worth splitting: " << testing::PrintToString(files);
}

TEST(Headers, OpenWithPragmaOnce) {
  const std::filesystem::path root = MOTE_SOURCE_DIR;
  for (const std::string& file : source_files(root, {"mote", "cli", "tests"}, {".h"})) {
    const auto lines = lines_of(root / file);
    EXPECT_THAT(lines, testing::Contains("#pragma once")) << file;
  }
}

}  // namespace
}  // namespace mote::house
