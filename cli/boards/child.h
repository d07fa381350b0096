#pragma once

#include <string>
#include <vector>

#include "mote/support/result.h"

/// Programs that a command starts, and what becomes of them and their files when it is stopped.
namespace mote::cli {

/// How a program that was started is to be found.
struct Child {
  std::vector<std::string> words;        ///< its name, looked for in PATH, and its arguments
  std::vector<std::string> environment;  ///< "NAME=VALUE", beside what this process has
  std::string out, err;                  ///< files for what it writes
};

/// Runs a program to its end, in a process group of its own, with nothing to read. Many threads may
/// call this at a time.
///
/// @returns its exit code (128 and the signal where one ended it); kIo where it could not be
/// started, or a signal asks this process to end.
Result<int> run_child(const Child& child);

/// An empty folder in that for temporary files, which goes with all that is in it when this does,
/// also when SIGINT, SIGTERM or SIGHUP ends the process: children are ended first, and the signal
/// takes effect once the folder is gone. One at a time.
class TemporaryFolder {
 public:
  /// @returns kIo where it cannot be made.
  static Result<TemporaryFolder> create();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
  }
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace mote::cli
