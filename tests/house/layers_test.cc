#include "tests/house/layers.h"

#include <gmock/gmock.h>

#include <fstream>

#include "mote/support/file.h"

namespace mote::house {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A source tree in a temporary folder that lives as long as the object.
class Tree {
 public:
  Tree() { std::filesystem::create_directories(root_); }
  ~Tree() { std::filesystem::remove_all(root_); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void add(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  std::vector<std::string> violations(std::string_view table) const {
    return find_violations(parse_layers(table).value(), root_, {"mote"});
  }

 private:
  std::filesystem::path root_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("mote_layers_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST(Layers, HoldInThisTree) {
  const std::filesystem::path root = MOTE_SOURCE_DIR;
  const auto text = read_file(root / "tests/house/layers.txt");
  ASSERT_TRUE(text) << text.error().message;
  const auto layers = parse_layers({reinterpret_cast<const char*>(text->data()), text->size()});
  ASSERT_TRUE(layers) << layers.error().message;
  EXPECT_THAT(find_violations(*layers, root, {"mote", "cli"}), IsEmpty());
}

TEST(Layers, LetAModuleIncludeItselfAndWhatItsRowNames) {
  const Tree tree;
  tree.add("mote/base/a.h", "#include <stdint.h>\n");
  tree.add("mote/fft/fft.h", "#include \"mote/base/a.h\"\n#include \"mote/fft/twiddle.h\"\n");
  EXPECT_THAT(tree.violations("mote/base: <stdint.h>\nmote/fft: mote/base\n"), IsEmpty());
}

TEST(Layers, NameTheIncludeThatLooksUpwards) {
  const Tree tree;
  tree.add("mote/base/a.h", "#pragma once\n  #  include \"mote/fft/fft.h\"  // why not\n");
  EXPECT_THAT(tree.violations("mote/base: <stdint.h>\nmote/fft: mote/base\n"),
              ElementsAre("mote/base/a.h:2 includes mote/fft/fft.h, but mote/base may include only "
                          "itself and <stdint.h>"));
}

TEST(Layers, RefuseASystemHeaderThatTheRowDoesNotName) {
  const Tree tree;
  tree.add("mote/base/a.h", "#include <vector>\n");
  tree.add("mote/host/b.cc", "#include <vector>\n");
  EXPECT_THAT(
      tree.violations("mote/base: <stdint.h>\nmote/host: <*>\n"),
      ElementsAre("mote/base/a.h:1 includes <vector>, but mote/base may include only itself "
                  "and <stdint.h>"));
}

TEST(Layers, GiveAFileItsOwnRow) {
  const Tree tree;
  tree.add("mote/base/a.h", "#include <math.h>\n");
  tree.add("mote/base/math.h", "#include <math.h>\n");
  EXPECT_THAT(
      tree.violations("mote/base: <stdint.h>\nmote/base/math.h: <math.h>\n"),
      ElementsAre("mote/base/a.h:1 includes <math.h>, but mote/base may include only itself "
                  "and <stdint.h>"));
}

TEST(Layers, DoNotTakeAFolderForAnotherWithALongerName) {
  const Tree tree;
  tree.add("mote/a/a.h", "#include \"mote/basement/b.h\"\n");
  EXPECT_THAT(tree.violations("mote/a: mote/base\n"),
              ElementsAre("mote/a/a.h:1 includes mote/basement/b.h, but mote/a may include only "
                          "itself and mote/base"));
}

TEST(Layers, WantARowForEveryFile) {
  const Tree tree;
  tree.add("mote/new/a.h", "");
  EXPECT_THAT(
      tree.violations("mote/base: <stdint.h>\n"),
      ElementsAre("mote/new/a.h belongs to no module of layers.txt: add a row for its folder"));
}

TEST(Layers, LeaveTestsFree) {
  const Tree tree;
  tree.add("mote/base/a_test.cc", "#include <vector>\n");
  EXPECT_THAT(tree.violations("mote/base: <stdint.h>\n"), IsEmpty());
}

TEST(Layers, SayWhichLineOfTheTableIsWrong) {
  EXPECT_EQ(parse_layers("# a table\nmote/base\n").error().message,
            "line 2 has no colon: expected 'PATH: ALLOWED...'");
  EXPECT_EQ(parse_layers("mote/base: @core\n").error().message,
            "line 1 uses @core, which no line above it defines");
}

}  // namespace
}  // namespace mote::house
