#include "cli/boards/board_folder.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "mote/support/cat.h"

namespace mote::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kModel = MOTE_SOURCE_DIR "/models/dial_tones/dial_tones.tflite";

/// Sets an environment variable for as long as it lives.
struct Variable {
  Variable(const char* variable, const std::string& value) : name(variable) {
    if (const char* now = std::getenv(name)) before = now;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { before.empty() ? ::unsetenv(name) : ::setenv(name, before.c_str(), 1); }
  const char* name;
  std::string before;
};

/// An empty folder that things are looked for in.
struct Empty {
  Empty() { ::mkdtemp(path.data()); }
  ~Empty() { std::filesystem::remove_all(path); }
  bool has_files() const { return !std::filesystem::is_empty(path); }
  std::string path = (std::filesystem::temp_directory_path() / "empty_XXXXXX").string();
};

TEST(Boards, AreThoseOfTheSource) {
  std::vector<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(MOTE_SOURCE_DIR "/firmware/boards"))
    folders.push_back(entry.path().filename().string());
  std::sort(folders.begin(), folders.end());
  EXPECT_EQ(board_names(), folders);
}

TEST(Boards, SayWhatTheirTextFilesSay) {
  EXPECT_EQ(board_value("virt-rv32", "target"), "rv32imac");
  EXPECT_EQ(board_value("virt-rv32", "qemu"), "qemu-system-riscv32 -M virt -bios none");
  EXPECT_EQ(board_value("virt-rv32", "colour"), std::nullopt);
  EXPECT_EQ(board_value("virt-rv3", "target"), std::nullopt);
}

TEST(Boards, NameThePackagesThatAMachineLacks) {
  const Variable path("PATH", "/nowhere");
  EXPECT_THAT(packages_missing("mps2-an386"),
              ElementsAre("gcc-arm-none-eabi", "libnewlib-arm-none-eabi", "qemu-system-arm"));
  const auto folder = BoardFolder::create(MOTE_PROGRAM);
  ASSERT_TRUE(folder);
  const auto run = folder->run({.board = "virt-rv64", .model = kModel});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(run.error().message,
              HasSubstr("apt-get install gcc-riscv64-unknown-elf qemu-system-misc"));
  // Once those are there, the board may still lack its library.
  EXPECT_GE(packages_missing("virt-rv64").size(), 2u);
}

TEST(Boards, LeaveNoFilesBehind) {
  const Empty empty;
  const Variable temporary("TMPDIR", empty.path);
  {
    const auto folder = BoardFolder::create(MOTE_PROGRAM);
    ASSERT_TRUE(folder);
    EXPECT_TRUE(std::filesystem::exists(folder->root() + "/firmware/startup/sections.ld"));
    EXPECT_TRUE(std::filesystem::exists(folder->root() + "/mote/core/base/dtype.h"));
  }
  EXPECT_FALSE(empty.has_files());
}

TEST(Boards, SayWhereFilesCannotBeWritten) {
  const Variable temporary("TMPDIR", "/proc");
  const auto folder = BoardFolder::create(MOTE_PROGRAM);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::kIo);
  EXPECT_THAT(folder.error().message, HasSubstr("TMPDIR"));
}

// A script that runs for a minute, stopped by a signal: the program ends by it, its children too,
// and the folder goes.
TEST(Boards, LeaveNothingWhenASignalComes) {
  const Empty empty;
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("TMPDIR", empty.path.c_str(), 1);
    {
      const auto folder = BoardFolder::create(MOTE_PROGRAM);
      std::ofstream(folder->root() + "/script/wait") << "sleep 60 &\necho $! > $TMPDIR/pid\nwait";
      (void)folder->script("wait", {});
    }
    ::_exit(1);
  }
  std::string sleeper;
  for (int i = 0; i < 500 && sleeper.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(empty.path))
      if (entry.path().filename() == "pid") std::ifstream(entry.path()) >> sleeper;
  }
  ASSERT_NE(sleeper, "");
  ::kill(child, SIGINT);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
  EXPECT_FALSE(empty.has_files());
  for (int i = 0; i < 100 && std::filesystem::exists("/proc/" + sleeper); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::string state;
  std::ifstream("/proc/" + sleeper + "/stat") >> state >> state >> state;
  EXPECT_TRUE(state.empty() || state == "Z") << state;
}

