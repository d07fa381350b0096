#include <gmock/gmock.h>

#include "mote/support/json.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

Json inspect_json(const std::string& model) {
  const Outcome outcome = run_mote({"inspect", model, "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return parse_json(outcome.out, "the output").value_or(Json());
}

std::int64_t integer(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value && value->as<std::int64_t>() ? *value->as<std::int64_t>() : -1;
}

TEST(Inspect, CountsWorkWeightsAndMemory) {
  const TemporaryFolder folder;
  const Json json = inspect_json(write_model(folder, "dense.tflite", dense_model()));
  EXPECT_EQ(integer(json, "macs"), 12);
  EXPECT_EQ(integer(json, "arena_bytes"), 19) << "4 B of input, 3 B of output at the next 16";
  EXPECT_EQ(integer(json, "weight_bytes"), 12 + 3 * 4);
  ASSERT_TRUE(json.find("operators")->as<Json::Array>());
  EXPECT_EQ(json.find("operators")->as<Json::Array>()->size(), 1u);
  EXPECT_TRUE(json.find("unsupported")->as<Json::Array>()->empty());
}

TEST(Inspect, ShowsWhatLivesAtTheWorstMoment) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({"inspect", model});
  EXPECT_THAT(outcome.out, HasSubstr("MACs     12 an inference\n"));
  EXPECT_THAT(outcome.out, HasSubstr("arena    19 B, exactly; the most is in use in node 0 "
                                     "FULLY_CONNECTED"));
  EXPECT_THAT(outcome.out, HasSubstr("    7          in all\n"));
}

TEST(Inspect, SaysHowFarThePlanIsFromTheBest) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  EXPECT_EQ(integer(inspect_json(model), "lower_bound_bytes"), 19);
  EXPECT_THAT(run_mote({"inspect", model}).out,
              HasSubstr("bound    19 B: no plan with the same sharing can need less\n"));
}

TEST(Inspect, ChecksWhetherTheModelFitsTheArena) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  EXPECT_EQ(run_mote({"inspect", model, "--arena=19"}).exit_code, 0);
  const Outcome outcome = run_mote({"inspect", model, "--arena=18"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out, HasSubstr("arena    19 B, exactly"));
  EXPECT_THAT(outcome.err, HasSubstr("the plan needs 19 B, the arena has 18 B\n  largest moment: "
                                     "node 0 FULLY_CONNECTED"));
}

TEST(Inspect, DrawsTheArenaOverTime) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({"inspect", model, "--arena-map"});
  EXPECT_THAT(outcome.out, testing::ContainsRegex("0  FULLY_CONNECTED  A+\\.+B+\n"));
}

TEST(Inspect, ListsTensorsWithTheirQuantisation) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({"inspect", model, "--tensors"});
  EXPECT_THAT(outcome.out, HasSubstr("scale 1.000, zero point 1"));
  EXPECT_THAT(outcome.out, HasSubstr("constant"));
}

TEST(Inspect, ShowsWhatItCanOfAModelThatCannotRun) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "unsupported.tflite", unsupported_model());
  const Outcome outcome = run_mote({"inspect", model});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("mote cannot run 2 operators of this model:\n"));
  EXPECT_THAT(outcome.out, HasSubstr("SEGMENT_SUM (!)"));
  EXPECT_THAT(outcome.out, HasSubstr("UNIQUE (!)"));
  EXPECT_THAT(outcome.out, HasSubstr("arena    unknown"));
  const Json json = inspect_json(model);
  EXPECT_EQ(integer(json, "macs"), 12) << "of the operator that can run";
  EXPECT_TRUE(json.find("arena_bytes")->as<std::nullptr_t>());
  EXPECT_EQ(json.find("unsupported")->as<Json::Array>()->size(), 2u);
}

TEST(Inspect, ReadsAModelFromStandardInput) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({"inspect", "-"}, {.in = model});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("standard input: "));
}

}  // namespace
}  // namespace mote::tests
