#include <gtest/gtest.h>

#include <set>

#include "mote/support/json.h"
#include "tests/end_to_end/program.h"

namespace mote::tests {
namespace {

TEST(Ops, ListsOperatorsWithTheirTypes) {
  const Outcome outcome = run_mote({"ops", "--json"});
  EXPECT_EQ(outcome.exit_code, 0);
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  std::set<std::string> types;
  for (const Json& op : *json->find("operators")->as<Json::Array>())
    if (*op.find("name")->as<std::string>() == "FULLY_CONNECTED")
      for (const Json& type : *op.find("types")->as<Json::Array>())
        types.insert(*type.as<std::string>());
  EXPECT_TRUE(types.contains("int8")) << testing::PrintToString(types);
}

TEST(Ops, AgreesWithItsPage) {
  const Outcome outcome = run_mote({"ops", "--markdown"});
  EXPECT_TRUE(outcome.out == contents(MOTE_SOURCE_DIR "/docs/ops.md"))
      << "docs/ops.md is stale: run script/update-docs";
}

}  // namespace
}  // namespace mote::tests
