// mote convert and mote shrink, as a user runs them.

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

const std::string kOnnx = MOTE_SOURCE_DIR "/tests/onnx/ds_cnn.onnx";
const std::string kInput = MOTE_SOURCE_DIR "/tests/onnx/ds_cnn.in.bin";
const std::string kTflite = MOTE_SOURCE_DIR "/models/dial_tones/dial_tones.tflite";

class Convert : public testing::Test {
 protected:
  std::string outputs_of(const std::string& model, const std::string& input) {
    const std::string path = folder_.path("out.bin");
    const Outcome outcome = run_mote({"run", model, input, "--output=" + path});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return contents(path);
  }
  /// Fails as it should, says why, and leaves nothing.
  void expect_refused(const std::vector<std::string>& words, int exit_code,
                      const std::string& message) {
    const Outcome outcome = run_mote(words);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path(""))) << "a file was left";
  }
  TemporaryFolder folder_;
};

TEST_F(Convert, WritesTheSameNetworkAsTfliteAndTheSameBytes) {
  const std::string to = folder_.path("a.tflite"), again = folder_.path("b.tflite");
  const Outcome outcome = run_mote({"convert", kOnnx, to});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("20 operators of the graph: 4 CONV_2D, 3 DEPTHWISE"));
  run_mote({"convert", kOnnx, again});
  EXPECT_EQ(contents(to), contents(again));
  EXPECT_EQ(outputs_of(to, "--input=" + kInput), outputs_of(kOnnx, "--input=" + kInput));
}

TEST_F(Convert, WritesOnnxThatGivesTheSame) {
  const std::string to = folder_.path("a.onnx");
  EXPECT_EQ(run_mote({"convert", kOnnx, to}).exit_code, 0);
  EXPECT_EQ(outputs_of(to, "--input=" + kInput), outputs_of(kOnnx, "--input=" + kInput));
}

TEST_F(Convert, RewritesTflite) {
  const std::string to = folder_.path("a.tflite");
  EXPECT_EQ(run_mote({"convert", kTflite, to}).exit_code, 0);
  EXPECT_EQ(outputs_of(to, "--random=9"), outputs_of(kTflite, "--random=9"));
}

TEST_F(Convert, TellsInWhichOtherWayAnLstmIsSaid) {
  const std::string lstm = MOTE_SOURCE_DIR "/tests/onnx/lstm.onnx";
  EXPECT_THAT(run_mote({"convert", lstm, folder_.path("a.tflite")}).out,
              HasSubstr("begins with zeros in each run; written as 20 steps"));
  EXPECT_THAT(run_mote({"convert", lstm, folder_.path("b.tflite"), "--keep-state"}).out,
              HasSubstr("reset the variables before each run"));
}

TEST_F(Convert, UnrollsAGruForTensorFlowLiteWhichHasNone) {
  const std::string gru = MOTE_SOURCE_DIR "/tests/onnx/gru.onnx", to = folder_.path("a.tflite");
  EXPECT_THAT(run_mote({"convert", gru, to}).out,
              HasSubstr("unrolled into 283 operators of TensorFlow Lite"));
  EXPECT_EQ(run_mote({"inspect", to}).exit_code, 0);
}

TEST_F(Convert, KeepsAGruForOnnx) {
  const std::string gru = MOTE_SOURCE_DIR "/tests/onnx/gru.onnx", to = folder_.path("a.onnx");
  EXPECT_THAT(run_mote({"convert", gru, to}).out, HasSubstr("1 GRU"));
  EXPECT_EQ(outputs_of(to, "--random=9"), outputs_of(gru, "--random=9"));
}

TEST_F(Convert, RefusesWhatItCannotDoAndLeavesNoFile) {
  const std::string to = folder_.path("a.tflite");
  expect_refused({"convert", kOnnx, folder_.path("a.pb")}, 2, "ends neither in .tflite nor");
  expect_refused({"convert", kOnnx}, 2, "");
  expect_refused({"convert", folder_.path("none.onnx"), to}, 1, "none.onnx");
  expect_refused({"convert", kInput, to}, 1, "this is not a TensorFlow Lite model");
  expect_refused({"convert", kOnnx, folder_.path("none/a.tflite")}, 1, "none/a.tflite");
  expect_refused({"shrink", kTflite}, 2, "--output=FILE.tflite");
  expect_refused({"shrink", kTflite, "--output=" + folder_.path("a.onnx")}, 2, "ends in .tflite");
}

TEST_F(Convert, LeavesAnOldFileWhereTheNewOneCannotBeWritten) {
  const std::string old = folder_.write("a.onnx", "old");
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 4}), out = b.value(DType::kFloat32, {1, 4});
  b.node("SVDF", {in}, {out});
  b.output(out);
  const std::string model = write_model(folder_, "svdf.tflite", b.build());
  const Outcome outcome = run_mote({"convert", model, old});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("node 0 SVDF"));
  EXPECT_EQ(contents(old), "old");
}

TEST_F(Convert, SaysWhenTheDiskIsFull) {
  const std::string link = folder_.path("full.tflite");
  std::filesystem::create_symlink("/dev/full", link);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"convert", kOnnx, link},
        std::vector<std::string>{"shrink", kTflite, "--output=" + link}}) {
    const Outcome outcome = run_mote(words);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("No space left"));
  }
}

TEST_F(Convert, ShrinksForOtherRuntimes) {
  const std::string whole = write_model(folder_, "whole.tflite", model_with_a_dead_channel()),
                    small = folder_.path("small.tflite");
  const Outcome outcome = run_mote({"shrink", whole, "--output=" + small, "--certificate"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("MACs     9 -> 6 (66.7 %)"));
  EXPECT_THAT(outcome.out, HasSubstr("filter is all zero, always 5"));
  EXPECT_THAT(run_mote({"inspect", small, "--no-shrink"}).out, HasSubstr("MACs     6 "));
  EXPECT_EQ(outputs_of(small, "--random=20"), outputs_of(whole, "--random=20"));
}

}  // namespace
}  // namespace mote::tests
