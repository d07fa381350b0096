#include "cli/boards/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "mote/support/cat.h"

extern char** environ;

namespace mote::cli {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
/// More children than any command has at a time.
constexpr int kMostChildren = 64;

// What the handler of signals sees: process groups that live, and whether one came.
std::array<std::atomic<pid_t>, kMostChildren> g_children{};
std::atomic<int> g_signal{0};

void end_children(int signal) {
  for (const auto& slot : g_children)
    if (const pid_t child = slot.load(); child > 0) ::kill(-child, signal);
}

void on_signal(int signal) {
  const int saved = errno;
  g_signal.store(signal);
  end_children(SIGTERM);
  errno = saved;
}

/// Keeps `child` where the handler finds it. @returns nullptr where too many are there.
std::atomic<pid_t>* remember(pid_t child) {
  for (auto& slot : g_children)
    if (pid_t none = 0; slot.compare_exchange_strong(none, child)) return &slot;
  return nullptr;
}

/// This process's environment with the values of `ours` before those of the same name.
std::vector<char*> environment_with(std::vector<std::string>& ours) {
  std::vector<char*> all;
  for (std::string& entry : ours) all.push_back(entry.data());
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    bool is_ours = false;
    for (const std::string& own : ours) is_ours = is_ours || own.starts_with(name);
    if (!is_ours) all.push_back(*entry);
  }
  all.push_back(nullptr);
  return all;
}

/// posix_spawnp() with all that `child` says. @returns what that returns.
int spawn(pid_t& pid, const Child& child) {
  std::vector<std::string> words = child.words, ours = child.environment;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int kNewFile = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, child.out.c_str(), kNewFile, 0600);
  posix_spawn_file_actions_addopen(&files, 2, child.err.c_str(), kNewFile, 0600);
  // SIGPIPE is ignored here, and children would inherit that.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  const int error = ::posix_spawnp(&pid, argv[0], &files, &attributes, argv.data(),
                                   environment_with(ours).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

Result<int> run_child(const Child& child) {
  pid_t pid = 0;
  if (g_signal.load()) return fail(ErrorCode::kIo, "stopped by a signal");
  if (const int error = spawn(pid, child); error != 0)
    return fail(ErrorCode::kIo, cat("cannot start ", child.words[0], ": ", std::strerror(error)));
  std::atomic<pid_t>* slot = remember(pid);
  // The signal may have come before the handler could find the child.
  if (!slot || g_signal.load()) ::kill(-pid, SIGTERM);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (slot) slot->store(0);
  if (!slot) return fail(ErrorCode::kIo, "too many programs at a time");
  if (g_signal.load()) return fail(ErrorCode::kIo, "stopped by a signal");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<TemporaryFolder> TemporaryFolder::create() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error)
    return fail(ErrorCode::kIo, cat("there is no folder for temporary files (", error.message(),
                                    "); let TMPDIR name one"));
  std::string path = (parent / "mote_XXXXXX").string();
  // Before the folder is there: a signal in between would leave it.
  for (const int signal : kSignals) {
    struct sigaction now {};
    ::sigaction(signal, nullptr, &now);
    if (now.sa_handler == SIG_IGN) continue;
    struct sigaction ours {};
    ours.sa_handler = on_signal;
    ::sigaction(signal, &ours, nullptr);
  }
  if (!::mkdtemp(path.data()))
    return fail(ErrorCode::kIo,
                cat("cannot make a folder in ", parent.string(), " (", std::strerror(errno),
                    "); let TMPDIR name one that can be "
                    "written"));
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  for (const int signal : kSignals) {
    struct sigaction now {};
    ::sigaction(signal, nullptr, &now);
    if (now.sa_handler == on_signal) std::signal(signal, SIG_DFL);
  }
  if (const int signal = g_signal.load()) std::raise(signal);
}

}  // namespace mote::cli
