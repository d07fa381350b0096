// Writes the models that the fuzzers start from, one of each form of each operator: the golden
// cases; and loops.

#include <filesystem>
#include <iostream>

#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/golden/case.h"
#include "tests/support/loop_networks.h"

namespace mote::tests {
namespace {

Result<int> write_seeds(const std::string& folder) {
  std::filesystem::create_directories(folder);
  int count = 0;
  for (const Family& family : families())
    for (const Case& c : family.make()) {
      const auto file = model::write_tflite(c.model);
      if (!file) return tl::unexpected(file.error());
      MOTE_TRY(write_file(cat(folder, "/", family.name, "-", c.name, ".tflite"), *file));
      ++count;
    }
  using enum LoopForm::SetItem;
  for (const LoopForm::SetItem set_item : {kSlices, kUpdate, kOnlyLast})
    for (const bool reset_after : {false, true}) {
      const auto file = model::write_tflite(
          LoopNetwork({.set_item = set_item, .reset_after = reset_after}).b.build());
      if (!file) return tl::unexpected(file.error());
      MOTE_TRY(write_file(cat(folder, "/loop-", count++, ".tflite"), *file));
    }
  return count;
}

}  // namespace
}  // namespace mote::tests

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: mote_make_seeds FOLDER\n", 2;
  const auto count = mote::tests::write_seeds(argv[1]);
  if (!count) return std::cerr << count.error().message << "\n", 1;
  std::cout << *count << " seeds\n";
}