/// Tests that need a compiler and QEMU.
class BoardRuns : public testing::Test {
 protected:
  void SetUp() override {
    if (!packages_missing("mps2-an386").empty() || !packages_missing("virt-rv32").empty())
      GTEST_SKIP() << "a compiler or QEMU is missing";
    auto made = BoardFolder::create(MOTE_PROGRAM);
    ASSERT_TRUE(made) << made.error().message;
    folder = std::make_unique<BoardFolder>(std::move(*made));
  }
  std::unique_ptr<BoardFolder> folder;
};

TEST_F(BoardRuns, CountAndCheckTwoAtATime) {
  Result<BoardRun> m4, rv32;
  std::thread other(
      [&] { rv32 = folder->run({.board = "virt-rv32", .model = kModel, .self_test = true}); });
  m4 = folder->run({.board = "mps2-an386", .model = kModel, .self_test = true});
  other.join();
  ASSERT_TRUE(m4) << m4.error().message;
  ASSERT_TRUE(rv32) << rv32.error().message;
  EXPECT_EQ(m4->self_test, -1);
  EXPECT_EQ(rv32->self_test, -1);
  EXPECT_GT(rv32->instructions, m4->instructions);
  EXPECT_EQ(m4->const_bytes, rv32->const_bytes);
  EXPECT_EQ(m4->arena_bytes, rv32->arena_bytes);
  EXPECT_GE(m4->ram_bytes, m4->arena_bytes + m4->stack_bytes);
  EXPECT_GT(m4->flash_bytes, 0);
}

TEST_F(BoardRuns, GiveBackTheOutputsOfEachRecord) {
  // Three records of 256 samples: silence, a ramp, silence.
  std::vector<std::byte> input(3 * 256);
  for (int i = 0; i < 256; ++i)
    input[static_cast<std::size_t>(256 + i)] = static_cast<std::byte>(i);
  const auto run = folder->run(
      {.board = "mps2-an386", .model = kModel, .input = input, .outputs = true, .sizes = false});
  ASSERT_TRUE(run) << run.error().message;
  ASSERT_EQ(run->outputs.size(), 3u * 17);
  const std::span outputs(run->outputs);
  EXPECT_TRUE(std::ranges::equal(outputs.first(17), outputs.last(17)));
  EXPECT_FALSE(std::ranges::equal(outputs.first(17), outputs.subspan(17, 17)));
  EXPECT_EQ(run->flash_bytes, 0);
  EXPECT_EQ(run->self_test, std::nullopt);
}

TEST_F(BoardRuns, SayWhatDoesNotFit) {
  // A dense layer's weights alone are more than the micro:bit has.
  const std::string big = MOTE_SOURCE_DIR "/../shared/models/ad01_int8.tflite";
  if (!std::filesystem::exists(big)) GTEST_SKIP() << "no ../shared/models";
  const auto run = folder->run({.board = "microbit", .model = big});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::kOutOfMemory);
  EXPECT_THAT(run.error().message,
              testing::MatchesRegex("ad01_int8.tflite does not fit on microbit: FLASH needs "
                                    "[0-9]+ B, there are 262144 B; take .*"));
}

TEST_F(BoardRuns, PassOnWhatTheToolSays) {
  const auto absent = folder->run({.board = "mps2-an386", .model = "absent.tflite"});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(absent.error().message, StartsWith("there is no file '"));
  const auto flag = folder->run({.board = "mps2-an386", .model = kModel, .flags = {"--stream=x"}});
  ASSERT_FALSE(flag);
  EXPECT_EQ(flag.error().code, ErrorCode::kUsage);
  EXPECT_THAT(flag.error().message, StartsWith("--stream is 'x'"));
  const auto board = folder->run({.board = "absent", .model = kModel});
  ASSERT_FALSE(board);
  EXPECT_EQ(board.error().code, ErrorCode::kUsage);
  EXPECT_THAT(board.error().message, HasSubstr("mps2-an386"));
}

}  // namespace
}  // namespace mote::cli
