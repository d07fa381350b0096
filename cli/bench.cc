#include <algorithm>
#include <chrono>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The value below which the share `p` of the numbers lies. `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double p) {
  return sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1) + 0.5)];
}

struct Measurement {
  std::vector<double> runs;   ///< seconds, ascending
  std::vector<double> calls;  ///< seconds of each call of the program, medians
};

/// Runs until the budget is spent, at least kFewest times; a tenth of the budget warms up first.
class Bench {
 public:
  Bench(Interpreter& interpreter, double budget) : interpreter_(interpreter), budget_(budget) {
    inputs_ = random_inputs(interpreter.program(), 1, /*seed=*/1);
  }

  Measurement measure() {
    Progress progress(cat("timing ", interpreter_.program().source));
    repeat(0.1 * budget_, 1, [&] { run(); });
    Measurement result;
    const Clock::time_point start = Clock::now();
    repeat(0.7 * budget_, kFewest, [&] {
      result.runs.push_back(run());
      progress.update(seconds_since(start) / budget_);
    });
    std::sort(result.runs.begin(), result.runs.end());
    result.calls = profile();
    return result;
  }

 private:
  static constexpr int kFewest = 5;
  static constexpr std::size_t kMost = 1000000;  // durations that are kept

  template <class Action>
  static void repeat(double seconds, int at_least, Action action) {
    const Clock::time_point start = Clock::now();
    std::size_t count = 0;
    for (int i = 0; i < at_least || (seconds_since(start) < seconds && count < kMost); ++i, ++count)
      action();
  }

  /// One run's time; inputs are written anew, as a run may overwrite them.
  double run() {
    tensor_io::feed(inputs_, 0, interpreter_);
    const Clock::time_point start = Clock::now();
    interpreter_.run();
    return seconds_since(start);
  }

  std::vector<double> profile() {
    std::vector<std::vector<double>> times(interpreter_.program().calls.size());
    repeat(0.2 * budget_, kFewest, [&] {
      tensor_io::feed(inputs_, 0, interpreter_);
      Clock::time_point before = Clock::now();
      interpreter_.run([&](int call) {
        times[static_cast<std::size_t>(call)].push_back(seconds_since(before));
        before = Clock::now();
      });
    });
    std::vector<double> medians;
    for (auto& list : times) {
      std::sort(list.begin(), list.end());
      medians.push_back(quantile(list, 0.5));
    }
    return medians;
  }

  Interpreter& interpreter_;
  double budget_;
  tensor_io::InputSets inputs_;
};

/// Shape of what the call writes: its last operand that is not read only.
std::string output_of(const Program& program, const program::KernelCall& call) {
  if (call.writes.empty()) return "";
  return shape_text(program.tensors[static_cast<std::size_t>(call.writes[0])].shape);
}

void print_profile(std::ostream& out, const Program& program, const Measurement& measured) {
  using enum Table::Align;
  double sum = 0;
  for (double seconds : measured.calls) sum += seconds;
  Table table({{"call", kRight},
               {"operator"},
               {"us", kRight},
               {"share", kRight},
               {"MACs", kRight},
               {"MAC/ns", kRight},
               {"output"},
               {"kernel"}});
  for (std::size_t i = 0; i < measured.calls.size(); ++i) {
    const program::KernelCall& call = program.calls[i];
    const double seconds = measured.calls[i];
    char share[16], time[32];
    std::snprintf(share, sizeof share, "%.1f %%", sum > 0 ? 100 * seconds / sum : 0.0);
    std::snprintf(time, sizeof time, "%.2f", seconds * 1e6);
    table.row({std::to_string(i), call.op, time, share, call.macs == 0 ? "" : count_text(call.macs),
               call.macs == 0 || seconds <= 0
                   ? ""
                   : number_text(static_cast<double>(call.macs) / (seconds * 1e9), 3),
               output_of(program, call), call.kernel});
  }
  table.print(out);
}

/// "one thread", "2 threads", or why there is one only.
std::string threads_text(const Interpreter& interpreter) {
  if (interpreter.threads() > 1) return cat(interpreter.threads(), " threads");
  return interpreter.program().threads > 1 ? "one thread: no layer is worth splitting"
                                           : "one thread";
}

