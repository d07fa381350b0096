#include "mote/support/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "mote/support/cat.h"

namespace mote {
namespace {

/// Closes its file descriptor at the end of the scope (but never stdin or stdout).
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd > 2) ::close(fd);
  }
};

tl::unexpected<Error> system_error(const char* verb, const std::string& path) {
  return fail(ErrorCode::kIo, cat("cannot ", verb, " '", path, "': ", std::strerror(errno)));
}

/// Writes all of `bytes`, restarting after partial writes and signals; false with errno set on
/// failure.
bool write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<std::vector<std::byte>> read_file(const std::string& path, std::int64_t max_bytes) {
  const Descriptor file{path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return system_error("open", path);
  struct stat info;
  if (::fstat(file.fd, &info) != 0) return system_error("read", path);
  if (S_ISDIR(info.st_mode)) return bad_input(cat("'", path, "' is a folder, expected a file"));
  // Straight to where the bytes stay; one more than the size that the system tells, to see the end.
  constexpr std::size_t kChunk = 65536;
  const bool has_size = S_ISREG(info.st_mode) && info.st_size > 0 && info.st_size <= max_bytes;
  std::vector<std::byte> bytes(has_size ? static_cast<std::size_t>(info.st_size) + 1 : kChunk);
  for (std::size_t filled = 0;;) {
    const ssize_t n = ::read(file.fd, bytes.data() + filled, bytes.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("read", path);
    filled += static_cast<std::size_t>(n);
    if (static_cast<std::int64_t>(filled) > max_bytes)
      return bad_input(
          cat("'", path, "' is larger than ", max_bytes, " B, the most mote reads here"));
    if (n == 0) {
      bytes.resize(filled);
      return bytes;
    }
    if (filled == bytes.size()) bytes.resize(2 * filled + kChunk);
  }
}

Result<void> write_file(const std::string& path, std::span<const std::byte> bytes) {
  if (path == "-") {
    if (!write_all(1, bytes)) return system_error("write", "standard output");
    return {};
  }
  struct stat info;
  const bool special = ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
  const std::string target = special ? path : cat(path, ".", ::getpid(), ".part");
  const int fd = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return system_error("write", path);
  bool ok = write_all(fd, bytes) && (special || ::fsync(fd) == 0);
  int reason = errno;
  if (::close(fd) != 0 && ok) ok = false, reason = errno;
  if (!special && ok && ::rename(target.c_str(), path.c_str()) != 0) ok = false, reason = errno;
  if (ok) return {};
  if (!special) ::unlink(target.c_str());
  errno = reason;
  return system_error("write", path);
}

}  // namespace mote
