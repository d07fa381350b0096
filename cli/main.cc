#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <new>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return 2;
    case ErrorCode::kCheckFailed:
      return 3;
    case ErrorCode::kBadInput:
    case ErrorCode::kUnsupported:
    case ErrorCode::kOutOfMemory:
    case ErrorCode::kIo:
      return 1;
  }
  return 1;
}

/// Makes sure that the descriptors 0 to 2 are taken, so that no file is opened in the place of
/// standard output and written into. Reading and writing them fails as if they were closed.
void occupy_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
      return;
}

Result<void> unknown_command(std::string_view word) {
  std::vector<std::string_view> known;
  for (const Command* command : all_commands()) known.push_back(command->name);
  const std::string_view near = nearest(word, known);
  return fail(ErrorCode::kUsage,
              cat("there is no command '", word, "'",
                  near.empty() ? "; see `mote --help`" : cat("; did you mean '", near, "'?")));
}

Result<void> dispatch(std::span<const char* const> words, std::ostream& out) {
  const std::string_view verb = words.empty() ? "--help" : words[0];
  if (verb == "--help" || verb == "-h" || verb == "help") {
    const Command* command = words.size() > 1 ? find_command(words[1]) : nullptr;
    if (words.size() > 1 && !command) return unknown_command(words[1]);
    command ? print_help(*command, out) : print_overview(out);
    return {};
  }
  if (verb == "--version") {
    out << "mote " << MOTE_VERSION << '\n';
    return {};
  }
  const Command* command = find_command(verb);
  if (!command) return unknown_command(verb);
  const auto args = parse(*command, words.subspan(1));
  if (!args) return tl::unexpected(args.error());
  if (args->has("--help")) {
    print_help(*command, out);
    return {};
  }
  return command->run(*args, out);
}

/// Results that did not reach the reader are a failure, whatever else went well.
Result<void> flush(std::ostream& out) {
  errno = 0;
  if (out.flush()) return {};
  return fail(ErrorCode::kIo, cat("cannot write to standard output: ",
                                  errno == 0 ? "it was closed" : std::strerror(errno)));
}

int report(const Error& error) {
  std::cerr << "mote: error: " << error.message << std::endl;
  return exit_code(error.code);
}

int run(std::span<const char* const> words) {
  occupy_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is reported by the write that fails
  std::ios::sync_with_stdio(false);
  const auto result = dispatch(words, std::cout);
  const auto flushed = flush(std::cout);
  if (!result) return report(result.error());
  return flushed ? 0 : report(flushed.error());
}

}  // namespace
}  // namespace mote::cli

int main(int argc, char** argv) {
  try {
    return mote::cli::run({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::bad_alloc&) {
    return mote::cli::report({mote::ErrorCode::kOutOfMemory, "the machine has not enough memory"});
  } catch (const std::exception& error) {
    return mote::cli::report({mote::ErrorCode::kBadInput, error.what()});
  }
}
