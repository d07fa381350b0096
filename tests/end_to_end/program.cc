#include "tests/end_to_end/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <iterator>

extern char** environ;

namespace mote::tests {
namespace {

std::string little_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

int exit_code_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Outcome run_mote(const std::vector<std::string>& arguments, const Streams& streams) {
  const TemporaryFolder folder;
  const std::string err = folder.path("err");
  const std::string out = streams.out.empty() ? folder.path("out") : streams.out;
  std::vector<std::string> words = {MOTE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, streams.in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  pid_t child = 0;
  const int error = posix_spawn(&child, MOTE_PROGRAM, &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return {};
  const int exit_code = exit_code_of(child);
  return {.exit_code = exit_code,
          .out = streams.out.empty() ? contents(out) : "",
          .err = contents(err)};
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "mote_test_XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(folder_); }

std::string TemporaryFolder::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::string TemporaryFolder::write_wav(const std::string& name, const std::vector<float>& samples,
                                       std::uint32_t rate_hz) const {
  const auto bytes = static_cast<std::uint32_t>(2 * samples.size());
  std::string wav = "RIFF" + little_endian(36 + bytes, 4) + "WAVEfmt " + little_endian(16, 4) +
                    little_endian(1, 2) + little_endian(1, 2) + little_endian(rate_hz, 4) +
                    little_endian(2 * rate_hz, 4) + little_endian(2, 2) + little_endian(16, 2) +
                    "data" + little_endian(bytes, 4);
  for (float s : samples)
    wav += little_endian(static_cast<std::uint32_t>(std::lround(32767 * s)), 2);
  return write(name, wav);
}

}  // namespace mote::tests
