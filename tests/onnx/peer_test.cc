// Quantised networks and operators against ONNX Runtime, where script/setup bench has put it.

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <random>

#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/onnx/contest.h"
#include "tests/onnx/operators.h"
#include "tests/onnx/quantize.h"
#include "tests/onnx/write.h"

namespace mote::tests {
namespace {

constexpr int kCalibrationInputs = 50, kInputs = 1000;

/// `on_grid`: inputs are such as integers stand for, so that nothing is lost before the operator.
Differences compare(const onnx::File& file, int inputs, bool on_grid) {
  Differences differences;
  auto contest = Contest::create(*onnx_runtime(), write_onnx(file));
  EXPECT_TRUE(contest) << contest.error().message;
  if (!contest) return differences;
  std::mt19937 random(1);
  for (int i = 0; i < inputs; ++i) {
    const Network& network = contest->network();
    auto input = random_input(random, network.input_count(), network.file().inputs[0].type);
    const auto unit = static_cast<float>(network.input_unit());
    for (float& x : input)
      if (on_grid && unit > 0) x = std::nearbyint(x / unit) * unit;
    const auto ran = contest->run(input);
    EXPECT_TRUE(ran) << ran.error().message;
    if (!ran) break;
    differences.note(contest->ours(), contest->theirs(), network.unit());
  }
  return differences;
}

class QuantizedNetworks : public testing::TestWithParam<std::tuple<const char*, QuantizedForm>> {};

TEST_P(QuantizedNetworks, GiveWhatOnnxRuntimeGives) {
  if (!onnx_runtime()) GTEST_SKIP() << "ONNX Runtime is not there; script/setup bench installs it";
  const auto& [name, form] = GetParam();
  const auto bytes = read_file(cat(MOTE_SOURCE_DIR, "/tests/onnx/", name, ".onnx"));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto file = onnx::read_file(*bytes);
  ASSERT_TRUE(file) << file.error().message;
  const Differences made = compare(quantize(*file, measure_ranges(*file, kCalibrationInputs), form),
                                   kInputs, /*on_grid=*/false);
  std::cout << name << " as " << form.name << ": " << made.text() << "\n";
  EXPECT_GE(static_cast<double>(made.within_one), 0.99 * static_cast<double>(made.count));
  EXPECT_LE(made.worst, 3);
}

INSTANTIATE_TEST_SUITE_P(All, QuantizedNetworks,
                         testing::Combine(testing::Values("autoencoder", "ds_cnn", "mobilenet_v2",
                                                          "resnet8", "tc_resnet", "unet_1d"),
                                          testing::ValuesIn(kNetworkForms)),
                         [](const auto& test) {
                           return cat(std::get<0>(test.param), "_", std::get<1>(test.param).name);
                         });

class QuantizedOperators : public testing::TestWithParam<QuantizedForm> {};

TEST_P(QuantizedOperators, AreWithinOneUnitOfOnnxRuntimes) {
  if (!onnx_runtime()) GTEST_SKIP() << "ONNX Runtime is not there; script/setup bench installs it";
  Differences all;
  for (const OperatorModel& model : quantizable_operators()) {
    SCOPED_TRACE(model.name);
    constexpr int kAxesAreAnInput = 18;
    if (model.name == "ReduceMean" && GetParam().opset >= kAxesAreAnInput) continue;
    const auto file = quantize(model.file, measure_ranges(model.file, kInputs), GetParam());
    const Differences made = compare(file, kInputs, /*on_grid=*/true);
    EXPECT_GT(made.count, 0);
    EXPECT_LE(made.worst, 1) << made.text();
    all += made;
  }
  std::cout << "operators as " << GetParam().name << ": " << all.text() << "\n";
}

INSTANTIATE_TEST_SUITE_P(All, QuantizedOperators, testing::ValuesIn(kOperatorForms),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(LaterOperators, GiveWhatOnnxRuntimeGives) {
  if (!onnx_runtime()) GTEST_SKIP() << "ONNX Runtime is not there; script/setup bench installs it";
  for (const OperatorModel& model : later_operators()) {
    SCOPED_TRACE(model.name);
    auto contest = Contest::create(*onnx_runtime(), write_onnx(model.file));
    EXPECT_TRUE(contest) << contest.error().message;
    std::mt19937 random(1);
    for (int i = 0; contest && i < 10; ++i) {
      const auto ran =
          contest->run(random_input(random, contest->network().input_count(), DType::kFloat32));
      ASSERT_TRUE(ran) << ran.error().message;
      for (std::size_t e = 0; e < contest->ours().size(); ++e)
        ASSERT_NEAR(contest->ours()[e], contest->theirs()[e], 1e-4f) << "element " << e;
    }
  }
}

}  // namespace
}  // namespace mote::tests
