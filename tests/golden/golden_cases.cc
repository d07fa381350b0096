// Writes the golden cases for the reference to run, and packs what it printed. See README.md.

#include <cstring>
#include <filesystem>
#include <iostream>

#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/golden/case.h"

namespace mote::tests {
namespace {

Result<void> write_cases(const std::string& folder, const Family& family) {
  std::filesystem::create_directories(folder);
  for (const Case& c : family.make()) {
    const auto file = model::write_tflite(c.model);
    if (!file) return fail(file.error().code, cat(c.name, ": ", file.error().message));
    MOTE_TRY(write_file(cat(folder, "/", c.name, ".tflite"), *file));
    MOTE_TRY(write_file(cat(folder, "/", c.name, ".in.bin"), c.inputs));
  }
  return {};
}

Result<void> pack_cases(const std::string& folder, const Family& family, const std::string& file) {
  std::vector<Vector> vectors;
  for (const Case& c : family.make()) {
    auto outputs = read_file(cat(folder, "/", c.name, ".out.bin"));
    if (!outputs) return tl::unexpected(outputs.error());
    vectors.push_back({c.name, fingerprint(c), std::move(*outputs)});
  }
  return write_file(file, pack(vectors));
}

Result<void> run(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  for (const Family& family : families()) {
    if (argc < 4 || std::strcmp(argv[3], family.name) != 0) continue;
    if (verb == "write" && argc == 4) return write_cases(argv[2], family);
    if (verb == "pack" && argc == 5) return pack_cases(argv[2], family, argv[4]);
  }
  std::string names;
  for (const Family& family : families()) names += cat(" ", family.name);
  return fail(ErrorCode::kUsage, cat("usage: mote_golden_cases write DIR FAMILY\n"
                                     "       mote_golden_cases pack DIR FAMILY FILE.vec\nfamilies:",
                                     names));
}

}  // namespace
}  // namespace mote::tests

int main(int argc, char** argv) {
  const auto result = mote::tests::run(argc, argv);
  if (result) return 0;
  std::cerr << result.error().message << "\n";
  return 1;
}
