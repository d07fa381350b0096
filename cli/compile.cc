#include "mote/compiler/compile.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/embedded_files.h"
#include "cli/format.h"
#include "cli/load.h"
#include "mote/compiler/emit/bundle.h"
#include "mote/compiler/emit/emit.h"
#include "mote/compiler/emit/layout.h"
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

std::string layout_names() {
  std::string names;
  for (const emit::Layout& layout : emit::all_layouts())
    names += cat(names.empty() ? "" : ", ", layout.name);
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

/// What the flags say, other than which model.
struct Choices {
  const emit::Target* target = nullptr;
  const emit::Layout* layout = nullptr;
  emit::Shapes shapes = emit::Shapes::kAuto;
  bool with_headers = false;
};

/// The shapes of --shapes; where that is not given, those that --optimize is best served by.
Result<emit::Shapes> shapes_from(const Args& args, const std::string& optimize) {
  using enum emit::Shapes;
  const std::string fallback = optimize == "size"    ? "dynamic"
                               : optimize == "speed" ? "static"
                                                     : "auto";
  const std::string shapes = args.text("--shapes", fallback);
  if (shapes == "static") return kStatic;
  if (shapes == "dynamic") return kDynamic;
  if (shapes == "auto") return kAuto;
  return fail(ErrorCode::kUsage,
              cat("--shapes is '", shapes, "', expected static, dynamic or auto"));
}

Result<Choices> choices_from(const Args& args) {
  Choices choices;
  const std::string target = args.text("--target", "host");
  choices.target = emit::find_target(target);
  if (!choices.target)
    return fail(ErrorCode::kUsage,
                cat("mote has no target '", target, "'; it has ", target_names()));
  const std::string layout = args.text("--layout", "plain");
  choices.layout = emit::find_layout(layout);
  if (!choices.layout)
    return fail(ErrorCode::kUsage,
                cat("mote has no layout '", layout, "'; it has ", layout_names()));
  choices.with_headers = args.has("--headers") || layout != "plain";
  const std::string optimize = args.text("--optimize", "balance");
  constexpr std::string_view kAims[] = {"balance", "speed", "size", "ram"};
  if (std::find(std::begin(kAims), std::end(kAims), optimize) == std::end(kAims))
    return fail(ErrorCode::kUsage,
                cat("--optimize is '", optimize, "', expected balance, speed, size or ram"));
  const auto shapes = shapes_from(args, optimize);
  MOTE_TRY(shapes);
  choices.shapes = *shapes;
  return choices;
}

/// Writes the files into a folder, which is made where there is none. Says of each of the network's
/// own how large it is, of mote's headers how large they are together.
Result<void> write(const std::vector<emit::File>& files, const std::string& folder,
                   std::ostream& out) {
  std::int64_t headers = 0, header_bytes = 0;
  for (const emit::File& file : files) {
    const std::filesystem::path path = std::filesystem::path(folder) / file.name;
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    MOTE_TRY(write_file(path.string(), std::as_bytes(std::span(file.text))));
    const auto bytes = static_cast<std::int64_t>(file.text.size());
    if (file.name.find("mote/") != std::string::npos)
      ++headers, header_bytes += bytes;
    else
      out << path.string() << ": " << grouped(bytes) << " B\n";
  }
  if (headers > 0)
    out << headers << " files of mote that they include: " << grouped(header_bytes) << " B\n";
  return {};
}

void print_need(std::ostream& out, const Program& program, const Choices& choices,
                const std::string& include) {
  out << "flash: " << grouped(static_cast<std::int64_t>(program.constants.size()))
      << " B of constants, and code; RAM: an arena of " << grouped(program.arena_bytes)
      << " B, and stack; " << grouped(program::macs(program)) << " MACs a run\n"
      << "compile with: " << emit::kFlags << " -I" << include << ' ' << choices.target->flags
      << '\n';
}

/// The files with the headers of mote that they include, and the licence of those.
Result<std::vector<emit::File>> with_headers(std::vector<emit::File> files) {
  auto headers = emit::included_by(files, embedded_files());
  MOTE_TRY(headers);
  for (const emit::SourceFile& file : embedded_files())
    if (file.path == "LICENSE") files.push_back({"mote/LICENSE", std::string(file.text)});
  files.insert(files.end(), headers->begin(), headers->end());
  return files;
}

/// Says, where --arena is too small, what else may be done.
Error with_way_out(Error error) {
  if (error.code == ErrorCode::kOutOfMemory)
    error.message +=
        "\n  --arena with what it needs, --optimize=ram, --read-rows for images, or --stream for a "
        "network on a sliding window; `mote fit` shows the parts that have so much";
  return error;
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto choices = choices_from(args);
  MOTE_TRY(choices);
  const auto arena_limit = arena_limit_from(args);
  if (!arena_limit) return tl::unexpected(arena_limit.error());
  LoadOptions load_options{.isa = choices->target->isa,
                           .arena_limit = *arena_limit,
                           .shrink = !args.has("--no-shrink"),
                           .onnx = Onnx(),
                           .loops = Loops(args.has("--recognise-gru"))};
  MOTE_TRY(set_stream(args, load_options));
  load_options.bands = bands_from(args);
  if (load_options.bands)
    load_options.bands->tell = [&](const std::string& line) { out << line << '\n'; };
  const auto program = load_program(args.positional[0], load_options);
  if (!program) return tl::unexpected(with_way_out(program.error()));
  emit::Options options{.name = args.text("--name", name_of_model(args.positional[0])),
                        .name_space = args.text("--namespace"),
                        .shapes = choices->shapes,
                        .target = choices->target->name,
                        .version = MOTE_VERSION};
  options.watch = args.has("--watch");
  if (args.has("--self-test")) {
    auto vectors = vectors_of(*program);
    if (!vectors) return tl::unexpected(vectors.error());
    options.test = std::move(*vectors);
  }
  auto files = emit::emit(**program, options);
  if (!files) return tl::unexpected(files.error());
  if (choices->with_headers) {
    files = with_headers(std::move(*files));
    MOTE_TRY(files);
  }
  const std::string_view flags = choices->target->flags;
  const std::string optimize(flags.substr(flags.rfind("-O")));
  const std::string folder = args.text("--output", ".");
  MOTE_TRY(write(
      emit::laid_out(*choices->layout, std::move(*files), {options.name, MOTE_VERSION, optimize}),
      folder, out));
  print_need(out, **program, *choices, choices->with_headers ? folder : "<mote's source>");
  return {};
}

constexpr Flag kFlags[] = {
    {"--target", "NAME", "the machine: host, cortex-m4, rv32imac, ... (default: host)"},
    {"--output", "DIR", "where to write the files (default: here)"},
    {"--name", "NAME", "of the files (default: the model file's)"},
    {"--namespace", "A::B", "of the code (default: the name)"},
    {"--headers", "", "also write mote's headers that the code includes: it needs no others"},
    {"--layout", "NAME",
     "as zephyr, platformio, arduino or esp-idf takes it, with headers (default: plain)"},
    {"--optimize", "AIM",
     "balance (default), speed, size; ram: layers in bands of rows where that takes less"},
    {"--shapes", "KIND",
     "static, dynamic or auto: do calls share a kernel's code (default: by --optimize)"},
    {"--self-test", "", "also write self_test(), which checks every layer on a known input"},
    {"--watch", "", "also write run_watched(), which shows every layer's results as they are made"},
    kArenaFlag,
    kStreamFlag,
    kReadRowsFlag,
    kRecogniseGruFlag,
    kNoShrinkFlag,
};

}  // namespace

