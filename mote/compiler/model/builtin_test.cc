#include "mote/compiler/model/builtin.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mote::model {
namespace {

TEST(Builtins, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (int code = 0; code < builtin_count(); ++code) {
    EXPECT_TRUE(names.insert(find_builtin(code)->name).second) << find_builtin(code)->name;
    EXPECT_EQ(find_builtin(find_builtin(code)->name)->code, code);
  }
}

TEST(Builtins, EndWhereTheTableEnds) {
  EXPECT_EQ(find_builtin(-1), nullptr);
  EXPECT_EQ(find_builtin(builtin_count()), nullptr);
  EXPECT_EQ(find_builtin("NO_SUCH_OPERATOR"), nullptr);
}

TEST(Options, HaveOneTableForEachNumber) {
  for (int code = 0; code < builtin_count(); ++code) {
    const Options* options = find_builtin(code)->options;
    EXPECT_EQ(find_options(options->type), options) << find_builtin(code)->name;
  }
}

TEST(Options, HaveFieldNamesOfTheirOwn) {
  for (int code = 0; code < builtin_count(); ++code) {
    std::set<std::string> names;
    for (const Field& field : find_builtin(code)->options->all())
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
  }
}

TEST(TensorTypes, AreThereForEveryTypeThatMoteHas) {
  for (DType type : kDTypes) {
    const TensorType* found = find_tensor_type(tensor_type_code(type));
    ASSERT_NE(found, nullptr);
    EXPECT_STREQ(found->name, name_of(type));
  }
}

}  // namespace
}  // namespace mote::model
