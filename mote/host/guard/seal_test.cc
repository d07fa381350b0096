#include "mote/host/guard/seal.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

#include "mote/host/guard/system_call_filter.h"
#include "tests/support/seccomp.h"

namespace mote::guard {
namespace {

constexpr int kSealFailed = 250, kNotRefused = 251, kWrongErrno = 252;

/// Seals a forked child, runs `body` in it, and returns the child's wait status.
int status_in_sealed_child(const std::function<int()>& body, const std::function<void()>& before) {
  const pid_t child = fork();
  if (child == 0) {
    before();
    _exit(seal() ? body() : kSealFailed);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

int exit_code_in_sealed_child(
    const std::function<int()>& body, const std::function<void()>& before = [] {}) {
  const int status = status_in_sealed_child(body, before);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Something that a sealed process must not be able to do: a call that returns -1 when refused.
struct Forbidden {
  const char* name;
  std::function<long()> attempt;
};

void PrintTo(const Forbidden& forbidden, std::ostream* out) { *out << forbidden.name; }

class Seal : public testing::TestWithParam<Forbidden> {
 protected:
  void SetUp() override {
    MOTE_NEED_SECCOMP();
    if (built_with_sanitizer()) GTEST_SKIP() << "the seal is weaker in a build with a sanitizer";
  }
};

TEST_P(Seal, Refuses) {
  const auto body = [] {
    errno = 0;
    if (GetParam().attempt() >= 0) return kNotRefused;
    return errno == EPERM || errno == ENOSYS ? 0 : kWrongErrno;
  };
  EXPECT_EQ(exit_code_in_sealed_child(body), 0) << "250: no seal, 251: allowed, 252: other errno";
}

int open_file(const char* path, int flags) { return open(path, flags | O_CLOEXEC, 0600); }

long start_program() {
  char* const arguments[] = {const_cast<char*>("true"), nullptr};
  return execve("/bin/true", arguments, arguments + 1);
}

long send_on_socket_opened_before() {
  static const char byte = 'x';
  return sendto(0, &byte, 1, 0, nullptr, 0);
}

long load_code() {
  void* page =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? -1 : 0;
}

long share_memory() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? -1 : 0;
}

long allow_core_dumps() {
  const rlimit some = {.rlim_cur = 4096, .rlim_max = 4096};
  return setrlimit(RLIMIT_CORE, &some);
}

const Forbidden kForbidden[] = {
    {"TcpSocket", [] { return socket(AF_INET, SOCK_STREAM, 0); }},
    {"UdpSocket", [] { return socket(AF_INET6, SOCK_DGRAM, 0); }},
    {"UnixSocket", [] { return socket(AF_UNIX, SOCK_STREAM, 0); }},
    {"NetlinkSocket", [] { return socket(AF_NETLINK, SOCK_RAW, 0); }},
    {"SocketPair",
     [] {
       int pair[2];
       return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
     }},
    {"Connect",
     [] {
       const sockaddr_in to = {};
       return connect(0, (const sockaddr*)&to, sizeof to);
     }},
    {"Sending", send_on_socket_opened_before},
    {"StartingAProgram", start_program},
    {"Forking", [] { return fork(); }},
    {"OpeningForReading", [] { return open_file("/dev/null", O_RDONLY); }},
    {"OpeningForWriting", [] { return open_file("/dev/null", O_WRONLY); }},
    {"CreatingAFile", [] { return open_file("/tmp/mote_seal_test", O_RDWR | O_CREAT); }},
    {"OpeningByHandle", [] { return syscall(SYS_open_by_handle_at, 0, nullptr, 0); }},
    {"Openat2", [] { return syscall(SYS_openat2, AT_FDCWD, "/dev/null", nullptr, 0); }},
    {"AFileInMemory", [] { return memfd_create("x", 0); }},
    {"MakingAFolder", [] { return mkdir("/tmp/mote_seal_test_dir", 0700); }},
    {"Renaming", [] { return rename("/tmp/mote_none", "/tmp/mote_none2"); }},
    {"Removing", [] { return unlink("/tmp/mote_none"); }},
    {"Linking", [] { return symlink("/tmp/mote_none", "/tmp/mote_none2"); }},
    {"Truncating", [] { return ftruncate(1, 0); }},
    {"IoUring", [] { return syscall(SYS_io_uring_setup, 1, nullptr); }},
    {"Tracing", [] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
    {"ReadingAnotherProcess", [] { return process_vm_readv(1, nullptr, 0, nullptr, 0, 0); }},
    {"WritingAnotherProcess", [] { return process_vm_writev(1, nullptr, 0, nullptr, 0, 0); }},
    {"SignallingAnotherProcess", [] { return kill(1, 0); }},
    {"WritingToAnotherDescriptor", [] { return write(0, "x", 1); }},
    {"TurningStandardOutputIntoAnother", [] { return dup2(0, 1); }},
    {"Pipes",
     [] {
       int ends[2];
       return pipe(ends);
     }},
    {"ExecutableMemory", load_code},
    {"SharedMemory", share_memory},
    {"CoreDumpsAgain", allow_core_dumps},
    {"BecomingDumpableAgain", [] { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }},
};

INSTANTIATE_TEST_SUITE_P(Everything, Seal, testing::ValuesIn(kForbidden),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(SealAllows, WritingToStandardOutputThatIsAFile) {
  MOTE_NEED_SECCOMP();
  std::FILE* file = std::tmpfile();
  const auto to_file = [&] { dup2(fileno(file), STDOUT_FILENO); };
  const auto body = [] { return write(STDOUT_FILENO, "word", 4) == 4 ? 0 : 1; };
  EXPECT_EQ(exit_code_in_sealed_child(body, to_file), 0);
  char text[8] = {};
  std::rewind(file);
  EXPECT_EQ(std::fread(text, 1, sizeof text, file), 4u);
  EXPECT_STREQ(text, "word");
  std::fclose(file);
}

TEST(SealAllows, ReadingADescriptorThatWasOpenBefore) {
  MOTE_NEED_SECCOMP();
  int zero = -1;
  const auto body = [&] {
    char byte;
    return read(zero, &byte, 1) == 1 ? 0 : 1;
  };
  EXPECT_EQ(exit_code_in_sealed_child(body, [&] { zero = open_file("/dev/zero", O_RDONLY); }), 0);
}

TEST(SealAllows, ThreadsAndMemory) {
  MOTE_NEED_SECCOMP();
  const auto body = [] {
    int sum = 0;
    std::thread worker([&] {
      const std::string big(1 << 22, 'x');
      sum = static_cast<int>(big.size() >> 20);
    });
    worker.join();
    return sum == 4 ? 0 : 1;
  };
  EXPECT_EQ(exit_code_in_sealed_child(body), 0);
}

TEST(SealAllows, LeavingInTheOrdinaryWay) {
  MOTE_NEED_SECCOMP();
  EXPECT_EQ(exit_code_in_sealed_child([]() -> int { std::exit(0); }), 0);
}

TEST(SealAllows, AbortingWhichLeavesNoCore) {
  MOTE_NEED_SECCOMP();
  const int status = status_in_sealed_child([]() -> int { std::abort(); }, [] {});
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  EXPECT_FALSE(WCOREDUMP(status));
}

TEST(SealCovers, ThreadsThatRanBeforeIt) {
  MOTE_NEED_SECCOMP();
  if (built_with_sanitizer()) GTEST_SKIP() << "the seal is weaker in a build with a sanitizer";
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> stage = 0, outcome = kNotRefused;
    std::thread older([&] {
      while (stage == 0) std::this_thread::yield();
      outcome = socket(AF_INET, SOCK_DGRAM, 0) < 0 && errno == EPERM ? 0 : kNotRefused;
    });
    const bool sealed = seal().has_value();
    stage = 1;
    older.join();
    _exit(sealed ? outcome.load() : kSealFailed);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SealReports, WhichLayersHold) {
  MOTE_NEED_SECCOMP();
  const auto body = [] { return 0; };
  EXPECT_EQ(exit_code_in_sealed_child(body), 0);
  EXPECT_EQ(describe({.system_calls_filtered = true, .core_dumps_off = true, .landlock_abi = 7}),
            "sealed: no network, no programs, no files, no core dump (seccomp, Landlock 7)");
  EXPECT_EQ(describe({.system_calls_filtered = true, .core_dumps_off = true}),
            "sealed: no network, no programs, no files, no core dump (seccomp, no Landlock in this "
            "kernel)");
}

/// Makes the kernel look as if it lacked a system call.
void take_away(const char* system_call) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), seccomp_syscall_resolve_name(system_call), 0);
  seccomp_load(filter);
  seccomp_release(filter);
}

/// The error of seal() in a child whose kernel lacks `system_call`; empty when it seals.
std::string error_without(const char* system_call, const SealOptions& options) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    take_away(system_call);
    const auto report = seal(options);
    const std::string text = report ? "" : report.error().message;
    _exit(write(STDOUT_FILENO, text.data(), text.size()) < 0);
  }
  close(ends[1]);
  char text[512] = {};
  const ssize_t length = read(ends[0], text, sizeof text);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return std::string(text, length > 0 ? static_cast<std::size_t>(length) : 0);
}

TEST(SealRefusesToGoOn, WhereTheKernelHasNoSeccomp) {
  MOTE_NEED_SECCOMP();
  EXPECT_THAT(error_without("seccomp", {}),
              testing::HasSubstr("cannot seal the process: seccomp refused"));
}

TEST(SealRefusesToGoOn, WithoutLandlockWhenThatWasAskedFor) {
  MOTE_NEED_SECCOMP();
  EXPECT_THAT(error_without("landlock_create_ruleset", {.require_landlock = true}),
              testing::HasSubstr("this kernel has no Landlock"));
}

TEST(SealGoesOn, WithoutLandlockWhenThatWasNotAskedFor) {
  MOTE_NEED_SECCOMP();
  EXPECT_EQ(error_without("landlock_create_ruleset", {}), "");
}

}  // namespace
}  // namespace mote::guard
