#include <optional>

#include "cli/boards/on_board.h"
#include "cli/commands.h"
#include "cli/comparison.h"
#include "cli/format.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "cli/saved_tensors.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

using tensor_io::InputSets;

SavedTensors record(Interpreter& interpreter, const std::vector<InputSets>& all) {
  SavedTensors saved(interpreter.program());
  int runs = 0;
  for (const InputSets& sets : all) runs += sets.count;
  Progress progress(cat("running on ", interpreter.isa()));
  for (const InputSets& sets : all) {
    interpreter.reset();
    for (int i = 0; i < sets.count; ++i) {
      tensor_io::feed(sets, i, interpreter);
      saved.run(interpreter);
      progress.update(double(saved.runs()) / runs);
    }
  }
  return saved;
}

Result<SavedTensors> run_all(const std::shared_ptr<const Program>& program,
                             const std::vector<InputSets>& inputs) {
  auto interpreter = Interpreter::create(program);
  if (!interpreter) return tl::unexpected(interpreter.error());
  return record(*interpreter, inputs);
}

/// The inputs that a folder of saved tensors holds, if it holds all of them.
std::optional<InputSets> inputs_of(const SavedTensors& saved, const Program& program) {
  InputSets sets{.name = "the saved inputs", .count = saved.runs(), .bytes = {}};
  for (int run = 0; run < saved.runs(); ++run)
    for (int id : program.inputs) {
      const auto bytes = saved.bytes(id, run);
      if (bytes.empty()) return std::nullopt;
      sets.bytes.insert(sets.bytes.end(), bytes.begin(), bytes.end());
    }
  return sets;
}

/// --input, or --random, or what was saved, or (`fallback` > 0) so many random runs.
Result<std::vector<InputSets>> find_inputs(const Args& args, const Program& program,
                                           const SavedTensors* saved) {
  const auto runs = args.integer("--random", 10, 1, 100000);
  if (!runs) return tl::unexpected(runs.error());
  const auto seed = args.integer("--seed", 1, 0, INT64_MAX);
  if (!seed) return tl::unexpected(seed.error());
  if (args.has("--input") && args.has("--random"))
    return fail(ErrorCode::kUsage, "--input and --random exclude each other");
  if (args.has("--input")) return inputs_from(args, program);
  if (saved && !args.has("--random")) {
    auto sets = inputs_of(*saved, program);
    if (sets) return std::vector<InputSets>{std::move(*sets)};
    return fail(ErrorCode::kUsage,
                "the folder holds no inputs; name what was run with --input or --random");
  }
  std::vector<InputSets> all;
  if (args.has("--extremes") || args.has("--against")) all.push_back(extreme_inputs(program));
  all.push_back(random_inputs(program, static_cast<int>(*runs), static_cast<std::uint64_t>(*seed)));
  return all;
}

Result<Comparison> compare_with_folder(const Args& args,
                                       const std::shared_ptr<const Program>& program,
                                       double tolerance) {
  const std::string folder = args.text("--tensors");
  const auto saved = SavedTensors::read(folder, *program);
  if (!saved) return tl::unexpected(saved.error());
  const auto inputs = find_inputs(args, *program, &*saved);
  if (!inputs) return tl::unexpected(inputs.error());
  const auto here = run_all(program, *inputs);
  if (!here) return tl::unexpected(here.error());
  if (here->runs() != saved->runs())
    return bad_input(cat("'", folder, "' holds ", plural(saved->runs(), "run"),
                         ", the inputs are of ", plural(here->runs(), "run")));
  Comparison result = compare(*program, *saved, *here, counterparts(*program, *program), tolerance);
  result.left = cat("'", folder, "'");
  result.right = program->isa;
  return result;
}

Result<Comparison> compare_programs(const Args& args,
                                    const std::vector<std::shared_ptr<const Program>>& programs,
                                    double tolerance) {
  const Program &one = *programs[0], &other = *programs[1];
  const auto inputs = find_inputs(args, one, nullptr);
  if (!inputs) return tl::unexpected(inputs.error());
  const auto left = run_all(programs[0], *inputs);
  if (!left) return tl::unexpected(left.error());
  const auto right = run_all(programs[1], *inputs);
  if (!right) return tl::unexpected(right.error());
  Comparison result = compare(one, *left, *right, counterparts(one, other), tolerance);
  result.left = one.isa, result.right = other.isa;
  if (args.text("--against") == "no-shrink") result.left = "shrunk", result.right = "not shrunk";
  if (args.text("--against") == "rows") result.left = "read in rows", result.right = "read whole";
  if (args.text("--against") == "bands") result.left = "in bands", result.right = "not in bands";
  return result;
}

