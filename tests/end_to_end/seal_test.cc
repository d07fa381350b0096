#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "mote/host/guard/system_call_filter.h"
#include "tests/end_to_end/keyword_networks.h"
#include "tests/end_to_end/program.h"
#include "tests/end_to_end/system_calls.h"
#include "tests/support/seccomp.h"

namespace mote::tests {
namespace {

/// Calls by which something could leave a process other than by writing to an open descriptor.
const std::set<std::string> kForbidden = {"socket",
                                          "socketpair",
                                          "connect",
                                          "bind",
                                          "listen",
                                          "accept",
                                          "accept4",
                                          "sendto",
                                          "sendmsg",
                                          "sendmmsg",
                                          "execve",
                                          "execveat",
                                          "fork",
                                          "vfork",
                                          "creat",
                                          "memfd_create",
                                          "mkdir",
                                          "mkdirat",
                                          "rename",
                                          "renameat",
                                          "renameat2",
                                          "link",
                                          "linkat",
                                          "symlink",
                                          "symlinkat",
                                          "unlink",
                                          "unlinkat",
                                          "mknod",
                                          "mknodat",
                                          "truncate",
                                          "ftruncate",
                                          "fallocate",
                                          "io_uring_setup",
                                          "io_uring_enter",
                                          "io_setup",
                                          "ptrace",
                                          "sendfile",
                                          "splice",
                                          "tee",
                                          "vmsplice",
                                          "pwrite64",
                                          "pwritev",
                                          "pwritev2",
                                          "openat2",
                                          "open_by_handle_at",
                                          "mq_open",
                                          "msgget",
                                          "shmget",
                                          "setxattr",
                                          "copy_file_range",
                                          "process_vm_readv",
                                          "process_vm_writev",
                                          "pidfd_getfd",
                                          "pidfd_open",
                                          "dup",
                                          "dup2",
                                          "dup3"};

bool opens(const SystemCall& call) { return call.name == "open" || call.name == "openat"; }

bool opens_for_writing(const SystemCall& call) {
  const auto flags = call.arguments[call.name == "open" ? 1 : 2];
  return opens(call) && (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) != O_RDONLY;
}

bool writes_elsewhere(const SystemCall& call) {
  return (call.name == "write" || call.name == "writev") && call.arguments[0] != 1 &&
         call.arguments[0] != 2;
}

std::string text_of(const std::vector<SystemCall>& calls) {
  std::string text;
  for (const SystemCall& call : calls) text += call.name + "(" + call.path + ") ";
  return text;
}

/// The calls from that which opened `recording` on; empty where it was never opened.
std::vector<SystemCall> since_opening(const Trace& trace, const std::string& recording) {
  const auto& calls = trace.calls;
  const auto opened = std::find_if(calls.begin(), calls.end(), [&](const SystemCall& call) {
    return opens(call) && call.path == recording && call.result >= 0;
  });
  return {opened, calls.end()};
}

/// The calls after the filter was put in place; empty where none was.
std::vector<SystemCall> since_seal(const std::vector<SystemCall>& calls) {
  const auto sealed = std::find_if(calls.begin(), calls.end(), [](const SystemCall& call) {
    return call.name == "seccomp" && call.arguments[0] == 1 && call.result == 0;
  });
  return {sealed == calls.end() ? sealed : sealed + 1, calls.end()};
}

template <class Predicate>
std::vector<SystemCall> those(const std::vector<SystemCall>& calls, Predicate&& predicate) {
  std::vector<SystemCall> found;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(found), predicate);
  return found;
}

void expect_sealed(const Trace& trace, const std::string& recording) {
  const auto opened = since_opening(trace, recording);
  ASSERT_FALSE(opened.empty()) << "the recording was never opened";
  const auto forbidden =
      those(opened, [](const SystemCall& c) { return kForbidden.contains(c.name); });
  EXPECT_EQ(text_of(forbidden), "") << "after the recording was opened";
  EXPECT_EQ(text_of(those(opened, opens_for_writing)), "") << "after the recording was opened";
  EXPECT_EQ(text_of(those(opened, writes_elsewhere)), "") << "after the recording was opened";
  const auto sealed = since_seal(opened);
  ASSERT_FALSE(sealed.empty()) << "no seccomp filter was put in place after the recording";
  EXPECT_EQ(text_of(those(sealed, opens)), "") << "after the seal";
  const auto writes = those(sealed, [](const SystemCall& c) { return c.name == "write"; });
  EXPECT_FALSE(writes.empty()) << "the result must come after the seal, or it proves nothing";
}

class SealFromOutside : public testing::Test {
 protected:
  void SetUp() override {
    MOTE_NEED_SECCOMP();
    if (guard::built_with_sanitizer())
      GTEST_SKIP() << "the seal is weaker in a build with a sanitizer, whose own calls would show";
  }

  TemporaryFolder folder_;
};

#define MOTE_NEED_TRACE(trace) \
  if (!(trace)) GTEST_SKIP() << "this machine does not allow ptrace"

TEST_F(SealFromOutside, ListenLetsNothingOutOnceTheRecordingIsOpen) {
  std::vector<float> tone(32000);
  for (int n = 0; n < 32000; ++n) tone[n] = 0.5f * static_cast<float>(std::sin(0.17 * n));
  const auto wav = folder_.write_wav("tone.wav", tone);
  const auto traced = trace({MOTE_PROGRAM, "listen", wav,
                             "--model=" + folder_.write("tone.tflite", keyword_network()),
                             "--labels=" + folder_.write("tone.txt", "tone\nsilence\n")});
  MOTE_NEED_TRACE(traced);
  EXPECT_EQ(traced->exit_code, 0) << traced->err;
  EXPECT_THAT(traced->out, testing::HasSubstr("1 word in 2.00 s"));
  EXPECT_THAT(traced->err, testing::HasSubstr("sealed: no network, no programs, no files"));
  expect_sealed(*traced, wav);
}

TEST_F(SealFromOutside, ListenIsSealedAlsoWhenTheRecordingIsDamaged) {
  const auto wav = folder_.write("damaged.wav", "RIFFxxxxWAVEfmt and so on");
  const auto traced = trace({MOTE_PROGRAM, "listen", wav,
                             "--model=" + folder_.write("tone.tflite", keyword_network()),
                             "--labels=" + folder_.write("tone.txt", "tone\nsilence\n")});
  MOTE_NEED_TRACE(traced);
  EXPECT_EQ(traced->exit_code, 1);
  expect_sealed(*traced, wav);
}

TEST_F(SealFromOutside, WatchLetsNothingOutOnceTheRecordingIsOpen) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05f);
  std::vector<float> vibration(40 * 4000);
  for (float& v : vibration) v = normal(random);
  const auto wav = folder_.write_wav("pump.wav", vibration, 4000);
  const auto traced = trace({MOTE_PROGRAM, "watch", wav, "--baseline-fraction=0.5"});
  MOTE_NEED_TRACE(traced);
  EXPECT_EQ(traced->exit_code, 0) << traced->err;
  expect_sealed(*traced, wav);
}

TEST_F(SealFromOutside, ItsTracerSeesWhatItLooksFor) {
  const auto file = folder_.write("input", "x");
  const auto traced = trace(
      {"/bin/sh", "-c", "exec < " + file + "; echo > " + folder_.path("out2") + "; /bin/true"});
  MOTE_NEED_TRACE(traced);
  const auto opened = since_opening(*traced, file);
  EXPECT_FALSE(those(opened, opens_for_writing).empty());
  EXPECT_THAT(text_of(opened), testing::HasSubstr("execve("));
}

}  // namespace
}  // namespace mote::tests
