// ONNX files on the command line: wherever a .tflite may stand.

#include <gmock/gmock.h>

#include "tests/end_to_end/cli_models.h"
#include "tests/support/onnx_builder.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

const std::string kModel = MOTE_SOURCE_DIR "/tests/onnx/ds_cnn.onnx";
const std::string kInput = MOTE_SOURCE_DIR "/tests/onnx/ds_cnn.in.bin";

TEST(OnnxOnTheCommandLine, IsInspectedAndRun) {
  EXPECT_THAT(run_mote({"inspect", kModel}).out,
              HasSubstr("\"pytorch 1.13.0\"\ninput    'input' FLOAT32 [1, 49, 10, 1]\n"));
  const Outcome outcome = run_mote({"run", kModel, "--input=" + kInput, "--top-k=1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("8  0.106711"));
}

TEST(OnnxOnTheCommandLine, IsCompiledForMicrocontrollers) {
  const TemporaryFolder folder;
  const Outcome outcome = run_mote(
      {"compile", kModel, "--target=cortex-m4", "--self-test", "--output=" + folder.path("out")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(contents(folder.path("out/ds_cnn.cc")), HasSubstr("self_test"));
}

TEST(OnnxOnTheCommandLine, IsRefusedInASentence) {
  const TemporaryFolder folder;
  OnnxBuilder b;
  b.input("x", {1, 4}).output("y").node("Celu", {"x"}, {"y"});
  const auto bytes = b.build();
  const std::string path =
      folder.write("celu.onnx", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const Outcome outcome = run_mote({"run", path, "--random=1"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("node 0 Celu 'y': mote does not read this operator"));
}

}  // namespace
}  // namespace mote::tests
