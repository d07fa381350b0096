// Models against what ONNX Runtime made of them: mote_record_onnx wrote the files of
// tests/onnx/recorded.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/onnx/contest.h"

namespace mote::tests {
namespace {

std::vector<std::string> stems() {
  std::vector<std::string> stems;
  for (const auto& entry :
       std::filesystem::directory_iterator(MOTE_SOURCE_DIR "/tests/onnx/recorded"))
    if (entry.path().extension() == ".onnx")
      stems.push_back((entry.path().parent_path() / entry.path().stem()).string());
  std::sort(stems.begin(), stems.end());
  return stems;
}

TEST(Recorded, OutputsOfOnnxRuntimeAreMotes) {
  const auto paths = stems();
  EXPECT_GT(paths.size(), 50U);
  for (const std::string& stem : paths) {
    SCOPED_TRACE(stem);
    const auto bytes = read_file(stem + ".onnx"), examples = read_file(stem + ".bin");
    ASSERT_TRUE(bytes && examples);
    auto network = Network::create(*bytes);
    ASSERT_TRUE(network) << network.error().message;
    const auto in = static_cast<std::size_t>(network->input_count()),
               out = static_cast<std::size_t>(network->output_count());
    std::vector<float> input(in), expected(out);
    ASSERT_GE(examples->size(), (in + out) * sizeof(float));
    Differences made;
    for (std::size_t at = 0; at < examples->size(); at += (in + out) * sizeof(float)) {
      std::memcpy(input.data(), examples->data() + at, in * sizeof(float));
      std::memcpy(expected.data(), examples->data() + at + in * sizeof(float), out * sizeof(float));
      // Floats are compared in units of what they may be off.
      made.note(network->run(input), expected, network->is_quantized() ? network->unit() : 1e-4);
    }
    EXPECT_GT(made.count, 0);
    const bool is_network = stem.find("network_") != std::string::npos;
    EXPECT_LE(made.worst, is_network ? 3 : 1) << made.text();
    EXPECT_GE(100 * made.within_one, 99 * made.count) << made.text();
  }
}

}  // namespace
}  // namespace mote::tests