void print_text(std::ostream& out, const Interpreter& interpreter, const Measurement& measured) {
  const Program& program = interpreter.program();
  const std::vector<double>& runs = measured.runs;
  const double median = quantile(runs, 0.5);
  const std::int64_t macs = program::macs(program);
  out << bold(program.source) << " on " << interpreter.isa() << ": median "
      << bold(duration_text(median)) << ", min " << duration_text(runs.front()) << ", p10-p90 "
      << duration_text(quantile(runs, 0.1)) << " - " << duration_text(quantile(runs, 0.9)) << " ("
      << plural(static_cast<std::int64_t>(runs.size()), "run") << ", " << threads_text(interpreter)
      << ")\n"
      << count_text(macs) << " MACs, " << number_text(static_cast<double>(macs) / (median * 1e9), 3)
      << " MAC/ns, arena " << bytes_text(program.arena_bytes) << "\n\n";
  print_profile(out, program, measured);
}

Json to_json(const Interpreter& interpreter, const Measurement& measured) {
  const Program& program = interpreter.program();
  const std::vector<double>& runs = measured.runs;
  Json::Array calls;
  for (std::size_t i = 0; i < measured.calls.size(); ++i)
    calls.push_back(Json::Object{{"index", i},
                                 {"operator", program.calls[i].op},
                                 {"node", program.calls[i].node},
                                 {"kernel", program.calls[i].kernel},
                                 {"macs", program.calls[i].macs},
                                 {"median_us", measured.calls[i] * 1e6}});
  return Json::Object{{"model", program.source},
                      {"isa", interpreter.isa()},
                      {"threads", interpreter.threads()},
                      {"median_us", quantile(runs, 0.5) * 1e6},
                      {"min_us", runs.front() * 1e6},
                      {"p10_us", quantile(runs, 0.1) * 1e6},
                      {"p90_us", quantile(runs, 0.9) * 1e6},
                      {"runs", runs.size()},
                      {"macs", program::macs(program)},
                      {"arena_bytes", program.arena_bytes},
                      {"calls", std::move(calls)}};
}

Result<void> run(const Args& args, std::ostream& out) {
  const std::string isa = args.text("--isa");
  const auto threads = threads_from(args);
  if (!threads) return tl::unexpected(threads.error());
  const auto budget = args.number("--seconds", 1, 0.01, 3600);
  if (!budget) return tl::unexpected(budget.error());
  const auto arena_limit = arena_limit_from(args);
  if (!arena_limit) return tl::unexpected(arena_limit.error());
  LoadOptions options{.isa = isa,
                      .arena_limit = *arena_limit,
                      .threads = static_cast<int>(*threads),
                      .shrink = !args.has("--no-shrink"),
                      .onnx = Onnx(),
                      .loops = Loops(args.has("--recognise-gru"))};
  MOTE_TRY(set_bands(args, options));
  Json::Array all;
  for (std::size_t i = 0; i < args.positional.size(); ++i) {
    auto interpreter = load(args.positional[i], options);
    if (!interpreter) return tl::unexpected(interpreter.error());
    const Measurement measured = Bench(*interpreter, *budget).measure();
    if (args.has("--json")) {
      all.push_back(to_json(*interpreter, measured));
      continue;
    }
    out << (i > 0 ? "\n" : "");
    print_text(out, *interpreter, measured);
    out.flush();
  }
  if (args.has("--json")) out << dump(all.size() == 1 ? all[0] : Json(all));
  return {};
}

constexpr Flag kFlags[] = {
    {"--seconds", "S", "how long to measure each model (default 1)"},
    kArenaFlag,
    kIsaFlag,
    kThreadsFlag,
    kOptimizeFlag,
    kRecogniseGruFlag,
    kNoShrinkFlag,
    kJsonFlag,
};

}  // namespace

const Command kBench = {
    .name = "bench",
    .summary = "measure how fast models run here, operator by operator",
    .usage =
        "mote bench MODEL ... [--seconds=S] [--arena=BYTES] [--isa=NAME] [--threads=N]\n"
        "                      [--optimize=ram] [--no-shrink] [--recognise-gru] [--json]",
    .details =
        "Runs each model with random inputs, always the same, on one thread or as many as "
        "--threads\n"
        "says: first to warm up, then timing whole runs, then timing each call. Between p10 and "
        "p90\n"
        "lie eight runs of ten: where they are far apart, something else used the machine.\n"
        "--json prints an object for one model, an array for several; times in microseconds.\n\n"
        "examples:\n"
        "  mote bench kws.tflite\n"
        "  mote bench *.tflite --seconds=5 --json",
    .flags = kFlags,
    .max_positional = 1000,
    .run = run,
};

}  // namespace mote::cli
