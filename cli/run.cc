#include <iostream>
#include <memory>
#include <optional>

#include "cli/boards/on_board.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "cli/results.h"
#include "cli/saved_tensors.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

using tensor_io::InputSets;

Result<std::vector<InputSets>> find_inputs(const Args& args, const Program& program) {
  if (args.has("--input") && args.has("--random"))
    return fail(ErrorCode::kUsage, "--input and --random exclude each other");
  if (args.has("--input")) return inputs_from(args, program);
  if (args.has("--random")) {
    const auto runs = args.integer("--random", 1, 1, 100000);
    if (!runs) return tl::unexpected(runs.error());
    const auto seed = args.integer("--seed", 1, 0, INT64_MAX);
    if (!seed) return tl::unexpected(seed.error());
    return std::vector<InputSets>{
        random_inputs(program, static_cast<int>(*runs), static_cast<std::uint64_t>(*seed))};
  }
  if (program.inputs.empty()) return std::vector<InputSets>{{.name = "no input", .count = 1}};
  return fail(
      ErrorCode::kUsage,
      "`mote run` needs --input=FILE, or --random=N; `mote inspect` shows what the inputs are");
}

int runs_of(const std::vector<InputSets>& all) {
  int runs = 0;
  for (const InputSets& sets : all) runs += sets.count;
  return runs;
}

Result<void> run_here(const Args& args, std::shared_ptr<const Program> program,
                      const ResultsForm& form, const std::vector<InputSets>& all,
                      std::ostream& out) {
  const std::string folder = args.text("--save-tensors");
  if (!folder.empty() && all.size() > 1 && !program->states.empty())
    return bad_input("a model with state starts anew with each file; --save-tensors takes one");
  auto interpreter = Interpreter::create(program);
  if (!interpreter) return tl::unexpected(interpreter.error());
  const int runs = runs_of(all);
  int done = 0;
  Results results(form, *program, out, runs);
  SavedTensors saved(*program);
  std::vector<Port> outputs;
  for (int i = 0; i < interpreter->output_count(); ++i) outputs.push_back(interpreter->output(i));
  {
    Progress progress("running");
    for (const InputSets& sets : all) {
      interpreter->reset();  // what one file leaves behind is no business of the next
      for (int i = 0; i < sets.count; ++i) {
        tensor_io::feed(sets, i, *interpreter);
        folder.empty() ? interpreter->run() : saved.run(*interpreter);
        results.add(outputs, sets.name);
        progress.update(double(++done) / runs);
      }
    }
  }
  MOTE_TRY(results.finish({{"isa", interpreter->isa()}}));
  if (folder.empty()) return {};
  return saved.write(folder);
}

/// What a board needs, for people.
void print_taken(std::ostream& out, const BoardChoice& choice, const BoardRun& taken) {
  out << '\n'
      << bold(choice.board) << " (" << board_value(choice.board, "target").value_or("")
      << ", under QEMU): " << grouped(taken.instructions)
      << " instructions a run\nflash: " << bytes_text(taken.flash_bytes) << " of code and "
      << bytes_text(taken.const_bytes) << " of constants; RAM: " << bytes_text(taken.ram_bytes)
      << ", of which the arena is " << bytes_text(taken.arena_bytes) << " and the stack "
      << bytes_text(taken.stack_bytes) << '\n';
}

Json::Object taken_json(const BoardChoice& choice, const BoardRun& taken) {
  return {{"isa", choice.isa},
          {"board", choice.board},
          {"instructions", taken.instructions},
          {"flash_bytes", taken.flash_bytes},
          {"const_bytes", taken.const_bytes},
          {"ram_bytes", taken.ram_bytes},
          {"arena_bytes", taken.arena_bytes},
          {"stack_bytes", taken.stack_bytes}};
}

Result<void> run_there(const BoardChoice& choice, const Program& program, const ResultsForm& form,
                       const std::vector<InputSets>& all, std::ostream& out) {
  auto taken = run_on_board(choice, program, all);
  if (!taken) return tl::unexpected(taken.error());
  Results results(form, program, out, runs_of(all));
  std::byte* next = taken->outputs.data();
  for (const InputSets& sets : all)
    for (int i = 0; i < sets.count; ++i) {
      std::vector<Port> outputs;
      for (int id : program.outputs) {
        outputs.emplace_back(&program.tensors[static_cast<std::size_t>(id)], next);
        next += outputs.back().info().bytes;
      }
      results.add(outputs, sets.name);
    }
  MOTE_TRY(results.finish(taken_json(choice, *taken)));
  if (!form.json) print_taken(form.output == "-" ? std::cerr : out, choice, *taken);
  return {};
}

