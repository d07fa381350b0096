// GRU as `mote quantize` writes it beside ONNX Runtime, which computes it with floats between
// integers.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>
#include <tuple>

#include "mote/compiler/compile.h"
#include "mote/compiler/onnx/export.h"
#include "mote/compiler/onnx/import.h"
#include "mote/compiler/quantize/prepare.h"
#include "mote/compiler/quantize/quantize.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/onnx/contest.h"
#include "tests/onnx/write.h"
#include "tests/support/calibration.h"

namespace mote::tests {
namespace {

constexpr int kCalibrationInputs = 200, kInputs = 1000;

std::vector<float> sequence(std::mt19937& random) {
  return random_input(random, 20 * 10, DType::kFloat32);
}

/// tests/onnx/gru.onnx with either kind of reset; its output, or that of each step of the layer.
graph::Model gru_network(bool linear_before_reset, bool every_step) {
  const auto bytes = read_file(cat(MOTE_SOURCE_DIR, "/tests/onnx/gru.onnx"));
  EXPECT_TRUE(bytes) << bytes.error().message;
  auto file = onnx::read_file(*bytes);
  EXPECT_TRUE(file) << file.error().message;
  for (onnx::Node& node : file->nodes) {
    if (node.op != "GRU") continue;
    for (onnx::Attribute& attribute : node.attributes)
      if (attribute.name == "linear_before_reset") attribute.integer = linear_before_reset;
    if (every_step) file->outputs = {{.name = node.outputs[0]}};
  }
  auto model = onnx::read_onnx(write_onnx(*file), "gru");
  EXPECT_TRUE(model) << model.error().message;
  return *model;
}

using Form = std::tuple<quantize::Scheme, bool, bool>;

std::string name_of(const Form& form) {
  const auto [scheme, linear_before_reset, every_step] = form;
  return cat(scheme == quantize::Scheme::kInt8 ? "int8" : "int16x8",
             linear_before_reset ? "_linear" : "_reset_first", every_step ? "_steps" : "");
}

class QuantizedGru : public testing::TestWithParam<Form> {};

TEST_P(QuantizedGru, GivesNearlyWhatOnnxRuntimeGives) {
  if (!onnx_runtime()) GTEST_SKIP() << "ONNX Runtime is not there; script/setup bench installs it";
  const auto [scheme, linear_before_reset, every_step] = GetParam();
  std::mt19937 random(1);
  std::vector<std::vector<float>> examples;
  for (int i = 0; i < kCalibrationInputs; ++i) examples.push_back(sequence(random));
  compiler::with_gru();
  graph::Model model = gru_network(linear_before_reset, every_step);
  quantize::prepare(model);
  const auto quantized =
      quantize::quantize(std::move(model), calibration_on(std::move(examples)), {.scheme = scheme});
  ASSERT_TRUE(quantized) << quantized.error().message;
  const auto bytes = onnx::write_onnx(quantized->converted.model);
  ASSERT_TRUE(bytes) << bytes.error().message;
  auto contest = Contest::create(*onnx_runtime(), *bytes);
  ASSERT_TRUE(contest) << contest.error().message;
  const graph::Graph& graph = quantized->converted.model.graphs[0];
  const graph::Tensor& input = graph.tensors[static_cast<std::size_t>(graph.inputs[0])];
  const float most = scheme == quantize::Scheme::kInt8 ? 127 : 32767;
  Differences differences;
  for (int i = 0; i < kInputs; ++i) {
    auto x = sequence(random);
    for (float& each : x)
      each = std::clamp(std::round(each / input.scale()) + static_cast<float>(input.zero_point()),
                        -most - 1, most);
    const auto ran = contest->run(x);
    ASSERT_TRUE(ran) << ran.error().message;
    differences.note(contest->ours(), contest->theirs(), 1);
  }
  std::cout << name_of(GetParam()) << ": " << differences.text() << "\n";
  if (scheme == quantize::Scheme::kInt16x8) {  // a unit of 16 bits is finer than gates are
    EXPECT_LE(differences.worst, 16);
    return;
  }
  EXPECT_GE(static_cast<double>(differences.within_one),
            0.99 * static_cast<double>(differences.count));
  EXPECT_LE(differences.worst, 2);
}

INSTANTIATE_TEST_SUITE_P(All, QuantizedGru,
                         testing::Combine(testing::Values(quantize::Scheme::kInt8,
                                                          quantize::Scheme::kInt16x8),
                                          testing::Bool(), testing::Bool()),
                         [](const auto& test) { return name_of(test.param); });

}  // namespace
}  // namespace mote::tests
