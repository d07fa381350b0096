// Recurrent networks as PyTorch exports them, quantised step by step for TensorFlow Lite, and as
// they are for ONNX.

#include <gmock/gmock.h>

#include <iostream>
#include <random>

#include "mote/support/cat.h"
#include "mote/support/json.h"
#include "tests/end_to_end/board.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kSequences = 500;

double number_in(const Json& json, const char* name) {
  const Json* value = json.find(name);
  return value && value->number() ? *value->number() : -1;
}

/// A network that `mote quantize` made for random sequences.
class QuantizedRecurrent : public testing::Test {
 protected:
  QuantizedRecurrent() {
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    std::vector<float> values(kSequences * 20 * 10);
    for (float& value : values) value = normal(random);
    data_ = folder_.write("data.npy",
                          npy(npy_header("<f4", cat("(", kSequences, ", 20, 10)")), raw(values)));
  }

  static std::string network(const std::string& name) {
    return cat(MOTE_SOURCE_DIR, "/tests/onnx/", name, ".onnx");
  }
  Outcome quantize(const std::string& name, const std::string& out,
                   const std::string& scheme = "int8",
                   const std::vector<std::string>& flags = {}) const {
    return quantize_file(network(name), out, scheme, flags);
  }
  Outcome quantize_file(const std::string& path, const std::string& out,
                        const std::string& scheme = "int8",
                        const std::vector<std::string>& flags = {}) const {
    std::vector<std::string> arguments = {"quantize",           path,
                                          "--data=" + data_,    "--out=" + folder_.path(out),
                                          "--scheme=" + scheme, "--json"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run_mote(arguments);
  }
  /// Prints what a file takes on a microcontroller, and how near it comes to floats.
  void print(const std::string& what, const std::string& path, const Json* report = nullptr) const {
    const Outcome compiled =
        run_mote({"compile", path, "--target=cortex-m4", "--output=" + folder_.path("emitted")});
    EXPECT_EQ(compiled.exit_code, 0) << compiled.err;
    const auto line = std::min(compiled.out.find("flash: "), compiled.out.size());
    std::cout << what << ": ";
    if (report)
      std::cout << "agreement " << number_in(*report, "agreement") << ", "
                << number_in(*report, "output_sqnr_db") << " dB; ";
    std::cout << compiled.out.substr(line, compiled.out.find('\n', line) - line) << "\n";
    const Outcome board = run_mote({"run", path, "--random=1", "--board=mps2-an386"});
    const auto place = board.out.find("mps2-an386");  // nothing where the compiler is missing
    if (place != std::string::npos) std::cout << "    " << board.out.substr(place);
  }
  Json report_of(const Outcome& outcome) const {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto json = parse_json(outcome.out, "the report");
    EXPECT_TRUE(json) << outcome.out;
    return json ? *json : Json();
  }

  TemporaryFolder folder_;
  std::string data_;
};

TEST_F(QuantizedRecurrent, KeepsTheLargestOutputUnrolled) {
  print("gru in floats", network("gru"));
  for (const char* name : {"gru", "lstm"}) {
    const Outcome outcome = quantize(name, "int8.tflite");
    const Json report = report_of(outcome);
    print(cat(name, " unrolled, int8"), folder_.path("int8.tflite"), &report);
    EXPECT_GE(number_in(report, "agreement"), 0.98) << name;
    EXPECT_EQ(number_in(report, "float_operators"), 0) << name;
    EXPECT_THAT(outcome.out, HasSubstr(name == std::string("gru")
                                           ? "unrolled into 283 operators of TensorFlow Lite"
                                           : "written as 20 steps"));
  }
}

TEST_F(QuantizedRecurrent, KeepsAGruAsOneOperatorOfIntegersInOnnx) {
  for (const std::string scheme : {"int8", "int16x8"}) {
    SCOPED_TRACE(scheme);
    const Outcome outcome = quantize("gru", "gru.onnx", scheme);
    const Json report = report_of(outcome);
    EXPECT_THAT(outcome.out, Not(HasSubstr("unrolled")));
    print("gru as one operator, " + scheme, folder_.path("gru.onnx"), &report);
    EXPECT_GE(number_in(report, "agreement"), 0.98);
    const auto inspected =
        parse_json(run_mote({"inspect", folder_.path("gru.onnx"), "--json"}).out, "inspect");
    ASSERT_TRUE(inspected);
    EXPECT_LT(number_in(*inspected, "weight_bytes"), 2300);  // of 5,928 in floats
    EXPECT_EQ(run_mote({"run", folder_.path("gru.onnx"), "--random=1"}).exit_code, 0);
  }
}

TEST_F(QuantizedRecurrent, FindsAGruThatIsWrittenStepByStep) {
  const std::string unrolled = folder_.path("unrolled.tflite");
  ASSERT_EQ(run_mote({"convert", network("gru"), unrolled}).exit_code, 0);
  report_of(quantize_file(unrolled, "gru.onnx"));
  EXPECT_THAT(run_mote({"inspect", folder_.path("gru.onnx")}).out, HasSubstr("  GRU "));
}

TEST_F(QuantizedRecurrent, KeepsAnLstmAsOneOperatorOfIntegersThatKeepsItsState) {
  for (const std::string scheme : {"int8", "int16x8"}) {
    SCOPED_TRACE(scheme);
    const Outcome outcome = quantize("lstm", "lstm.tflite", scheme, {"--keep-state"});
    const Json report = report_of(outcome);
    EXPECT_THAT(outcome.out, HasSubstr("reset the variables before each run"));
    print("lstm as one operator, " + scheme, folder_.path("lstm.tflite"), &report);
    EXPECT_GE(number_in(report, "agreement"), 0.98);
    EXPECT_EQ(number_in(report, "float_operators"), scheme == "int8" ? 0 : 1);  // GATHER
    EXPECT_THAT(run_mote({"inspect", folder_.path("lstm.tflite")}).out,
                HasSubstr("UNIDIRECTIONAL_SEQUENCE_LSTM"));
  }
}

TEST_F(QuantizedRecurrent, QuantisesAnLstmOfATfliteAsItIs) {
  const std::string floats = folder_.path("floats.tflite");
  ASSERT_EQ(run_mote({"convert", network("lstm"), floats, "--keep-state"}).exit_code, 0);
  const Json report = report_of(quantize_file(floats, "lstm.tflite"));
  EXPECT_EQ(number_in(report, "float_operators"), 0);
  report_of(quantize("lstm", "again.tflite", "int8", {"--keep-state"}));
  const auto outputs = [&](const char* name) {
    EXPECT_EQ(
        run_mote({"run", folder_.path(name), "--random=3", "--output=" + folder_.path("out.bin")})
            .exit_code,
        0);
    return contents(folder_.path("out.bin"));
  };
  EXPECT_EQ(outputs("lstm.tflite"), outputs("again.tflite"));
}

TEST_F(QuantizedRecurrent, KeepsStateInTfliteAlone) {
  const Outcome outcome = quantize("lstm", "lstm.onnx", "int8", {"--keep-state"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("in ONNX each run begins with zeros"));
}

class QuantizedRecurrentOnABoard : public QuantizedRecurrent,
                                   public testing::WithParamInterface<const char*> {};

TEST_P(QuantizedRecurrentOnABoard, GivesTheSameBytes) {
  const std::string file = GetParam();
  const bool is_lstm = file == "lstm.tflite";
  report_of(
      quantize(is_lstm ? "lstm" : "gru", file, "int8",
               is_lstm ? std::vector<std::string>{"--keep-state"} : std::vector<std::string>{}));
  expect_same_on_board(folder_.path(file), folder_);
}

INSTANTIATE_TEST_SUITE_P(Files, QuantizedRecurrentOnABoard,
                         testing::Values("gru.onnx", "gru.tflite", "lstm.tflite"),
                         [](const auto& test) {
                           std::string name = test.param;
                           name[name.find('.')] = '_';
                           return name;
                         });

}  // namespace
}  // namespace mote::tests
