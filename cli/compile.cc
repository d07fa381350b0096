#include "mote/compiler/compile.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "mote/compiler/emit/emit.h"
#include "mote/compiler/emit/text.h"
#include "mote/core/base/self_test.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

std::string target_names() {
  std::string names;
  for (const emit::Target& target : emit::all_targets())
    names += cat(names.empty() ? "" : ", ", target.name);
  return names;
}

/// "kws_ref_model" for "models/kws-ref.model.tflite": what may be the name of a namespace.
std::string name_of_model(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return emit::is_identifier(name) ? name : "model_" + name;
}

/// One run on random inputs, and what every call makes of them.
Result<emit::Vectors> vectors_of(std::shared_ptr<const Program> program) {
  constexpr std::uint64_t kSeed = 1;
  auto interpreter = Interpreter::create(program);
  if (!interpreter) return tl::unexpected(interpreter.error());
  emit::Vectors vectors;
  tensor_io::feed(random_inputs(*program, 1, kSeed), 0, *interpreter);
  const auto copy = [](std::span<const std::byte> bytes) {
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  };
  for (int i = 0; i < interpreter->input_count(); ++i)
    vectors.inputs.push_back(copy(interpreter->input(i).bytes()));
  interpreter->run([&](int index) {
    const program::KernelCall& call = program->calls[static_cast<std::size_t>(index)];
    vectors.checksums.emplace_back();
    if (call.writes.empty()) return;
    const Port made = interpreter->tensor(call.writes.back());
    if (made.info().type != DType::kFloat32)
      vectors.checksums.back() =
          checksum(made.bytes().data(), static_cast<std::int32_t>(made.bytes().size()));
  });
  for (int i = 0; i < interpreter->output_count(); ++i)
    vectors.outputs.push_back(copy(interpreter->output(i).bytes()));
  return vectors;
}

Result<void> write(const emit::File& file, const std::string& folder, std::ostream& out) {
  const std::string path = (std::filesystem::path(folder) / file.name).string();
  MOTE_TRY(write_file(path, std::as_bytes(std::span(file.text))));
  out << path << ": " << grouped(static_cast<std::int64_t>(file.text.size())) << " B\n";
  return {};
}

void print_need(std::ostream& out, const Program& program, const emit::Target& target) {
  out << "flash: " << grouped(static_cast<std::int64_t>(program.constants.size()))
      << " B of constants, and code; RAM: an arena of " << grouped(program.arena_bytes)
      << " B, and stack; " << grouped(program::macs(program)) << " MACs a run\n"
      << "compile with: " << emit::kFlags << " -I<mote's source> " << target.flags << '\n';
}

Result<void> run(const Args& args, std::ostream& out) {
  const std::string wanted = args.text("--target", "host");
  const emit::Target* target = emit::find_target(wanted);
  if (!target)
    return fail(ErrorCode::kUsage,
                cat("mote has no target '", wanted, "'; it has ", target_names()));
  const auto arena_limit = arena_limit_from(args);
  if (!arena_limit) return tl::unexpected(arena_limit.error());
  const auto program = load_program(
      args.positional[0],
      {.isa = target->isa, .arena_limit = *arena_limit, .shrink = !args.has("--no-shrink")});
  if (!program) return tl::unexpected(program.error());
  emit::Options options{.name = args.text("--name", name_of_model(args.positional[0])),
                        .target = target->name,
                        .version = MOTE_VERSION};
  if (args.has("--self-test")) {
    auto vectors = vectors_of(*program);
    if (!vectors) return tl::unexpected(vectors.error());
    options.test = std::move(*vectors);
  }
  const auto files = emit::emit(**program, options);
  if (!files) return tl::unexpected(files.error());
  for (const emit::File& file : *files) MOTE_TRY(write(file, args.text("--output", "."), out));
  print_need(out, **program, *target);
  return {};
}

constexpr Flag kFlags[] = {
    {"--target", "NAME", "the machine: host, cortex-m4, rv32imac, ... (default: host)"},
    {"--output", "DIR", "where to write the files (default: here)"},
    {"--name", "NAME", "of the files and of the namespace (default: the model file's)"},
    {"--self-test", "", "also write self_test(), which checks every layer on a known input"},
    kArenaFlag,
    kNoShrinkFlag,
};

}  // namespace

const Command kCompile = {
    .name = "compile",
    .summary = "write a model as C++ for a microcontroller",
    .usage =
        "mote compile MODEL [--target=NAME] [--output=DIR] [--name=NAME] [--self-test]\n"
        "                     [--arena=BYTES] [--no-shrink]",
    .details =
        "Writes NAME.h, which says how to call the network, and NAME.cc: C++20 without heap,\n"
        "exceptions or static constructors, calls and constants only. It needs mote's headers\n"
        "(-I), and no library; the flags for GCC are printed. Weights are constexpr, so that they\n"
        "stay in flash; the memory to work in is the caller's. The same model and flags give the\n"
        "same files.\n\n"
        "examples:\n"
        "  mote compile kws.tflite --target=cortex-m4 --self-test\n"
        "  mote compile kws.tflite --name=keywords --output=firmware/generated",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
