#include "mote/compiler/onnx/wire.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "mote/compiler/onnx/message.h"

namespace mote::onnx {
namespace {

using testing::ElementsAre;

std::vector<std::byte> bytes(std::initializer_list<int> list) {
  std::vector<std::byte> out;
  for (int b : list) out.push_back(static_cast<std::byte>(b));
  return out;
}

TEST(Wire, WalksOverFields) {
  // 1: 300; 2: "ab"; 3: 1.5f
  const auto message = bytes({0x08, 0xac, 0x02, 0x12, 2, 'a', 'b', 0x1d, 0, 0, 0xc0, 0x3f});
  Fields fields(message);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.number(), 1);
  EXPECT_EQ(fields.integer(), 300);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.text(), "ab");
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.number(), 3);
  EXPECT_EQ(fields.real(), 1.5f);
  EXPECT_FALSE(fields.next());
  EXPECT_FALSE(fields.is_damaged());
}

TEST(Wire, TakesRepeatedNumbersPackedOrOneAField) {
  const auto message = bytes({0x0a, 3, 1, 0xac, 0x02, 0x08, 7});
  std::vector<std::int64_t> numbers;
  Fields fields(message);
  while (fields.next()) fields.integers([&](std::int64_t i) { numbers.push_back(i); });
  EXPECT_FALSE(fields.is_damaged());
  EXPECT_THAT(numbers, ElementsAre(1, 300, 7));
}

TEST(Wire, HasNegativeNumbersInTenBytes) {
  const auto message = bytes({0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01});
  Fields fields(message);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.integer(), -1);
}

TEST(Wire, SaysThatAMessageIsDamaged) {
  const std::vector<std::byte> messages[] = {
      bytes({0x08}),                                                        // no value
      bytes({0x12, 5, 'a'}),                                                // shorter than it says
      bytes({0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}),  // 2^63 bytes
      bytes({0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
      bytes({0x0b}),            // a group
      bytes({0x00, 1}),         // field 0
      bytes({0x0d, 1, 2, 3})};  // half a float
  for (const auto& message : messages) {
    Fields fields(message);
    while (fields.next()) {
    }
    EXPECT_TRUE(fields.is_damaged());
  }
}

TEST(Wire, TakesAFieldOfAnotherFormForDamage) {
  const auto message = bytes({0x08, 1});
  Fields fields(message);
  ASSERT_TRUE(fields.next());
  EXPECT_EQ(fields.text(), "");
  EXPECT_TRUE(fields.is_damaged());
}

TEST(Message, WritesTheExamplesOfProtobufsEncoding) {
  EXPECT_EQ(Message().integer(1, 150).text(), "\x08\x96\x01");
  EXPECT_EQ(Message().bytes(2, "testing").text(), "\x12\x07testing");
  EXPECT_EQ(Message().message(3, Message().integer(1, 150)).text(), "\x1a\x03\x08\x96\x01");
}

TEST(Message, WritesNegativeNumbersInTenBytes) {
  EXPECT_EQ(Message().integer(1, -1).text(), "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(Message, WritesRealNumbersLittleEndian) {
  EXPECT_EQ(Message().real(5, 1.0f).text(), std::string("\x2d\x00\x00\x80\x3f", 5));
}

}  // namespace
}  // namespace mote::onnx
