// The models that the project ships, in the commands that they are for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/end_to_end/program.h"
#include "tests/support/seccomp.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

std::string model(const std::string& name) { return std::string(MOTE_MODELS) + "/" + name; }

/// What `mote watch` says last of a simulated machine.
class MachineHealth : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { MOTE_NEED_SECCOMP(); }

  std::string verdict(std::vector<std::string> machine, bool by_network) const {
    const std::string recording = folder_.path("machine.wav");
    machine.insert(machine.begin(), {"simulate", recording, "--rpm=1200", "--seed=41"});
    EXPECT_EQ(run_mote(machine).exit_code, 0);
    std::vector<std::string> watch = {"watch", recording};
    if (by_network) watch.push_back("--model=" + model(GetParam()));
    const Outcome outcome = run_mote(watch);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }

  TemporaryFolder folder_;
};

TEST_P(MachineHealth, FindsAFault) {
  EXPECT_THAT(verdict({}, true), HasSubstr("The machine is malfunctioning since 4"));
}

TEST_P(MachineHealth, LetsAnotherLoadPass) {
  EXPECT_THAT(verdict({"--onset=1", "--load=1.6"}, true), HasSubstr("The machine is working well"));
  // Which no distance from the healthy centre does.
  EXPECT_THAT(verdict({"--onset=1", "--load=1.6"}, false), HasSubstr("The machine is malfunct"));
}

TEST_P(MachineHealth, FindsAFaultUnderAnotherLoad) {
  EXPECT_THAT(verdict({"--load=1.6"}, true), HasSubstr("The machine is malfunctioning since 4"));
}

INSTANTIATE_TEST_SUITE_P(Both, MachineHealth,
                         testing::Values("machine_health/machine_health.tflite",
                                         "machine_health/machine_health.onnx"),
                         [](const auto& file) {
                           return std::string(file.param).ends_with("onnx") ? "Float" : "Int8";
                         });

TEST(WatchModel, RefusesWindowsThatTheNetworkDoesNotKnow) {
  MOTE_NEED_SECCOMP();
  const TemporaryFolder folder;
  const std::string recording = folder.path("machine.wav");
  ASSERT_EQ(run_mote({"simulate", recording, "--seconds=10"}).exit_code, 0);
  const Outcome outcome = run_mote({"watch", recording, "--window=1024",
                                    "--model=" + model("machine_health/machine_health.tflite")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err,
              HasSubstr("the model takes 16 features an axis, windows of 1024 frames"));
}

}  // namespace
}  // namespace mote::tests
