// Quantised networks and operators against ONNX Runtime, where script/setup bench has put it.

#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/onnx/contest.h"
#include "tests/onnx/quantize.h"
#include "tests/onnx/write.h"

namespace mote::tests {
namespace {

constexpr int kCalibrationInputs = 50, kInputs = 1000;

bench::OrtLibrary* library() {
  static const std::string path = find_onnx_runtime();
  static auto library = path.empty() ? Result<bench::OrtLibrary>(unsupported("no library"))
                                     : bench::OrtLibrary::open(path);
  return library ? &*library : nullptr;
}

std::vector<float> random_input(std::mt19937& random, std::int64_t count, DType type) {
  std::vector<float> values(static_cast<std::size_t>(count));
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int> any(type == DType::kUint8 ? 0 : -128,
                                         type == DType::kUint8 ? 255 : 127);
  for (float& x : values)
    x = type == DType::kFloat32 ? normal(random) : static_cast<float>(any(random));
  return values;
}

Differences compare(const onnx::File& file, int inputs) {
  Differences differences;
  auto contest = Contest::create(*library(), write_onnx(file));
  EXPECT_TRUE(contest) << contest.error().message;
  if (!contest) return differences;
  std::mt19937 random(1);
  for (int i = 0; i < inputs; ++i) {
    const auto ran =
        contest->run(random_input(random, contest->input_count(), contest->file().inputs[0].type));
    EXPECT_TRUE(ran) << ran.error().message;
    if (!ran) break;
    differences.note(*contest);
  }
  return differences;
}

const QuantizedForm kForms[] = {
    {.name = "uint8"},
    {.name = "int8", .activations = DType::kInt8},
    {.name = "int8_symmetric",
     .activations = DType::kInt8,
     .symmetric = true,
     .per_channel = false,
     .opset = 17},
    {.name = "uint8_weights", .weights = DType::kUint8},
    {.name = "float_weights", .activations = DType::kInt8, .stores_floats = true},
    {.name = "integer_ports", .integer_ports = true},
    {.name = "operators", .has_operators = true},
};

class QuantizedNetworks : public testing::TestWithParam<std::tuple<const char*, QuantizedForm>> {};

TEST_P(QuantizedNetworks, GiveWhatOnnxRuntimeGives) {
  if (!library()) GTEST_SKIP() << "ONNX Runtime is not there; script/setup bench installs it";
  const auto& [name, form] = GetParam();
  const auto bytes = read_file(cat(MOTE_SOURCE_DIR, "/tests/onnx/", name, ".onnx"));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto file = onnx::read_file(*bytes);
  ASSERT_TRUE(file) << file.error().message;
  const Differences made =
      compare(quantize(*file, measure_ranges(*file, kCalibrationInputs), form), kInputs);
  std::cout << name << " as " << form.name << ": " << made.text() << "\n";
  EXPECT_GE(static_cast<double>(made.within_one), 0.99 * static_cast<double>(made.count));
  EXPECT_LE(made.worst, 3);
}

INSTANTIATE_TEST_SUITE_P(All, QuantizedNetworks,
                         testing::Combine(testing::Values("autoencoder", "ds_cnn", "mobilenet_v2",
                                                          "resnet8", "tc_resnet", "unet_1d"),
                                          testing::ValuesIn(kForms)),
                         [](const auto& test) {
                           return cat(std::get<0>(test.param), "_", std::get<1>(test.param).name);
                         });

}  // namespace
}  // namespace mote::tests
