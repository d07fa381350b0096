#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace mote {

/// What kind of thing went wrong; decides the exit code of the command line.
enum class ErrorCode {
  kBadInput,     ///< a file, a recording or an option's value is at fault
  kUnsupported,  ///< the input is well-formed, but asks for what mote does not do
  kOutOfMemory,  ///< a stated limit (the arena's) is too small
  kIo,           ///< the operating system refused: missing file, full disk, vanished device
  kUsage,        ///< the command line is wrong
  kCheckFailed,  ///< a check that the user asked for did not hold
};

/// An error for a person: one sentence that names the place, the fact, the expectation and the way
/// out.
struct Error {
  ErrorCode code = ErrorCode::kBadInput;
  std::string message;
};

/// A value or the Error that kept it from existing.
template <class T>
using Result = tl::expected<T, Error>;

/// Makes the failing side of any Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}
inline tl::unexpected<Error> bad_input(std::string message) {
  return fail(ErrorCode::kBadInput, std::move(message));
}
inline tl::unexpected<Error> unsupported(std::string message) {
  return fail(ErrorCode::kUnsupported, std::move(message));
}

}  // namespace mote

/// Returns the error of `expression` (a Result) from the enclosing function, if it is one.
#define MOTE_TRY(expression)                                         \
  do {                                                               \
    if (auto&& mote_try_result = (expression); !mote_try_result)     \
      return tl::unexpected<::mote::Error>(mote_try_result.error()); \
  } while (false)
