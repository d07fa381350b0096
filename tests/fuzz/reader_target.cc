#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "mote/compiler/model/tflite.h"
#include "tests/fuzz/targets.h"

namespace mote::fuzz {
namespace {

[[noreturn]] void report(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

Result<graph::Model> read_model(std::span<const std::byte> file) {
  return model::read_tflite_with_extras(
      std::make_shared<const std::vector<std::byte>>(file.begin(), file.end()), "input");
}

}  // namespace

void read(std::span<const std::byte> file) {
  const auto model = read_model(file);
  if (!model) {
    if (model.error().message.rfind("input: ", 0) != 0) report(model.error().message);
    return;
  }
  if (const auto sound = graph::verify(*model); !sound) report(sound.error().message);
  const auto written = model::write_tflite(*model);
  if (!written) return;  // an operator that the writer does not know
  const auto again = read_model(*written);
  if (!again) report("what was written is refused: " + again.error().message);
  if (model::write_tflite(*again).value() != *written) report("writing again gives other bytes");
}

}  // namespace mote::fuzz