/// The board of --board, if there is one.
Result<std::optional<BoardChoice>> find_board(const Args& args) {
  if (!args.has("--board") && args.has("--shapes"))
    return fail(ErrorCode::kUsage, "--shapes is for --board alone");
  if (!args.has("--board")) return std::nullopt;
  for (const char* flag : {"--isa", "--threads", "--save-tensors"})
    if (args.has(flag)) return fail(ErrorCode::kUsage, cat("--board excludes ", flag));
  auto choice = board_from(args);
  if (!choice) return tl::unexpected(choice.error());
  return std::optional(std::move(*choice));
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto board = find_board(args);
  MOTE_TRY(board);
  const auto arena_limit = arena_limit_from(args);
  if (!arena_limit) return tl::unexpected(arena_limit.error());
  const auto threads = threads_from(args);
  if (!threads) return tl::unexpected(threads.error());
  LoadOptions options{.isa = *board ? (*board)->isa : args.text("--isa"),
                      .arena_limit = *arena_limit,
                      .threads = static_cast<int>(*threads),
                      .shrink = !args.has("--no-shrink"),
                      .onnx = Onnx(),
                      .loops = Loops(args.has("--recognise-gru"))};
  MOTE_TRY(set_stream(args, options));
  MOTE_TRY(set_bands(args, options));
  const auto program = load_program(args.positional[0], options);
  if (!program) return tl::unexpected(program.error());
  const auto form = results_form_from(args, **program);
  if (!form) return tl::unexpected(form.error());
  const auto all = find_inputs(args, **program);
  if (!all) return tl::unexpected(all.error());
  return *board ? run_there(**board, **program, *form, *all, out)
                : run_here(args, *program, *form, *all, out);
}

constexpr Flag kFlags[] = {
    kInputFlag,
    {"--random", "N", "instead: N random inputs"},
    {"--seed", "S", "which random inputs (default 1)"},
    {"--output", "FILE",
     "write all outputs: .npy, or raw for any other name; - is standard output"},
    {"--top-k", "N", "show the N largest elements of each output (default with --labels: 5)"},
    {"--labels", "FILE", "names of the classes, one a line, for the first output"},
    {"--save-tensors", "DIR", "write every tensor to DIR, for `mote diff --tensors`"},
    kFormatFlag,
    kPixelRangeFlag,
    kResizeFlag,
    kArenaFlag,
    kIsaFlag,
    kBoardFlag,
    kShapesFlag,
    kThreadsFlag,
    kStreamFlag,
    kOptimizeFlag,
    kReadRowsFlag,
    kRecogniseGruFlag,
    kNoShrinkFlag,
    kJsonFlag,
};

}  // namespace

const Command kRun = {
    .name = "run",
    .summary = "run a model on inputs from files",
    .usage =
        "mote run MODEL (--input=FILE ... | --random=N [--seed=S]) [--output=FILE] [--top-k=N]\n"
        "                 [--labels=FILE] [--save-tensors=DIR] [--arena=BYTES] [--isa=NAME] "
        "[--threads=N]\n"
        "                 [--board=NAME [--shapes=KIND]] [--stream=AXIS[,HOP]] [--optimize=ram]\n"
        "                 [--read-rows] [--no-shrink] [--recognise-gru] [--json]",
    .details =
        "MODEL is a .tflite or an .onnx.\n"
        "Without --output the outputs are printed, as real numbers and as they are stored.\n"
        "Several input files are run one after another; the state of a stateful model starts from\n"
        "zero with each file. A model with several inputs takes one file for each, in order.\n\n"
        "With --board the model is compiled for a microcontroller and run there, under QEMU: the "
        "same\n"
        "outputs, and what a run takes of the processor and its memories.\n\n"
        "With --stream a file holds a stream: each run takes its next columns, and gives what the\n"
        "model gives for the window that ends with them, exactly. Before the file, a window full\n"
        "of the input's zero point has gone by. --save-tensors shows tensors as they are then.\n\n"
        "what a file holds, by its name or --format:\n"
        "  .bin        the inputs as they lie in memory, one after another; several runs likewise\n"
        "  .npy        an array of the input's shape and type, or float32, which is quantised as "
        "the\n"
        "              model says; several runs along the first dimension\n"
        "  .bmp .png .ppm .pgm   a picture of the input's size (--resize scales any other). An "
        "8-bit\n"
        "              input whose scale spans 0..1, -1..1 or 0..255 takes pixels as they are "
        "(int8:\n"
        "              minus 128); for others --pixel-range says what pixels stand for\n"
        "  .wav        16-bit mono, for a model that takes samples: -32768..32767 stand for "
        "-1..1,\n"
        "              and are taken as they are by an int16 input without a scale\n\n"
        "examples:\n"
        "  mote run kws.tflite --input=yes.npy --labels=words.txt\n"
        "  mote run mobilenet.tflite --input=cat.png --resize --top-k=5\n"
        "  mote run kws.tflite --input=yes.npy --labels=words.txt --board=mps2-an386\n"
        "  mote run kws.tflite --input=all.bin --output=scores.npy\n"
        "  mote run wake_word.tflite --stream=1 --input=features.npy --output=scores.npy\n"
        "  some-program | mote run kws.tflite --input=- --output=- > scores.bin",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
