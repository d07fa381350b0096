#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/end_to_end/program.h"
#include "tests/support/seccomp.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Watch : public testing::Test {
 protected:
  void SetUp() override { MOTE_NEED_SECCOMP(); }

  /// A minute of the simulated machine with one axis.
  std::string machine(const std::string& onset) const {
    const std::string path = folder_.path("machine.wav");
    const Outcome made = run_mote({"simulate", path, "--axes=1", "--onset=" + onset});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return path;
  }

  TemporaryFolder folder_;
};

TEST_F(Watch, EndsWithOnePlainSentence) {
  const Outcome outcome = run_mote({"watch", machine("0.5")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\nThe machine is malfunctioning since "));
}

TEST_F(Watch, LetsAScriptAskWhetherTheMachineWorks) {
  EXPECT_EQ(run_mote({"watch", machine("0.5"), "--check"}).exit_code, 3);
  EXPECT_EQ(run_mote({"watch", machine("1"), "--check"}).exit_code, 0);
}

TEST_F(Watch, PrintsOneJsonObjectOnRequest) {
  const Outcome outcome = run_mote({"watch", machine("0.5"), "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("{"));
  EXPECT_THAT(outcome.out, HasSubstr("\"malfunctioning\": true"));
}

TEST_F(Watch, ReadsAFolderOfHealthyRecordings) {
  const std::string path = machine("1");
  const TemporaryFolder healthy;
  healthy.write("a.wav", contents(path));
  healthy.write("notes.txt", "not a recording");
  EXPECT_EQ(run_mote({"watch", path, "--baseline", healthy.path("")}).exit_code, 0);
  const TemporaryFolder empty;
  const Outcome outcome = run_mote({"watch", path, "--baseline", empty.path("")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("has no .wav or .csv file"));
}

TEST_F(Watch, RefusesBadInputWithOneSentenceAndExitCodeOne) {
  const std::string whole = contents(machine("1"));
  const std::string bad[] = {folder_.path("missing.wav"),
                             folder_.write("empty.wav", ""),
                             folder_.write("cut.wav", whole.substr(0, whole.size() / 2)),
                             folder_.write("header.wav", whole.substr(0, 44)),
                             folder_.write("text.wav", "not a recording"),
                             folder_.write("hole.csv", "t,x\n0,1\n0.1,2\n0.2,3\n0.9,4\n"),
                             folder_.write("nan.csv", "t,x\n0,1\n0.1,nan\n0.2,3\n")};
  for (const std::string& path : bad) {
    const Outcome outcome = run_mote({"watch", path});
    EXPECT_EQ(outcome.exit_code, 1) << path;
    EXPECT_EQ(outcome.out, "") << path;
    EXPECT_THAT(outcome.err, StartsWith("mote: error: "));
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  }
}

TEST_F(Watch, RefusesTwoBaselinesAtOnce) {
  const std::string path = machine("1");
  EXPECT_EQ(run_mote({"watch", path, "--baseline", path, "--baseline-seconds=5"}).exit_code, 2);
}

}  // namespace
}  // namespace mote::tests
