#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

/// The evaluation material beside the checkout, which is never part of the project.
namespace mote::tests {

/// Its folder: the environment's MOTE_SHARED, else ../shared from the project's root.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("MOTE_SHARED");
  return named ? std::filesystem::path(named) : std::filesystem::path(MOTE_SOURCE_DIR "/../shared");
}

}  // namespace mote::tests

/// Ends the test as skipped, visibly, where `path` of the evaluation material is absent.
#define MOTE_NEED_SHARED(path)                                           \
  if (!std::filesystem::exists(::mote::tests::shared_folder() / (path))) \
  GTEST_SKIP() << "needs the evaluation material's " << (path)
