#include "tests/error/broken_files.h"

#include <gtest/gtest.h>

#include <regex>

#include "mote/compiler/model/tflite.h"
#include "tests/error/sound_model.h"

// Files with exactly one defect, and what the reader says of each.
namespace mote::tests {
namespace {

/// Its tensors, nodes and buffers are drawn in sound_model.h.
File sound_file() { return File(model::write_tflite(sound_model()).value()); }

class BrokenFile : public testing::TestWithParam<Defect> {};

/// Where in the file something lies, and how long the file is, is the writer's affair.
std::string without_places(const std::string& message) {
  return std::regex_replace(message, std::regex("(byte |but the file has )-?[0-9]+(?! buffers)"),
                            "$1#");
}

Result<graph::Model> read(const std::vector<std::byte>& bytes) {
  return model::read_tflite_with_extras(std::make_shared<const std::vector<std::byte>>(bytes),
                                        "x.tflite");
}

TEST_P(BrokenFile, IsRefusedWithThisSentence) {
  File file = sound_file();
  GetParam().make(file);
  const auto model = read(file.bytes());
  ASSERT_FALSE(model);
  EXPECT_EQ(without_places(model.error().message), std::string("x.tflite: ") + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Table, BrokenFile, testing::ValuesIn(kDefects),
                         [](const auto& defect) { return defect.param.name; });

TEST(FileWithoutADefect, IsRead) {
  const auto model = read(sound_file().bytes());
  EXPECT_TRUE(model) << model.error().message;
}

TEST(CutFile, IsRefusedWhereverItEnds) {
  const std::vector<std::byte> whole = sound_file().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    EXPECT_FALSE(read(cut)) << size << " of " << whole.size() << " B";
  }
}

// Whether it is still a model does not matter; that nothing is read or allocated astray does.
TEST(FileWithAChangedByte, IsReadOrRefusedButNeverBelieved) {
  std::vector<std::byte> bytes = sound_file().bytes();
  for (std::byte& byte : bytes) {
    const std::byte old = byte;
    for (int change : {0x01, 0x80, 0xff}) {
      byte = old ^ std::byte(change);
      const auto model = read(bytes);
      EXPECT_TRUE(!model || graph::verify(*model));
    }
    byte = old;
  }
}

}  // namespace
}  // namespace mote::tests