const Command kCompile = {
    .name = "compile",
    .summary = "write a model as C++ for a microcontroller",
    .usage =
        "mote compile MODEL [--target=NAME] [--output=DIR] [--name=NAME] [--namespace=A::B]\n"
        "                     [--headers] [--layout=NAME] [--optimize=AIM] [--shapes=KIND]\n"
        "                     [--self-test] [--watch] [--arena=BYTES] [--stream=AXIS[,HOP]]\n"
        "                     [--read-rows] [--no-shrink] [--recognise-gru]",
    .details =
        "MODEL is a .tflite or an .onnx.\n"
        "Writes NAME.h, which says how to call the network, and NAME.cc: C++20 without heap,\n"
        "exceptions or static constructors, calls and constants only. It needs mote's headers\n"
        "(-I, or --headers), and no library; the flags for GCC are printed. Weights are\n"
        "constexpr, so that they stay in flash; the memory to work in is the caller's. The same\n"
        "model and flags give the same files.\n\n"
        "With --shapes=static each call of a kernel gets code of its own, made for its shapes;\n"
        "with dynamic, calls of a kernel share code, which takes less flash where layers are\n"
        "many and differ, and more time; with auto those share that lose next to nothing.\n"
        "--optimize=balance means auto, speed static, and size dynamic. ram lets layers run in\n"
        "bands of rows where the arena becomes smaller for it, and says what that costs. With\n"
        "--read-rows, run() also takes a function that brings rows of the input, an image, as\n"
        "bands need them: from a camera, or from where else they are.\n\n"
        "examples:\n"
        "  mote compile kws.tflite --target=cortex-m4 --self-test\n"
        "  mote compile kws.tflite --name=keywords --output=firmware/generated --headers\n"
        "  mote compile kws.tflite --target=cortex-m4 --layout=zephyr --output=modules/kws",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
