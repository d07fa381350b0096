// What holds for every command: usage, help, exit codes, standard streams.

#include <gmock/gmock.h>

#include "mote/support/cat.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Cli, ShowsEveryCommandWithoutArguments) {
  const Outcome bare = run_mote({}), help = run_mote({"--help"});
  EXPECT_EQ(bare.exit_code, 0);
  EXPECT_EQ(bare.out, help.out);
  for (const char* verb : {"inspect", "run", "bench", "diff", "ops"})
    EXPECT_THAT(bare.out, HasSubstr(cat("\n  ", verb, " ")));
}

TEST(Cli, ExplainsEveryCommandWithItsUsageAndFlags) {
  for (const char* verb : {"inspect", "run", "bench", "diff", "quantize", "compile", "fit", "ops",
                           "listen", "watch", "simulate"}) {
    const Outcome help = run_mote({verb, "--help"});
    EXPECT_EQ(help.exit_code, 0) << verb;
    EXPECT_EQ(help.err, "") << verb;
    EXPECT_THAT(help.out, StartsWith(cat("mote ", verb, ": "))) << verb;
    EXPECT_THAT(help.out, HasSubstr(cat("\nusage: mote ", verb))) << verb;
    EXPECT_THAT(help.out, HasSubstr("\nflags:\n")) << verb;
    EXPECT_EQ(run_mote({"help", verb}).out, help.out) << verb;
  }
}

TEST(Cli, SaysItsVersion) {
  const Outcome outcome = run_mote({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, testing::MatchesRegex("mote [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Cli, SuggestsTheNearestCommand) {
  const Outcome outcome = run_mote({"inspekt"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "mote: error: there is no command 'inspekt'; did you mean 'inspect'?\n");
}

TEST(Cli, SuggestsTheNearestFlag) {
  const Outcome outcome = run_mote({"run", "x.tflite", "--imput=y.bin"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, StartsWith("mote: error: `mote run` has no flag '--imput'; did you mean "
                                      "'--input'?\n  usage: mote run "));
}

TEST(Cli, RefusesTooFewAndTooManyArguments) {
  const Outcome few = run_mote({"inspect"}), many = run_mote({"inspect", "a", "b"});
  EXPECT_EQ(few.exit_code, 2);
  EXPECT_THAT(few.err, HasSubstr("`mote inspect` needs an argument"));
  EXPECT_EQ(many.exit_code, 2);
  EXPECT_THAT(many.err, HasSubstr("one argument too many: 'b'"));
}

TEST(Cli, RefusesAFlagWithoutItsValueAndASwitchWithOne) {
  const Outcome without = run_mote({"run", "x.tflite", "--top-k"});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, StartsWith("mote: error: --top-k needs a value: --top-k=N\n  usage: "));
  const Outcome with = run_mote({"run", "x.tflite", "--json=yes"});
  EXPECT_EQ(with.exit_code, 2);
  EXPECT_THAT(with.err, StartsWith("mote: error: --json is a switch, which takes no value\n"));
}

TEST(Cli, LeavesTheArgumentsThatItNeedsToAFlagOfSeveralValues) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const std::string input = folder.write("in.bin", raw<std::int8_t>({1, 2, 3, 4}));
  const Outcome two = run_mote({"run", "--json", "--input", input, input, model});
  EXPECT_EQ(two.exit_code, 0) << two.err;
  EXPECT_EQ(run_mote({"run", "--json", "--input", input, input, "--", model}).out, two.out);
  EXPECT_EQ(run_mote({"run", model, "--json", "--input=" + input, "--input=" + input}).out,
            two.out);
}

TEST(Cli, RefusesValuesThatAreNoNumbersOrOutOfRange) {
  for (const char* value : {"many", "0", "-3", "2.5", "", "99999999999999999999", "1e3"}) {
    const Outcome outcome = run_mote(
        {"diff", "x.tflite", cat("--seed=", 1), "--random", value, "--isa=scalar", "--isa=scalar"});
    EXPECT_NE(outcome.exit_code, 0) << value;
  }
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome =
      run_mote({"diff", model, "--random=many", "--isa=scalar", "--isa=scalar"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err,
            "mote: error: --random is 'many', expected a whole number from 1 to 100000\n");
}

TEST(Cli, TakesFlagsBeforeAndAfterArgumentsInBothForms) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const std::string input = folder.write("in.bin", raw<std::int8_t>({1, 2, 3, 4}));
  const Outcome before = run_mote({"run", "--input=" + input, "--json", model});
  const Outcome after = run_mote({"run", model, "--json", "--input", input});
  EXPECT_EQ(before.exit_code, 0) << before.err;
  EXPECT_EQ(before.out, after.out);
  EXPECT_EQ(run_mote({"run", "--input", input, "--json", model}).out, after.out);
}

TEST(Cli, ReportsAFullDiskOnStandardOutput) {
  const Outcome outcome = run_mote({"--help"}, {.out = "/dev/full"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "mote: error: cannot write to standard output: No space left on device\n");
}

TEST(Cli, GivesTheSameBytesForTheSameInput) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"inspect", model, "--json", "--tensors", "--arena-map"},
        {"inspect", model, "--tensors", "--arena-map"},
        {"ops"},
        {"diff", model, "--isa=scalar", "--isa=scalar", "--json"}})
    EXPECT_EQ(run_mote(words).out, run_mote(words).out) << words[0];
}

