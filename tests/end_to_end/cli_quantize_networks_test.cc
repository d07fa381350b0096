// Networks as PyTorch exports them, quantised, compiled and run: int8 agrees with float, and a
// microcontroller gives the host's bytes.

#include <gmock/gmock.h>

#include <iostream>

#include "mote/support/cat.h"
#include "mote/support/json.h"
#include "tests/end_to_end/board.h"
#include "tests/end_to_end/class_task.h"

namespace mote::tests {
namespace {

std::string network(const std::string& name) {
  return cat(MOTE_SOURCE_DIR, "/tests/onnx/", name, ".onnx");
}

struct Made {
  std::string path;
  Json report;
  double number(const char* name) const {
    const Json* value = report.find(name);
    return value && value->number() ? *value->number() : -1;
  }
};

Made quantized(const ClassTask& task, const TemporaryFolder& folder,
               const std::vector<std::string>& flags = {}) {
  const TaskFiles files = write_task(task, folder);
  Made made{.path = folder.path("int8.tflite"), .report = {}};
  std::vector<std::string> arguments = {"quantize", files.model, "--data=" + files.data,
                                        "--out=" + made.path, "--json"};
  if (!files.labels.empty()) arguments.push_back("--labels=" + files.labels);
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const Outcome outcome = run_mote(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = parse_json(outcome.out, "the report");
  EXPECT_TRUE(json) << outcome.out;
  if (json) made.report = *json;
  return made;
}

void expect_compiles(const std::string& path, const TemporaryFolder& folder) {
  const Outcome outcome =
      run_mote({"compile", path, "--target=cortex-m4", "--output=" + folder.path("emitted")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

struct Classifier {
  const char* name;
  float noise = 0.2f;
  int examples_of_a_class = 15;
};

class QuantizedClassifiers : public testing::TestWithParam<Classifier> {};

TEST_P(QuantizedClassifiers, GiveTheClassesOfTheFloatNetwork) {
  const auto [name, noise, examples_of_a_class] = GetParam();
  const TemporaryFolder folder;
  const Made made = quantized(make_class_task(network(name), noise, examples_of_a_class), folder);
  std::cout << cat(name, ": accuracy ", made.number("accuracy_float"), " float, ",
                   made.number("accuracy_quantized"), " int8, agreement ", made.number("agreement"),
                   ", ", made.number("examples"), " examples\n");
  EXPECT_GE(made.number("accuracy_float"), 0.9);  // the task is one
  EXPECT_GE(made.number("agreement"), 0.98);
  EXPECT_GE(made.number("accuracy_quantized"), made.number("accuracy_float") - 0.01);
  expect_compiles(made.path, folder);
}

INSTANTIATE_TEST_SUITE_P(Exported, QuantizedClassifiers,
                         testing::Values(Classifier{"ds_cnn"}, Classifier{"resnet8"},
                                         Classifier{"mobilenet_v2", 0.1f}, Classifier{"tc_resnet"},
                                         Classifier{"transformer"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(QuantizedNetworks, GiveNearlyTheSignalsOfTheFloatNetwork) {
  for (const char* name : {"autoencoder", "unet_1d"}) {
    const TemporaryFolder folder;
    const Made made = quantized(make_random_task(network(name), 100), folder);
    EXPECT_GE(made.number("output_sqnr_db"), 30) << name;
    EXPECT_EQ(made.number("float_operators"), 0) << name;
    expect_compiles(made.path, folder);
  }
}

TEST(QuantizedNetworks, AreNearerWithSixteenBits) {
  const TemporaryFolder folder;
  const ClassTask task = make_class_task(network("ds_cnn"), 0.5f, 5);
  const double narrow = quantized(task, folder).number("output_sqnr_db");
  const Made wide = quantized(task, folder, {"--scheme=int16x8"});
  EXPECT_GT(wide.number("output_sqnr_db"), narrow + 2);
  EXPECT_EQ(wide.number("float_operators"), 0);
  expect_compiles(wide.path, folder);
}

class OnABoard : public testing::TestWithParam<const char*> {};

TEST_P(OnABoard, GiveTheSameBytesAsHere) {
  const TemporaryFolder folder;
  const Made made = quantized(make_random_task(network(GetParam()), 20), folder);
  expect_same_on_board(made.path, folder);
}

INSTANTIATE_TEST_SUITE_P(Exported, OnABoard,
                         testing::Values("ds_cnn", "resnet8", "mobilenet_v2", "autoencoder",
                                         "tc_resnet", "unet_1d", "transformer"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace mote::tests
