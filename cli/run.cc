#include <algorithm>
#include <cstring>
#include <iostream>
#include <numeric>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "cli/saved_tensors.h"
#include "mote/host/tensor_io/npy.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

using program::TensorInfo;
using tensor_io::InputSets;

constexpr std::int64_t kShownWhole = 64;  ///< outputs of up to so many elements are printed whole

/// What the flags ask for, checked.
struct Job {
  std::int64_t top = 0;  ///< 0: all elements
  std::vector<std::string> labels;
  std::string output, save_tensors;
  bool json = false;
};

Result<std::vector<std::string>> read_labels(const std::string& path) {
  const auto file = read_file(path, 1 << 24);
  if (!file) return tl::unexpected(file.error());
  std::vector<std::string> labels(1);
  for (std::byte byte : *file) {
    const char c = std::to_integer<char>(byte);
    if (c == '\n')
      labels.emplace_back();
    else if (c != '\r')
      labels.back() += c;
  }
  if (labels.back().empty()) labels.pop_back();
  return labels;
}

/// Labels must be as many as the scores that they name, or they would name the wrong ones.
Result<void> check_labels(const Job& job, const Program& program, const std::string& path) {
  if (program.outputs.empty()) return {};
  const TensorInfo& output = program.tensors[static_cast<std::size_t>(program.outputs[0])];
  const std::int64_t classes = output.bytes / size_of(output.type);
  if (classes == static_cast<std::int64_t>(job.labels.size())) return {};
  return bad_input(cat("'", path, "' names ", job.labels.size(), " classes, the output '",
                       output.name, "' has ", classes, "; expected a line for each"));
}

Result<Job> job_from(const Args& args, const Program& program) {
  Job job{.output = args.text("--output"),
          .save_tensors = args.text("--save-tensors"),
          .json = args.has("--json")};
  const auto top = args.integer("--top-k", args.has("--labels") ? 5 : 0, 1, 1 << 20);
  if (!top) return tl::unexpected(top.error());
  job.top = *top;
  if (args.has("--labels")) {
    const std::string path = args.text("--labels");
    auto labels = read_labels(path);
    if (!labels) return tl::unexpected(labels.error());
    job.labels = std::move(*labels);
    MOTE_TRY(check_labels(job, program, path));
  }
  if (job.output == "-" && job.json)
    return fail(ErrorCode::kUsage, "--output=- and --json would both go to standard output");
  return job;
}

/// Indices of elements, best score first; equal scores in their order.
std::vector<std::size_t> ranking(const std::vector<float>& scores, std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                    });
  order.resize(count);
  return order;
}

/// Element i of an integer tensor, as it is stored.
std::string stored(const Port& port, std::size_t i) {
  const auto size = static_cast<std::size_t>(size_of(port.info().type));
  const std::byte* data = port.bytes().data() + i * size;
  const bool negative =
      is_signed(port.info().type) && (data[size - 1] & std::byte{0x80}) != std::byte{0};
  std::int64_t value = negative ? -1 : 0;  // little-endian: the low bytes are overwritten
  std::memcpy(&value, data, size);
  return port.info().type == DType::kUint64 ? std::to_string(static_cast<std::uint64_t>(value))
                                            : std::to_string(value);
}

