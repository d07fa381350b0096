// The models that the project ships, in the commands that they are for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "tests/end_to_end/program.h"
#include "tests/support/seccomp.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

std::string model(const std::string& name) { return MOTE_MODELS "/" + name; }

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

TEST(VoiceCommands, HearsTheSampleWithNoModelNamed) {
  MOTE_NEED_SECCOMP();
  const Outcome outcome = run_mote({"listen", model("voice_commands/sample.flac")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::MatchesRegex(" +1\\.[0-9]+ s  0\\.[0-9]+  yes\n"
                                                 " +3\\.[0-9]+ s  0\\.[0-9]+  left\n"
                                                 " +4\\.[0-9]+ s  0\\.[0-9]+  down\n"
                                                 " +6\\.[0-9]+ s  0\\.[0-9]+  go\n"
                                                 "4 words in [0-9.]+ s\n"));
}

TEST(VoiceCommands, IsTheOneThatIsPartOfTheProgram) {
  MOTE_NEED_SECCOMP();
  const std::string sample = model("voice_commands/sample.flac");
  const Outcome named =
      run_mote({"listen", sample, "--model=" + model("voice_commands/voice_commands.tflite"),
                "--labels=" + model("voice_commands/labels.txt")});
  EXPECT_EQ(named.exit_code, 0) << named.err;
  EXPECT_EQ(named.out, run_mote({"listen", sample}).out);
}

/// The number before `unit` in what `mote compile` prints.
int printed(const std::string& text, const std::string& unit) {
  const auto end = text.find(unit);
  if (end == std::string::npos) return -1;
  std::string digits;
  for (auto i = end;
       i > 0 && (std::isdigit(static_cast<unsigned char>(text[i - 1])) || text[i - 1] == ','); --i)
    if (text[i - 1] != ',') digits.insert(digits.begin(), text[i - 1]);
  return digits.empty() ? -1 : std::stoi(digits);
}

TEST(VoiceCommands, StreamsWithinItsBarOfWorkAndFlash) {
  const TemporaryFolder folder;
  for (const char* target : {"host", "cortex-m0plus", "cortex-m4", "cortex-m55", "rv32imac"}) {
    const Outcome outcome =
        run_mote({"compile", model("voice_commands/voice_commands.tflite"), "--stream=1,2",
                  std::string("--target=") + target, "--output=" + folder.path(target)});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const int macs = printed(outcome.out, " MACs a run"), flash = printed(outcome.out, " B of con");
    EXPECT_GT(macs, 0) << outcome.out;
    EXPECT_LE(macs * 25, 3'000'000) << target << ": 25 runs a second";
    EXPECT_GT(flash, 40'000) << outcome.out;
    EXPECT_LE(flash, 60 * 1024) << target;
  }
}

}  // namespace
}  // namespace mote::tests
