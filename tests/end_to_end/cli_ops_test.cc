#include <gmock/gmock.h>

#include "mote/support/json.h"
#include "tests/end_to_end/program.h"

namespace mote::tests {
namespace {

TEST(Ops, ListsEveryOperatorWithItsTypes) {
  const Outcome outcome = run_mote({"ops", "--json"});
  EXPECT_EQ(outcome.exit_code, 0);
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  for (const Json& op : *json->find("operators")->as<Json::Array>())
    if (*op.find("name")->as<std::string>() == "FULLY_CONNECTED")
      return EXPECT_THAT(*op.find("types")->as<Json::Array>(),
                         testing::Contains(testing::Field(
                             &Json::value, testing::VariantWith<std::string>("int8"))));
  FAIL() << "no FULLY_CONNECTED";
}

TEST(Ops, AgreesWithItsPage) {
  const Outcome outcome = run_mote({"ops", "--markdown"});
  EXPECT_EQ(outcome.out, contents(MOTE_SOURCE_DIR "/docs/ops.md"))
      << "docs/ops.md is stale: run script/update-docs";
}

}  // namespace
}  // namespace mote::tests