void print_output(std::ostream& out, const Port& port, const Job& job, bool first) {
  using enum Table::Align;
  const TensorInfo& info = port.info();
  const std::vector<float> real = port.read_real();
  const bool quantised = info.scale != 0 && info.type != DType::kFloat32;
  const bool labelled = first && !job.labels.empty();
  std::size_t shown = job.top > 0 ? static_cast<std::size_t>(job.top) : real.size();
  if (job.top == 0 && real.size() > kShownWhole) shown = 8;
  std::vector<std::size_t> order(std::min(shown, real.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (job.top > 0) order = ranking(real, shown);
  out << '\'' << shortened(info.name) << "' " << name_of(info.type) << ' ' << shape_text(info.shape)
      << '\n';
  std::vector<Table::Column> columns{{job.top > 0 ? "class" : "element", kRight},
                                     {job.top > 0 ? "score" : "value", kRight}};
  if (quantised) columns.push_back({"stored", kRight});
  if (labelled) columns.push_back({"label"});
  Table table(columns);
  for (std::size_t i : order) {
    std::vector<std::string> cells{std::to_string(i), number_text(double{real[i]}, 6)};
    if (quantised) cells.push_back(stored(port, i));
    if (labelled) cells.push_back(job.labels[i]);
    table.row(std::move(cells));
  }
  table.print(out);
  if (job.top == 0 && order.size() < real.size())
    out << "... " << grouped(static_cast<std::int64_t>(real.size() - order.size()))
        << " more; --top-k=N shows the largest, --output=FILE writes all\n";
}

Json output_json(const Port& port, const Job& job, bool first) {
  const TensorInfo& info = port.info();
  const std::vector<float> real = port.read_real();
  Json::Object object{{"name", info.name}, {"type", name_of(info.type)}, {"shape", info.shape}};
  if (job.top == 0) {
    object.emplace_back("values", Json::Array(real.begin(), real.end()));
    return object;
  }
  Json::Array best;
  for (std::size_t i : ranking(real, static_cast<std::size_t>(job.top))) {
    Json::Object entry{{"class", i}, {"score", double{real[i]}}};
    if (first && !job.labels.empty()) entry.emplace_back("label", job.labels[i]);
    best.push_back(std::move(entry));
  }
  object.emplace_back("best", std::move(best));
  return object;
}

/// Collects what the runs give, in the form that was asked for.
class Results {
 public:
  Results(const Job& job, std::ostream& out, int runs) : job_(job), out_(out), runs_(runs) {}

  void add(const Interpreter& interpreter, const std::string& input) {
    Json::Array outputs;
    const bool text = !job_.json && (job_.output.empty() || (job_.top > 0 && job_.output != "-"));
    if (text && runs_ > 1)
      out_ << (run_ > 0 ? "\n" : "") << bold(cat("run ", run_ + 1, " of ", runs_)) << " (" << input
           << ")\n";
    for (int i = 0; i < interpreter.output_count(); ++i) {
      const Port port = interpreter.output(i);
      if (!job_.output.empty())
        bytes_.insert(bytes_.end(), port.bytes().begin(), port.bytes().end());
      if (text) print_output(out_, port, job_, i == 0);
      if (job_.json) outputs.push_back(output_json(port, job_, i == 0));
    }
    if (job_.json)
      runs_json_.push_back(Json::Object{{"input", input}, {"outputs", std::move(outputs)}});
    ++run_;
  }

  Result<void> finish(const Interpreter& interpreter) {
    if (job_.json)
      out_ << dump(Json::Object{{"model", interpreter.program().source},
                                {"isa", interpreter.isa()},
                                {"runs", std::move(runs_json_)}});
    if (job_.output.empty()) return {};
    const bool npy = job_.output.ends_with(".npy");
    if (npy && interpreter.output_count() != 1)
      return bad_input(cat("a .npy file holds one output, the network has ",
                           interpreter.output_count(), "; name a .bin file with --output"));
    MOTE_TRY(write_file(job_.output, npy ? as_npy(interpreter.output(0).info(), runs_, bytes_)
                                         : std::move(bytes_)));
    std::cerr << "mote: " << plural(runs_, "run") << ", outputs written to "
              << (job_.output == "-" ? "standard output" : cat("'", job_.output, "'")) << '\n';
    return {};
  }

 private:
  const Job& job_;
  std::ostream& out_;
  int runs_, run_ = 0;
  std::vector<std::byte> bytes_;
  Json::Array runs_json_;
};

Result<std::vector<InputSets>> find_inputs(const Args& args, const Program& program) {
  if (args.has("--input")) return inputs_from(args, program);
  if (program.inputs.empty()) return std::vector<InputSets>{{.name = "no input", .count = 1}};
  return fail(ErrorCode::kUsage,
              "`mote run` needs --input=FILE; `mote inspect` shows what the inputs are");
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto arena_limit = arena_limit_from(args);
  if (!arena_limit) return tl::unexpected(arena_limit.error());
  const auto threads = threads_from(args);
  if (!threads) return tl::unexpected(threads.error());
  LoadOptions options{.isa = args.text("--isa"),
                      .arena_limit = *arena_limit,
                      .threads = static_cast<int>(*threads),
                      .shrink = !args.has("--no-shrink")};
  MOTE_TRY(set_stream(args, options));
  MOTE_TRY(set_bands(args, options));
  const auto program = load_program(args.positional[0], options);
  if (!program) return tl::unexpected(program.error());
  const auto job = job_from(args, **program);
  if (!job) return tl::unexpected(job.error());
  const auto all = find_inputs(args, **program);
  if (!all) return tl::unexpected(all.error());
  if (!job->save_tensors.empty() && all->size() > 1 && !(*program)->states.empty())
    return bad_input("a model with state starts anew with each file; --save-tensors takes one");
  auto interpreter = Interpreter::create(*program);
  if (!interpreter) return tl::unexpected(interpreter.error());
  int runs = 0, done = 0;
  for (const InputSets& sets : *all) runs += sets.count;
  Results results(*job, out, runs);
  SavedTensors saved(**program);
  {
    Progress progress("running");
    for (const InputSets& sets : *all) {
      interpreter->reset();  // what one file leaves behind is no business of the next
      for (int i = 0; i < sets.count; ++i) {
        tensor_io::feed(sets, i, *interpreter);
        job->save_tensors.empty() ? interpreter->run() : saved.run(*interpreter);
        results.add(*interpreter, sets.name);
        progress.update(double(++done) / runs);
      }
    }
  }
  MOTE_TRY(results.finish(*interpreter));
  if (job->save_tensors.empty()) return {};
  return saved.write(job->save_tensors);
}

constexpr Flag kFlags[] = {
    kInputFlag,
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
    kThreadsFlag,
    kStreamFlag,
    kOptimizeFlag,
    kNoShrinkFlag,
    kJsonFlag,
};

}  // namespace

const Command kRun = {
    .name = "run",
    .summary = "run a model on inputs from files",
    .usage =
        "mote run MODEL --input=FILE ... [--output=FILE] [--top-k=N] [--labels=FILE]\n"
        "                 [--save-tensors=DIR] [--arena=BYTES] [--isa=NAME] [--threads=N]\n"
        "                 [--stream=AXIS[,HOP]] [--optimize=ram] [--no-shrink] [--json]",
    .details =
        "Without --output the outputs are printed, as real numbers and as they are stored.\n"
        "Several input files are run one after another; the state of a stateful model starts from\n"
        "zero with each file. A model with several inputs takes one file for each, in order.\n\n"
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
        "  mote run kws.tflite --input=all.bin --output=scores.npy\n"
        "  mote run wake_word.tflite --stream=1 --input=features.npy --output=scores.npy\n"
        "  some-program | mote run kws.tflite --input=- --output=- > scores.bin",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
