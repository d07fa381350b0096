// Prints how fast mote runs networks here, beside ONNX Runtime where it is installed, and what
// starting costs; script/bench calls it:
//
//     mote_peer_bench MODELS_DIR --tools=DIR [--ort=LIBRARY] [--seconds=S] [--svg=FILE]
//
// DIR has the stripped programs mote and minimal, and mote_cold_start and mote_ort_once.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "bench/measure/timing.h"
#include "bench/peer/contest.h"
#include "bench/peer/report.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

namespace fs = std::filesystem;

/// What is aimed at: ONNX Runtime's time over mote's. Networks without a number are shown after
/// these; their order is the report's.
struct Aim {
  const char* name;
  double ratio;
};
constexpr Aim kAims[] = {{"kws_ref_model", 2.8},          {"vww_96_int8", 6.0},
                         {"pretrainedResnet_quant", 2.4}, {"ad01_int8", 5.6},
                         {"str_ww_ref_model", 4.6},       {"micro_speech_quantized", 11.8},
                         {"person_detect", 5.2},          {"ad01_fp32", 0}};

struct Options {
  std::string models, tools, ort, svg;
  double seconds = 1;
};

/// The networks of the list that are in the folder, or all below it where none of them is.
std::vector<std::string> models_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const Aim& aim : kAims)
    if (const std::string path = cat(folder, "/", aim.name, ".tflite"); fs::exists(path))
      paths.push_back(path);
  if (!paths.empty()) return paths;
  std::error_code none;
  for (const auto& file : fs::recursive_directory_iterator(folder, none))
    if (file.path().extension() == ".tflite") paths.push_back(file.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

double aim_for(const std::string& name) {
  for (const Aim& aim : kAims)
    if (name == aim.name) return aim.ratio;
  return 0;
}

std::vector<Entry> measure(const Options& options, OrtLibrary* peer, const Roofline& roofline) {
  Contest contest{
      .peer = peer, .examples = options.models + "/../golden", .seconds = options.seconds};
  std::vector<Entry> entries;
  for (const std::string& path : models_in(options.models)) {
    std::fprintf(stderr, "timing %s ...\n", path.c_str());
    contest.peer = peer;
    auto entry = hold(contest, path, roofline);
    if (!entry && peer) {
      std::fprintf(stderr, "  without a peer: %s\n", entry.error().message.c_str());
      contest.peer = nullptr;
      entry = hold(contest, path, roofline);
    }
    if (!entry) {
      std::fprintf(stderr, "  left out: %s\n", entry.error().message.c_str());
      continue;
    }
    entry->goal = aim_for(entry->name);
    entries.push_back(std::move(*entry));
  }
  return entries;
}

/// Runs `mote_cold_start`; nothing where it fails.
std::optional<Start> start_of(const std::string& name, const Options& options, int runs,
                              const std::string& command, const std::string& binary) {
  Start start{.name = name};
  const std::string line = cat("'", options.tools, "/mote_cold_start' ", runs, " ", command);
  std::FILE* pipe = ::popen(line.c_str(), "r");
  if (!pipe) return std::nullopt;
  const bool read =
      std::fscanf(pipe, "%lf %lf %lf", &start.wall_us, &start.cpu_us, &start.peak_kb) == 3;
  if (::pclose(pipe) != 0 || !read) return std::nullopt;
  std::error_code none;
  if (!binary.empty()) start.binary_bytes = static_cast<std::int64_t>(fs::file_size(binary, none));
  return start;
}

/// From nothing to the first result of the first network, and an empty process to compare with.
std::vector<Start> measure_starts(const Options& options) {
  const std::vector<std::string> models = models_in(options.models);
  if (options.tools.empty() || models.empty()) return {};
  const std::string model = models[0], input = options.tools + "/input.bin";
  const auto network = load(model);
  if (!network) return {};
  const std::vector<std::byte> zeros(network->input(0).bytes().size());
  if (!write_file(input, zeros)) return {};
  const std::string mote = options.tools + "/mote", minimal = options.tools + "/minimal";
  std::vector<Start> starts;
  const auto add = [&](std::optional<Start> start) {
    if (start) starts.push_back(std::move(*start));
  };
  add(start_of("an empty process", options, 300, "/bin/true", ""));
  add(start_of("`mote run`", options, 300,
               cat("'", mote, "' run '", model, "' --input='", input, "'"), mote));
  add(start_of("`examples/minimal.cc`", options, 300, cat("'", minimal, "' '", model, "'"),
               minimal));
  if (!options.ort.empty())
    add(start_of("ONNX Runtime", options, 20,
                 cat("'", options.tools, "/mote_ort_once' '", options.ort, "' '", model, "'"),
                 options.ort));
  return starts;
}

Result<Options> parse(int argc, char** argv) {
  Options options;
  const std::map<std::string, std::string*> texts = {
      {"--tools", &options.tools}, {"--ort", &options.ort}, {"--svg", &options.svg}};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string name = word.substr(0, word.find('='));
    const std::string value = name.size() < word.size() ? word.substr(name.size() + 1) : "";
    if (const auto text = texts.find(name); text != texts.end())
      *text->second = value;
    else if (name == "--seconds")
      options.seconds = std::atof(value.c_str());
    else
      options.models = word;
  }
  if (options.models.empty()) return fail(ErrorCode::kUsage, "which models? give a folder");
  return options;
}

Result<void> run(const Options& options) {
  // Before ONNX Runtime is loaded, and before this process is tied to a core.
  Report report{.starts = measure_starts(options)};
  report.pinned = pin_to_core();
  report.roofline = measure_roofline();
  std::optional<OrtLibrary> peer;
  if (!options.ort.empty()) {
    auto library = OrtLibrary::open(options.ort);
    MOTE_TRY(library);
    peer = std::move(*library);
    report.peer = cat("ONNX Runtime ", peer->version());
  }
  report.entries = measure(options, peer ? &*peer : nullptr, report.roofline);
  if (report.entries.empty())
    return bad_input(cat("'", options.models, "' has no model that can be run"));
  std::fputs(markdown(report).c_str(), stdout);
  if (options.svg.empty()) return {};
  const std::string svg = plot(report);
  return write_file(options.svg, std::as_bytes(std::span(svg)));
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  const auto options = mote::bench::parse(argc, argv);
  const auto done =
      options ? mote::bench::run(*options) : mote::Result<void>(tl::unexpected(options.error()));
  if (!done) std::fprintf(stderr, "mote_peer_bench: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
