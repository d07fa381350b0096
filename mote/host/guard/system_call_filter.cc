#include "mote/host/guard/system_call_filter.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "mote/support/cat.h"

namespace mote::guard {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

// Computing, waiting, reading what is open already, and leaving. Names, because the numbers and the
// very existence of some differ between architectures.
constexpr const char* kAllowed[] = {"read",
                                    "readv",
                                    "pread64",
                                    "lseek",
                                    "_llseek",
                                    "close",
                                    "fstat",
                                    "fstat64",
                                    "munmap",
                                    "mremap",
                                    "madvise",
                                    "brk",
                                    "mlock",
                                    "munlock",
                                    "futex",
                                    "futex_time64",
                                    "set_robust_list",
                                    "rseq",
                                    "membarrier",
                                    "sched_yield",
                                    "sched_getaffinity",
                                    "getcpu",
                                    "clock_gettime",
                                    "clock_getres",
                                    "clock_nanosleep",
                                    "nanosleep",
                                    "gettimeofday",
                                    "time",
                                    "poll",
                                    "ppoll",
                                    "select",
                                    "pselect6",
                                    "rt_sigaction",
                                    "rt_sigprocmask",
                                    "rt_sigreturn",
                                    "sigaltstack",
                                    "restart_syscall",
                                    "getpid",
                                    "gettid",
                                    "getrandom",
                                    "uname",
                                    "sysinfo",
                                    "getrlimit",
                                    "exit",
                                    "exit_group"};

// What LeakSanitizer does at exit: it reads /proc/self, starts a thread-like process and traces.
constexpr const char* kAllowedUnderSanitizer[] = {
    "write",     "writev",    "fcntl",           "ioctl",
    "mmap",      "mprotect",  "clone",           "fork",
    "wait4",     "ptrace",    "prctl",           "arch_prctl",
    "tgkill",    "kill",      "readlink",        "readlinkat",
    "stat",      "lstat",     "newfstatat",      "access",
    "faccessat", "getdents",  "getdents64",      "getppid",
    "dup",       "pipe",      "pipe2",           "sched_setaffinity",
    "setrlimit", "prlimit64", "process_vm_readv"};

/// A system call that is allowed with certain arguments only; all comparisons must hold.
struct Rule {
  const char* name;
  std::vector<scmp_arg_cmp> when;
};

std::vector<Rule> conditional_rules() {
  constexpr scmp_datum_t kNewThread = CLONE_VM | CLONE_THREAD;
  const scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  return {
      {"write", {SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO)}},
      {"write", {SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO)}},
      {"writev", {SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO)}},
      {"writev", {SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO)}},
      {"mmap", {no_code, SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_SHARED, 0)}},
      {"mprotect", {no_code}},
      {"clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, kNewThread, kNewThread)}},
      {"newfstatat", {SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH)}},  // glibc's fstat()
      {"fcntl", {SCMP_A1(SCMP_CMP_EQ, F_GETFL)}},
      {"ioctl", {SCMP_A1(SCMP_CMP_EQ, TCGETS)}},  // isatty()
      {"prlimit64", {SCMP_A2(SCMP_CMP_EQ, 0)}},   // asking, not setting
      {"tgkill", {SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))}},  // abort()
  };
}

std::vector<Rule> sanitizer_rules() {
  constexpr scmp_datum_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC;
  std::vector<Rule> rules = {{"open", {SCMP_A1(SCMP_CMP_MASKED_EQ, kWriting, O_RDONLY)}},
                             {"openat", {SCMP_A2(SCMP_CMP_MASKED_EQ, kWriting, O_RDONLY)}}};
  for (const char* name : kAllowedUnderSanitizer) rules.push_back({name, {}});
  return rules;
}

tl::unexpected<Error> refused(const char* what, int error) {
  return unsupported(
      cat("cannot seal the process: seccomp refused ", what, " (",
          std::strerror(error < 0 ? -error : error),
          "); run on a Linux kernel with CONFIG_SECCOMP_FILTER and outside sandboxes "
          "that forbid seccomp"));
}

Result<void> add(const Filter& filter, const Rule& rule, std::uint32_t action) {
  const int number = seccomp_syscall_resolve_name(rule.name);
  if (number < 0) return {};  // not on this architecture
  const int error = seccomp_rule_add_array(
      filter.get(), action, number, static_cast<unsigned>(rule.when.size()), rule.when.data());
  if (error != 0) return refused(rule.name, error);
  return {};
}

Result<void> add_rules(const Filter& filter) {
  for (const char* name : kAllowed) MOTE_TRY(add(filter, {name, {}}, SCMP_ACT_ALLOW));
  // A sanitizer's unconditional rules come first: libseccomp ignores narrower ones after them.
  if (kSanitized)
    for (const Rule& rule : sanitizer_rules()) MOTE_TRY(add(filter, rule, SCMP_ACT_ALLOW));
  else
    for (const Rule& rule : conditional_rules()) MOTE_TRY(add(filter, rule, SCMP_ACT_ALLOW));
  // clone3 keeps its flags in memory, where a filter cannot read them; ENOSYS makes glibc use
  // clone.
  return add(filter, {"clone3", {}}, SCMP_ACT_ERRNO(ENOSYS));
}

}  // namespace

bool built_with_sanitizer() { return kSanitized; }

Result<void> filter_system_calls() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return refused("a new filter", ENOMEM);
  MOTE_TRY(add_rules(filter));
  // Every thread of the process, also those started before.
  if (const int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1); error != 0)
    return refused("a filter for all threads", error);
  if (const int error = seccomp_load(filter.get()); error != 0) return refused("the filter", error);
  // A harmless call that is on no list: were it to succeed, the filter would not be in force.
  if (!kSanitized && getppid() >= 0) return refused("to filter", ENOSYS);
  return {};
}

}  // namespace mote::guard
