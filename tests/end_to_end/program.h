#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// The real `mote`, run as a user runs it.
namespace mote::tests {

/// What a run of it left.
struct Outcome {
  int exit_code = -1;  ///< minus the signal where one ended it
  std::string out, err;
};

/// Where the program's standard streams lead.
struct Streams {
  std::string in = "/dev/null";  ///< a file to read
  std::string out = "";  ///< a file to write, Outcome::out then being empty; "": Outcome::out
};

/// Runs `mote` with `arguments` and waits for it; standard input is empty.
Outcome run_mote(const std::vector<std::string>& arguments, const Streams& streams = {});

/// A folder that is removed, with all that is in it, when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes a file into it. @returns its path.
  std::string write(const std::string& name, const std::string& bytes) const;
  /// Writes a mono 16-bit WAV file. @returns its path.
  std::string write_wav(const std::string& name, const std::vector<float>& samples,
                        std::uint32_t rate_hz = 16000) const;

 private:
  std::filesystem::path folder_;
};

/// The whole of a file.
std::string contents(const std::string& path);

}  // namespace mote::tests
