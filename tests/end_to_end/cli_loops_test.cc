// Models with loops on the command line: GRUs as TensorFlow's converter writes them.

#include <gmock/gmock.h>

#include <cstring>

#include "mote/compiler/passes/unroll_gru.h"
#include "tests/end_to_end/cli_models.h"
#include "tests/support/gru_networks.h"
#include "tests/support/loop_networks.h"

namespace mote::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<float> floats_in(const std::string& bytes) {
  std::vector<float> floats(bytes.size() / sizeof(float));
  std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
}

class LoopsOnTheCommandLine : public testing::Test {
 protected:
  /// What `mote run` gives.
  std::vector<float> run(const std::string& model, const std::vector<float>& input,
                         const std::vector<std::string>& flags = {}) {
    const std::string in = folder_.write("in.bin", raw(input)), out = folder_.path("out.bin");
    std::vector<std::string> command = {"run", model, "--input=" + in, "--output=" + out};
    command.insert(command.end(), flags.begin(), flags.end());
    const Outcome outcome = run_mote(command);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return floats_in(contents(out));
  }
  static void expect_near(const std::vector<float>& made, const std::vector<double>& expected) {
    ASSERT_EQ(made.size(), expected.size());
    for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 2e-6) << i;
  }

  TemporaryFolder folder_;
};

TEST_F(LoopsOnTheCommandLine, AreRun) {
  const LoopNetwork network({.sequences = true});
  const std::string model = write_model(folder_, "loop.tflite", network.b.build());
  expect_near(run(model, network.input), network.expected());
}

TEST_F(LoopsOnTheCommandLine, AreInspected) {
  const LoopNetwork network({.batches = 1});
  const std::string model = write_model(folder_, "loop.tflite", network.b.build());
  const Outcome outcome = run_mote({"inspect", model});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("3 subgraphs"), HasSubstr("loops    node 5 WHILE"),
                    HasSubstr("unrolled, 5 rounds"), HasSubstr("recognised in 5 steps"),
                    HasSubstr("arena  "), Not(HasSubstr("(!)"))));
  // 5 steps of 3 * 4 * (3 + 4).
  EXPECT_THAT(outcome.out, HasSubstr("MACs     420 an inference"));
  EXPECT_THAT(run_mote({"inspect", model, "--json"}).out,
              AllOf(HasSubstr("\"loops\": ["), HasSubstr("\"runnable\": true")));
  EXPECT_THAT(run_mote({"inspect", model, "--dump-after=recognise_gru"}).out,
              AllOf(HasSubstr("after recognise_gru:\n"), HasSubstr("GRU  %")));
  EXPECT_THAT(run_mote({"inspect", "--passes"}).out, HasSubstr("unroll_loops"));
}

TEST_F(LoopsOnTheCommandLine, AreCompiledForMicrocontrollers) {
  const LoopNetwork network({.set_item = LoopForm::SetItem::kUpdate});
  const std::string model = write_model(folder_, "loop.tflite", network.b.build());
  const Outcome outcome =
      run_mote({"compile", model, "--target=cortex-m4", "--output=" + folder_.path("out")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(contents(folder_.path("out/loop.cc")), HasSubstr("gru"));
}

TEST_F(LoopsOnTheCommandLine, AreWrittenForOtherRuntimes) {
  const LoopNetwork network({});
  const std::string model = write_model(folder_, "loop.tflite", network.b.build());
  const std::string unrolled = folder_.path("unrolled.tflite");
  const Outcome outcome = run_mote({"convert", model, unrolled});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(run_mote({"inspect", unrolled}).out, Not(HasSubstr("WHILE")));
  expect_near(run(unrolled, network.input), network.expected());
}

TEST_F(LoopsOnTheCommandLine, AreRefusedInASentence) {
  graph::Model model = LoopNetwork({}).b.build();
  model.graphs[2].outputs[1] = 1;  // the counter stays as it is
  const std::string path = write_model(folder_, "endless.tflite", model);
  for (const char* command : {"run", "inspect"}) {
    std::vector<std::string> words = {command, path};
    if (words[0] == "run") words.push_back("--random=1");
    const Outcome outcome = run_mote(words);
    EXPECT_EQ(outcome.exit_code, words[0] == "run" ? 1 : 0);
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("the model has more than 65536 operators"));
  }
}

TEST_F(LoopsOnTheCommandLine, AreNotNeededForGrusStepByStep) {
  const GruNetwork network = gru_network({.zeroed = true});
  graph::Model model = network.model;
  ASSERT_TRUE(passes::unroll_gru(model));
  const std::string path = write_model(folder_, "steps.tflite", model);
  expect_near(run(path, network.input), network.expected(1));
  expect_near(run(path, network.input, {"--recognise-gru"}), network.expected(1));
  const auto source = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> words = {"compile", path, "--output=" + folder_.path("out")};
    words.insert(words.end(), flags.begin(), flags.end());
    EXPECT_EQ(run_mote(words).exit_code, 0);
    return contents(folder_.path("out/steps.cc"));
  };
  EXPECT_THAT(source({}), Not(HasSubstr("gru")));
  EXPECT_THAT(source({"--recognise-gru"}), HasSubstr("gru"));
}

}  // namespace
}  // namespace mote::tests
