#include "tests/end_to_end/system_calls.h"

#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>

#include "tests/end_to_end/program.h"

namespace mote::tests {
namespace {

constexpr int kNoTracing = 77;

/// Stops itself before the program starts, so that the parent sees its first call.
[[noreturn]] void become(const std::vector<std::string>& words, const std::string& out,
                         const std::string& err) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  dup2(open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
  dup2(open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
  if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(kNoTracing);
  raise(SIGSTOP);
  execv(argv[0], argv.data());
  _exit(127);
}

std::string name_of(std::uint64_t number) {
  char* name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), static_cast<int>(number));
  const std::string text = name ? name : "?" + std::to_string(number);
  std::free(name);
  return text;
}

std::string text_at(pid_t thread, std::uint64_t address) {
  std::string text;
  for (;; address += sizeof(long)) {
    errno = 0;
    const long word = ptrace(PTRACE_PEEKDATA, thread, address, nullptr);
    if (errno != 0 || text.size() > 4096) return text + "?";
    for (std::size_t i = 0; i < sizeof word; ++i) {
      const char c = reinterpret_cast<const char*>(&word)[i];
      if (c == 0) return text;
      text += c;
    }
  }
}

/// Follows the threads of one program.
class Tracer {
 public:
  explicit Tracer(pid_t child) : child_(child) {}

  Trace run() {
    resume(child_, 0);
    int status = 0;
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL)) > 0;) {
      if (WIFSTOPPED(status)) {
        stopped(thread, status);
        continue;
      }
      if (thread == child_)
        trace_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    return std::move(trace_);
  }

 private:
  static void resume(pid_t thread, int signal) { ptrace(PTRACE_SYSCALL, thread, nullptr, signal); }

  void stopped(pid_t thread, int status) {
    const int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      record(thread);
      return resume(thread, 0);
    }
    const bool event = status >> 16 != 0 || signal == SIGTRAP || signal == SIGSTOP;
    resume(thread, event ? 0 : signal);
  }

  void record(pid_t thread) {
    __ptrace_syscall_info info = {};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return;
    if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      if (const auto call = pending_.find(thread); call != pending_.end())
        trace_.calls[call->second].result = info.exit.rval;
      return;
    }
    SystemCall call{.name = name_of(info.entry.nr)};
    std::copy(std::begin(info.entry.args), std::end(info.entry.args), call.arguments);
    if (call.name == "openat") call.path = text_at(thread, call.arguments[1]);
    if (call.name == "open") call.path = text_at(thread, call.arguments[0]);
    pending_[thread] = trace_.calls.size();
    trace_.calls.push_back(std::move(call));
  }

  pid_t child_;
  Trace trace_;
  std::map<pid_t, std::size_t> pending_;  ///< index of the call that a thread is in
};

}  // namespace

std::optional<Trace> trace(const std::vector<std::string>& words) {
  const TemporaryFolder folder;
  const std::string out = folder.path("out"), err = folder.path("err");
  const pid_t child = fork();
  if (child == 0) become(words, out, err);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return std::nullopt;
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                       PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SETOPTIONS, child, nullptr, options) != 0) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return std::nullopt;
  }
  Trace result = Tracer(child).run();
  result.out = contents(out);
  result.err = contents(err);
  return result;
}

}  // namespace mote::tests
