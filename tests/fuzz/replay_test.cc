#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "mote/support/file.h"
#include "tests/fuzz/targets.h"

// Inputs that once broke something, named after what they broke.
namespace mote::fuzz {
namespace {

std::vector<std::string> findings(const char* extension) {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(MOTE_SOURCE_DIR "/tests/fuzz/findings"))
    if (entry.path().extension() == extension) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(Findings, StayFixed) {
  for (const std::string& path : findings(".tflite")) {
    SCOPED_TRACE(path);
    const auto bytes = read_file(path);
    ASSERT_TRUE(bytes) << bytes.error().message;
    read(*bytes);
    run(*bytes);
  }
}

TEST(Findings, InOnnxStayFixed) {
  for (const std::string& path : findings(".onnx")) {
    SCOPED_TRACE(path);
    const auto bytes = read_file(path);
    ASSERT_TRUE(bytes) << bytes.error().message;
    read_onnx(*bytes);
  }
}

}  // namespace
}  // namespace mote::fuzz
