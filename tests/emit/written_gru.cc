// Networks of GRU layers as C++, for golden_family.sh and board_family.sh: it stands in their place
// for mote compile, too, since no file can hold such networks but those of floats.
//
//     mote_written_gru write DIR gru              a file a network, which names its form
//     mote_written_gru compile FILE --name=NAME --output=DIR [--target=NAME] --self-test

#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "mote/compiler/compile.h"
#include "mote/compiler/emit/emit.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/support/gru_networks.h"

namespace mote::tests {
namespace {

constexpr DType kTypes[] = {DType::kInt8, DType::kInt16, DType::kFloat32};
constexpr int kForms = 2 * 3;

/// Types by both kinds of reset; more units than are computed together, and an odd number.
GruNetwork network(int form) {
  return gru_network({.type = kTypes[form / 2],
                      .linear_before_reset = form % 2 == 1,
                      .time_major = form % 4 < 2,
                      .features = 5,
                      .units = 19});
}

Result<void> write_forms(const std::string& folder) {
  for (int form = 0; form < kForms; ++form) {
    const std::string text = cat(form);
    const auto bytes = std::as_bytes(std::span(text));
    MOTE_TRY(write_file(cat(folder, "/gru_", form, ".tflite"), {bytes.begin(), bytes.end()}));
  }
  return {};
}

/// One run from the beginning, and what every call makes of it.
emit::Vectors vectors_of(std::shared_ptr<const program::Program> program,
                         const std::vector<float>& input) {
  auto interpreter = runtime::Interpreter::create(program);
  const auto copy = [](std::span<const std::byte> bytes) {
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  };
  emit::Vectors vectors;
  (void)interpreter->input(0).write_real(input);
  vectors.inputs.push_back(copy(interpreter->input(0).bytes()));
  interpreter->run([&](int) { vectors.checksums.emplace_back(); });
  vectors.outputs.push_back(copy(interpreter->output(0).bytes()));
  return vectors;
}

Result<void> compile(int form, const std::string& name, const std::string& folder,
                     const emit::Target& target) {
  const GruNetwork gru = network(form);
  compiler::with_gru();
  auto program = compiler::compile(gru.model, {.isa = target.isa});
  MOTE_TRY(program);
  const auto shared = std::make_shared<const program::Program>(std::move(*program));
  emit::Options options{.name = name, .target = target.name, .version = "test"};
  options.test = vectors_of(shared, gru.input);
  const auto files = emit::emit(*shared, options);
  MOTE_TRY(files);
  for (const emit::File& file : *files) {
    const auto bytes = std::as_bytes(std::span(file.text));
    MOTE_TRY(write_file(cat(folder, "/", file.name), {bytes.begin(), bytes.end()}));
  }
  std::cout << "compile with: " << emit::kFlags << " -I<mote's source> " << target.flags << "\n";
  return {};
}

Result<void> run(int argc, char** argv) {
  const std::string task = argc > 2 ? argv[1] : "";
  if (task == "write") return write_forms(argv[2]);
  if (task != "compile") return fail(ErrorCode::kUsage, "it takes write or compile");
  std::string name, folder, target = "host";
  for (int i = 3; i < argc; ++i) {
    const std::string flag = argv[i];
    const auto value = flag.substr(flag.find('=') + 1);
    if (flag.starts_with("--name=")) name = value;
    if (flag.starts_with("--output=")) folder = value;
    if (flag.starts_with("--target=")) target = value;
  }
  int form = -1;
  std::ifstream(argv[2]) >> form;
  if (form < 0 || form >= kForms) return bad_input(cat("there is no form ", form));
  return compile(form, name, folder, *emit::find_target(target));
}

}  // namespace
}  // namespace mote::tests

int main(int argc, char** argv) {
  const auto result = mote::tests::run(argc, argv);
  if (result) return 0;
  std::cerr << result.error().message << "\n";
  return 1;
}