TEST(Cli, TakesOneTo64Threads) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const std::string input = folder.write("x.bin", std::string(4, '\1'));
  for (const std::string value : {"0", "65", "-1", "many", "", "2.5", "99999999999999999999"})
    for (const char* verb : {"run", "bench"}) {
      const Outcome outcome = run_mote({verb, model, "--threads=" + value});
      EXPECT_EQ(outcome.exit_code, 2) << verb << ' ' << value;
      EXPECT_THAT(outcome.err,
                  HasSubstr("--threads is '" + value + "', expected a whole number from 1 to 64"));
    }
  const std::vector<std::string> words = {"run", model, "--input=" + input};
  const Outcome one = run_mote(words);
  EXPECT_EQ(one.exit_code, 0) << one.err;
  for (const char* threads : {"--threads=1", "--threads=2", "--threads=64"})
    EXPECT_EQ(run_mote({"run", model, "--input=" + input, threads}).out, one.out) << threads;
}

TEST(Cli, SaysOnHowManyThreadsItMeasured) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  EXPECT_THAT(run_mote({"bench", model, "--seconds=0.01"}).out, HasSubstr(", one thread)"));
  EXPECT_THAT(run_mote({"bench", model, "--seconds=0.01", "--threads=2"}).out,
              HasSubstr(", one thread: no layer is worth splitting)"));
}

TEST(Cli, NamesAMissingFile) {
  for (const char* verb : {"inspect", "run", "bench"}) {
    const Outcome outcome = run_mote({verb, "/nowhere/x.tflite"});
    EXPECT_EQ(outcome.exit_code, 1) << verb;
    EXPECT_EQ(outcome.err,
              "mote: error: cannot open '/nowhere/x.tflite': No such file or directory\n")
        << verb;
  }
}

/// Every command that takes a model, with what else it needs to get as far as reading it.
std::vector<std::vector<std::string>> model_commands(const std::string& model) {
  return {{"inspect", model},
          {"inspect", model, "--json"},
          {"run", model, "--input=/dev/null"},
          {"bench", model, "--seconds=0.01"},
          {"diff", model, "--isa=scalar", "--isa=scalar"}};
}

TEST(Cli, RefusesWhatIsNoModelWithOneSentence) {
  const TemporaryFolder folder;
  std::string whole = contents(write_model(folder, "dense.tflite", dense_model()));
  std::string lying = whole;
  lying.replace(0, 4, "\xff\xff\xff\x7f");
  const std::vector<std::string> files = {
      folder.write("empty.tflite", ""),
      folder.write("text.tflite", "this is no model, but it is long enough to look like one"),
      folder.write("cut.tflite", whole.substr(0, whole.size() / 2)),
      folder.write("lying.tflite", lying),
      folder.path(""),  // a folder
  };
  for (const std::string& file : files)
    for (const auto& words : model_commands(file)) {
      const Outcome outcome = run_mote(words);
      EXPECT_EQ(outcome.exit_code, 1) << words[0] << ' ' << file;
      EXPECT_EQ(outcome.out, "") << words[0] << ' ' << file;
      EXPECT_THAT(outcome.err, StartsWith("mote: error: ")) << words[0] << ' ' << file;
      EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    }
}

TEST(Cli, SurvivesEveryCutOfAModel) {
  const TemporaryFolder folder;
  const std::string whole = contents(write_model(folder, "dense.tflite", dense_model()));
  for (std::size_t size = 0; size < whole.size(); size += 29) {
    const Outcome outcome =
        run_mote({"inspect", folder.write("cut.tflite", whole.substr(0, size))});
    EXPECT_THAT(outcome.exit_code, testing::AnyOf(0, 1)) << size << ": " << outcome.err;
  }
}

}  // namespace
}  // namespace mote::tests