Result<Comparison> compare_with_board(const Args& args,
                                      const std::vector<std::shared_ptr<const Program>>& programs,
                                      double tolerance) {
  const Program &here = *programs[0], &there = *programs[1];
  const auto choice = board_from(args);
  MOTE_TRY(choice);
  const auto inputs = find_inputs(args, here, nullptr);
  if (!inputs) return tl::unexpected(inputs.error());
  const auto left = run_all(programs[0], *inputs);
  if (!left) return tl::unexpected(left.error());
  const auto right = tensors_on_board(*choice, there, *inputs);
  if (!right) return tl::unexpected(right.error());
  Comparison result = compare(here, *left, *right, counterparts(here, there), tolerance);
  result.left = here.isa, result.right = cat(choice->board, " (", there.isa, ")");
  return result;
}

/// How the sides are compiled: one for --tensors, else two.
Result<std::vector<LoadOptions>> sides_from(const Args& args) {
  const auto isas = args.texts("--isa");
  const bool shrink = !args.has("--no-shrink");
  const std::string isa = isas.empty() ? std::string() : isas[0];
  if (args.has("--against")) {
    const std::string way = args.text("--against");
    if (way != "no-shrink" && way != "bands" && way != "rows")
      return fail(ErrorCode::kUsage,
                  cat("--against is '", way, "', expected no-shrink, bands or rows"));
    if (isas.size() > 1 || args.has("--tensors") || args.has("--board") ||
        (way == "no-shrink" ? !shrink : args.has("--optimize") || args.has("--read-rows")))
      return fail(ErrorCode::kUsage,
                  cat("--against=", way, " excludes a second --isa, --board and --tensors",
                      way == "no-shrink" ? ", and --no-shrink" : ", --optimize and --read-rows"));
    if (way != "no-shrink")
      return std::vector<LoadOptions>{
          {.isa = isa, .shrink = shrink, .bands = Bands{.reads_rows = way == "rows"}},
          {.isa = isa, .shrink = shrink}};
    return std::vector<LoadOptions>{{.isa = isa}, {.isa = isa, .shrink = false}};
  }
  if (args.has("--tensors")) {
    if (args.has("--board"))
      return fail(ErrorCode::kUsage, "--tensors and --board exclude each other");
    if (isas.size() > 1)
      return fail(ErrorCode::kUsage, "--tensors compares with one --isa, not with two");
    return std::vector<LoadOptions>{{.isa = isa, .shrink = shrink}};
  }
  if (args.has("--board")) {
    if (isas.size() > 1)
      return fail(ErrorCode::kUsage, "--board compares with one --isa, not with two");
    const auto choice = board_from(args);
    MOTE_TRY(choice);
    return std::vector<LoadOptions>{{.isa = isas.empty() ? "scalar" : isa, .shrink = shrink},
                                    {.isa = choice->isa, .shrink = shrink}};
  }
  if (isas.size() != 2)
    return fail(ErrorCode::kUsage,
                cat("name what to compare: --isa=A --isa=B (this machine has: ", isa_names(),
                    "), --board=NAME, --against=no-shrink, bands or rows, or --tensors=DIR"));
  return std::vector<LoadOptions>{{.isa = isas[0], .shrink = shrink},
                                  {.isa = isas[1], .shrink = shrink}};
}

