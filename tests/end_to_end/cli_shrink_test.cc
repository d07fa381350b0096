// What the command line shows of passes, above all of channels that they take out.

#include <gmock/gmock.h>

#include "mote/support/json.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

class Shrink : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string model_ = write_model(folder_, "dead.tflite", model_with_a_dead_channel());
};

TEST_F(Shrink, IsToldInFigures) {
  EXPECT_THAT(run_mote({"inspect", model_}).out,
              HasSubstr("MACs     6 an inference\nweights  21 B\n"
                        "shrunk   to 66.7 % of 9 MACs and 85.7 % of 21 B of weights"));
  EXPECT_THAT(run_mote({"inspect", model_, "--no-shrink"}).out,
              HasSubstr("MACs     9 an inference\nweights  21 B\nbound"));
}

TEST_F(Shrink, IsCertified) {
  EXPECT_THAT(run_mote({"inspect", model_, "--certificate"}).out,
              HasSubstr("2 of 3 channels are left\n"
                        "  filter is all zero, always 5 (1 channel)\n    1\n"));
  const auto json =
      parse_json(run_mote({"inspect", model_, "--certificate", "--json"}).out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  const Json* shrinking = json->find("shrinking");
  ASSERT_NE(shrinking, nullptr);
  EXPECT_EQ(*shrinking->find("after")->find("macs")->as<std::int64_t>(), 6);
  EXPECT_EQ(shrinking->find("tensors")->as<Json::Array>()->size(), 1u);
}

TEST_F(Shrink, SaysWhenThereIsNothingToCertify) {
  const std::string dense = write_model(folder_, "dense.tflite", dense_model());
  EXPECT_THAT(run_mote({"inspect", dense, "--certificate"}).out,
              HasSubstr("certificate: no channel was taken out\n"));
}

TEST_F(Shrink, IsHeldAgainstTheWholeModel) {
  const Outcome outcome = run_mote({"diff", model_, "--against=no-shrink", "--random=5"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("shrunk against not shrunk, 2 tensors in 12 runs\nno difference\n"));
  EXPECT_EQ(run_mote({"diff", model_, "--against=nothing"}).exit_code, 2);
}

TEST_F(Shrink, DoesNotChangeWhatRunPrints) {
  const std::string input = folder_.write("in.bin", raw<std::int8_t>({11, -7}));
  EXPECT_EQ(run_mote({"run", model_, "--input=" + input}).out,
            run_mote({"run", model_, "--input=" + input, "--no-shrink"}).out);
}

TEST_F(Shrink, CanBeLookedAtAfterEachPass) {
  EXPECT_THAT(run_mote({"inspect", "--passes"}).out, HasSubstr("eliminate_dead_channels"));
  const std::string dead = "--dump-after=eliminate_dead_channels";
  const Outcome outcome = run_mote({"inspect", model_, dead});
  EXPECT_THAT(outcome.out, HasSubstr("after eliminate_dead_channels:\n  node 0 FULLY_CONNECTED"));
  EXPECT_THAT(outcome.out, HasSubstr("INT8 [1, 2] constant"));
  EXPECT_THAT(run_mote({"inspect", model_, "--dump-after=remove_unused"}).out,
              HasSubstr("after remove_unused: unchanged\n"));
  EXPECT_EQ(run_mote({"inspect", model_, "--dump-after=nonsense"}).exit_code, 2);
  EXPECT_EQ(run_mote({"inspect", model_, "--no-shrink", dead}).exit_code, 1);
  EXPECT_EQ(run_mote({"inspect"}).exit_code, 2);
}

}  // namespace
}  // namespace mote::tests
