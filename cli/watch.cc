#include <iostream>
#include <optional>

#include "cli/commands.h"
#include "mote/host/diagnose/read_inputs.h"
#include "mote/host/diagnose/report.h"
#include "mote/host/guard/seal.h"
#include "mote/mote.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "--baseline",
     .value = "PATH",
     .help = "healthy recordings of the same machine, or folders of them",
     .repeated = true},
    {.name = "--baseline-seconds",
     .value = "S",
     .help = "the recording's first S seconds are healthy"},
    {.name = "--baseline-fraction",
     .value = "F",
     .help = "the recording's first F (0 to 1) are healthy (default 0.1)"},
    {.name = "--segment-frames",
     .value = "N",
     .help = "the recording is captures of N frames put end to end; no window crosses them"},
    {.name = "--times",
     .value = "CSV",
     .help = "when the captures were made: columns t_s, remaining_s, a row a segment"},
    {.name = "--scale", .value = "G", .help = "g per unit of the samples (default 1)"},
    {.name = "--index",
     .value = "CSV",
     .help = "what is known of the recordings: path, segment_frames, scale_to_unit, g_per_unit"},
    {.name = "--rate", .value = "HZ", .help = "frames a second of CSV without a column of times"},
    {.name = "--rpm", .value = "N", .help = "shaft speed; adds features at 1, 2 and 3 times of it"},
    {.name = "--window",
     .value = "N",
     .help = "frames of a window, a power of two (default: about 1 s, at most 4096)"},
    {.name = "--model",
     .value = "FILE",
     .help = "score windows by what an autoencoder leaves of them (models/machine_health)"},
    {.name = "--all", .value = "", .help = "print every window, not only those around the change"},
    {.name = "--json", .value = "", .help = "print one JSON object"},
    {.name = "--check", .value = "", .help = "exit with 3 when the machine is malfunctioning"},
};

constexpr std::string_view kDetails =
    "Learns from the healthy part what the machine sounds like, then says for every later window\n"
    "how far it is from that, and in one sentence whether the machine works well. The threshold "
    "is\n"
    "cross-validated on the healthy part; three of five windows must exceed it. See "
    "docs/watch.md.\n"
    "\n"
    "  mote watch today.wav --baseline january/\n"
    "  mote watch life.wav --baseline-fraction 0.1 --segment-frames 2560 --times life_times.csv\n"
    "  mote simulate pump.wav && mote watch pump.wav --rpm 1480\n";

Result<diagnose::Options> read_options(const Args& args) {
  diagnose::Options options;
  const auto seconds = args.number("--baseline-seconds", 0, 0, 1e9);
  if (!seconds) return tl::unexpected(seconds.error());
  if (args.has("--baseline-seconds")) options.baseline_seconds = *seconds;
  const auto fraction = args.number("--baseline-fraction", 0.1, 0, 1);
  if (!fraction) return tl::unexpected(fraction.error());
  if (args.has("--baseline-fraction")) options.baseline_fraction = *fraction;
  if (args.has("--baseline") + args.has("--baseline-seconds") + args.has("--baseline-fraction") > 1)
    return fail(ErrorCode::kUsage,
                "--baseline, --baseline-seconds and --baseline-fraction exclude "
                "one another; give one of them");
  const auto segment = args.integer("--segment-frames", 0, 1, 1 << 30);
  const auto window = args.integer("--window", 0, 64, 8192);
  for (const auto* number : {&segment, &window})
    if (!*number) return tl::unexpected(number->error());
  const auto scale = args.number("--scale", 1, 1e-30, 1e30);
  const auto rate = args.number("--rate", 0, 1, 1e7);
  const auto rpm = args.number("--rpm", 0, 1, 1e6);
  for (const auto* number : {&scale, &rate, &rpm})
    if (!*number) return tl::unexpected(number->error());
  options.segment_frames = *segment;
  options.window = static_cast<int>(*window);
  options.scale = *scale;
  options.csv_rate_hz = *rate;
  options.shaft_rpm = *rpm;
  return options;
}

/// The network of --model, from its bytes; none where there is no such flag.
Result<std::optional<diagnose::Autoencoder>> make_autoencoder(const Args& args,
                                                              std::span<const std::byte> bytes) {
  if (!args.has("--model")) return std::optional<diagnose::Autoencoder>();
  auto program = load_program(bytes, args.text("--model"), {.onnx = Onnx(), .loops = Loops()});
  if (!program) return tl::unexpected(program.error());
  auto network = runtime::Interpreter::create(std::move(*program));
  if (!network) return tl::unexpected(network.error());
  auto autoencoder = diagnose::Autoencoder::create(std::move(*network));
  if (!autoencoder) return tl::unexpected(autoencoder.error());
  return std::optional<diagnose::Autoencoder>(std::move(*autoencoder));
}

Result<void> run(const Args& args, std::ostream& out) {
  auto options = read_options(args);
  if (!options) return tl::unexpected(options.error());
  const auto inputs = diagnose::read_inputs({.recording = args.positional.front(),
                                             .baselines = args.texts("--baseline"),
                                             .times = args.text("--times"),
                                             .index = args.text("--index")});
  if (!inputs) return tl::unexpected(inputs.error());
  std::vector<std::byte> model;
  if (args.has("--model")) {
    auto bytes = read_file(args.text("--model"));
    if (!bytes) return tl::unexpected(bytes.error());
    model = std::move(*bytes);
  }
  const auto sealed = guard::seal();  // all is read: from here on nothing can leave but by `out`
  if (!sealed) return tl::unexpected(sealed.error());
  auto autoencoder = make_autoencoder(args, model);
  if (!autoencoder) return tl::unexpected(autoencoder.error());
  if (*autoencoder) options->autoencoder = &**autoencoder;
  const auto diagnosis = diagnose::diagnose(*inputs, *options);
  if (!diagnosis) return tl::unexpected(diagnosis.error());
  if (args.has("--json"))
    diagnose::print_json(*diagnosis, out);
  else
    diagnose::print_report(*diagnosis, args.has("--all"), out);
  if (args.has("--check") && diagnosis->alarmed())
    return fail(ErrorCode::kCheckFailed, "the machine is malfunctioning");
  return {};
}

}  // namespace

const Command kWatch = {
    .name = "watch",
    .summary = "say whether a machine works well, from a recording of its vibration",
    .usage =
        "mote watch RECORDING [--baseline PATH...] [--baseline-seconds S] "
        "[--segment-frames N] [--times CSV] [--scale G] [--model FILE] [--json]",
    .details = kDetails,
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
