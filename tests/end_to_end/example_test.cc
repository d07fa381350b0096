// examples/run_model.cc; here run_mote() starts that program.

#include <gmock/gmock.h>

#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

TEST(ExampleRunModel, PrintsWhatTheNetworkAnswers) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({model, "1", "2", "3", "4"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "40\n103\n4\n");
}

TEST(ExampleRunModel, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  EXPECT_EQ(run_mote({}).exit_code, 2);
  EXPECT_EQ(run_mote({model, "1"}).err, "'t0' takes 4 numbers, got 1\n");
  EXPECT_THAT(run_mote({"/nowhere"}).err, testing::HasSubstr("cannot open '/nowhere'"));
}

}  // namespace
}  // namespace mote::tests
