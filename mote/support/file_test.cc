#include "mote/support/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "mote/support/cat.h"

namespace mote {
namespace {

/// A path of this test's own, gone at its end.
class FileTest : public testing::Test {
 protected:
  ~FileTest() override { std::filesystem::remove(path_); }
  std::string path_ = cat(testing::TempDir(), "mote_file_test_", ::getpid());
};

TEST_F(FileTest, ReadsBackWhatItWrote) {
  const std::vector<std::byte> bytes(100000, std::byte{7});
  ASSERT_TRUE(write_file(path_, bytes));
  const auto read = read_file(path_);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, bytes);
}

TEST_F(FileTest, NamesTheMissingFileAndTheReason) {
  const auto read = read_file(path_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kIo);
  EXPECT_EQ(read.error().message, cat("cannot open '", path_, "': No such file or directory"));
}

TEST_F(FileTest, RefusesAFileLargerThanTheLimit) {
  ASSERT_TRUE(write_file(path_, std::vector<std::byte>(11)));
  const auto read = read_file(path_, /*max_bytes=*/10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kBadInput);
}

TEST_F(FileTest, RefusesAFolder) {
  const auto read = read_file(testing::TempDir());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kBadInput);
}

TEST_F(FileTest, LeavesTheOldFileWhenTheDiskIsFull) {
  // /dev/full refuses every write with ENOSPC.
  const auto written = write_file("/dev/full", std::vector<std::byte>(10));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "cannot write '/dev/full': No space left on device");
}

}  // namespace
}  // namespace mote