Result<std::vector<std::shared_ptr<const Program>>> programs_from(const Args& args) {
  auto sides = sides_from(args);
  if (!sides) return tl::unexpected(sides.error());
  for (LoadOptions& side : *sides) {
    side.onnx = Onnx();
    side.loops = Loops();
    MOTE_TRY(set_stream(args, side));
    MOTE_TRY(set_bands(args, side));
  }
  const std::string& path = args.positional[0];
  const auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  std::vector<std::shared_ptr<const Program>> programs;
  for (const LoadOptions& side : *sides) {
    auto program = load_program(*file, path == "-" ? "standard input" : path, side);
    if (!program) return tl::unexpected(program.error());
    programs.push_back(std::move(*program));
  }
  return programs;
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto tolerance = args.number("--tolerance", 0, 0, 1);
  if (!tolerance) return tl::unexpected(tolerance.error());
  const auto programs = programs_from(args);
  if (!programs) return tl::unexpected(programs.error());
  const auto& program = programs->front();
  const auto result = args.has("--tensors") ? compare_with_folder(args, program, *tolerance)
                      : args.has("--board") ? compare_with_board(args, *programs, *tolerance)
                                            : compare_programs(args, *programs, *tolerance);
  if (!result) return tl::unexpected(result.error());
  args.has("--json") ? print_json(out, *program, *result) : print_text(out, *program, *result);
  if (result->divergences.empty()) return {};
  const auto count = static_cast<std::int64_t>(result->divergences.size());
  return fail(ErrorCode::kCheckFailed,
              cat(plural(count, "tensor"), count == 1 ? " differs" : " differ", ", from ",
                  result->divergences.front().node, " on"));
}

constexpr Flag kFlags[] = {
    {"--isa", "NAME", "an instruction set; two of them, or one to compare with --tensors", true},
    kBoardFlag,
    {"--against", "WAY",
     "no-shrink: compare with every channel of the file; bands, rows: layers in bands of rows, the "
     "input read in rows, with whole ones"},
    {"--tensors", "DIR", "what the tensors should hold: <index>.npy or <index>.bin"},
    kInputFlag,
    {"--random", "N", "run N random inputs (default 10, where nothing else is named)"},
    {"--seed", "S", "which random inputs (default 1)"},
    {"--extremes", "", "before random inputs also run lowest, highest and alternating ones"},
    {"--tolerance", "X",
     "for floats: X times the tensor's largest magnitude (default 0: every bit)"},
    kFormatFlag,
    kPixelRangeFlag,
    kResizeFlag,
    kShapesFlag,
    kStreamFlag,
    kOptimizeFlag,
    kReadRowsFlag,
    kNoShrinkFlag,
    kJsonFlag,
};

}  // namespace

const Command kDiff = {
    .name = "diff",
    .summary = "find the first layer where two ways to run a model differ",
    .usage =
        "mote diff MODEL (--isa=A --isa=B | --board=NAME [--isa=A] [--shapes=KIND] |\n"
        "                  --tensors=DIR [--isa=A] | --against=WAY)\n"
        "                  [--input=FILE ... | --random=N [--seed=S] [--extremes]]\n"
        "                  [--tolerance=X] [--stream=AXIS[,HOP]] [--optimize=ram] [--read-rows]\n"
        "                  [--no-shrink] [--json]",
    .details =
        "Runs the model, compares every tensor with the other side's, and names the first that is\n"
        "not the same, by how much, and all that follow from it. Exit code 3 when any differs.\n"
        "--board compiles the model for a board, runs it there under QEMU, and compares with the\n"
        "interpreter (--isa; default scalar: the plain kernels). Each result is looked at when "
        "its\n"
        "layer has run: later ones may lie over it.\n"
        "--tensors takes a folder that `mote run --save-tensors` wrote, here or elsewhere, or "
        "files\n"
        "named by the tensor's index from any other tool: 17.npy, or 17.bin with the bytes alone.\n"
        "Where the folder has the inputs too, they are run; else name them.\n"
        "Tensors that channels were taken out of are not compared, unless with --no-shrink.\n"
        "--against=no-shrink holds the shrunk model against the whole one: the outputs, and every\n"
        "tensor that both have, on extreme inputs and on random ones. --against=bands\n"
        "does so for layers that run in bands of rows (--optimize=ram) and whole ones,\n"
        "--against=rows where the input's rows are asked for, too (--read-rows).\n\n"
        "examples:\n"
        "  mote diff kws.tflite --isa=scalar --isa=scalar --random=100\n"
        "  mote diff kws.tflite --board=mps2-an386\n"
        "  mote run kws.tflite --input=yes.bin --save-tensors=good\n"
        "  mote diff kws.tflite --tensors=good\n"
        "  mote diff kws.tflite --against=no-shrink --random=1000",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
