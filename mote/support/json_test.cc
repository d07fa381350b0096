#include "mote/support/json.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mote {
namespace {

TEST(Json, ReadsBackWhatItWrote) {
  const Json written = Json::Object{{"macs", std::int64_t{7489664}},
                                    {"median_us", 0.1},
                                    {"shape", std::vector<int>{1, 96, 96, 3}},
                                    {"name", "con\"v"},
                                    {"fits", true},
                                    {"arena", Json()}};
  const std::string text = dump(written);
  const auto read = parse_json(text, "test");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(dump(*read), text);
  EXPECT_EQ(*read->find("macs")->as<std::int64_t>(), 7489664);
  EXPECT_EQ(*read->find("median_us")->number(), 0.1);
  EXPECT_EQ(read->find("nothing"), nullptr);
}

TEST(Json, KeepsTheOrderOfMembers) {
  EXPECT_EQ(dump(Json::Object{{"b", 1}, {"a", 2}}), "{\n  \"b\": 1,\n  \"a\": 2\n}\n");
}

TEST(Json, WritesWhatItCannotHoldAsNull) { EXPECT_EQ(dump(Json(std::nan(""))), "null\n"); }

TEST(Json, WritesBrokenTextAsReplacementCharacters) {
  EXPECT_EQ(dump(Json("a\xff")), "\"a\xef\xbf\xbd\"\n");
}

TEST(Json, RefusesWhatIsNotOneValue) {
  for (const char* text : {"", "{", "{\"a\":}", "1 2", "nul", "[1,]"}) {
    const auto json = parse_json(text, "x.json");
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code, ErrorCode::kBadInput);
    EXPECT_EQ(json.error().message.substr(0, 25), "x.json is not valid JSON:");
  }
}

TEST(Json, RefusesNestingWithoutEnd) {
  EXPECT_FALSE(parse_json(std::string(1000000, '['), "x.json"));
  EXPECT_FALSE(parse_json(std::string(200, '[') + std::string(200, ']'), "x.json"));
}

}  // namespace
}  // namespace mote
