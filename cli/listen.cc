#include <iostream>

#include "cli/commands.h"
#include "cli/embedded_files.h"
#include "mote/host/guard/seal.h"
#include "mote/host/hear/hear.h"
#include "mote/host/hear/report.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "--model",
     .value = "FILE",
     .help = "the network (default: the project's own, for ten commands)"},
    {.name = "--labels", .value = "FILE", .help = "the names of its classes, one a line"},
    {.name = "--normalize",
     .value = "peak|none",
     .help = "for MFCC models: divide each second by its largest sample (default peak)"},
    {.name = "--threshold",
     .value = "P",
     .help = "smoothed score from which a word counts as heard (default 0.75)"},
    {.name = "--clip",
     .value = "",
     .help = "each recording is one second with one word: say its most likely class"},
    {.name = "--json", .value = "", .help = "print one JSON object"},
};

constexpr std::string_view kDetails =
    "Slides a window of one second over a recording (16 kHz mono WAV, FLAC or Ogg Opus) and "
    "prints\n"
    "each word that it hears once: when, how sure, and which. Before it looks at the recording "
    "the\n"
    "process seals itself: no network, no programs, no files. See docs/listen.md.\n"
    "\n"
    "  mote listen kitchen.wav\n"
    "  mote listen kitchen.wav --model kws.tflite --labels words.txt\n"
    "  mote listen --clip clips/*.flac\n";

/// All that comes from outside, as bytes that nobody has looked at yet.
struct Inputs {
  std::string model_name, labels_name;
  std::vector<std::byte> model, labels;
  std::vector<sources::EncodedAudio> recordings;
};

Result<hear::Options> read_options(const Args& args) {
  if (args.has("--model") != args.has("--labels"))
    return fail(ErrorCode::kUsage,
                "--model=FILE and --labels=FILE go together; give both, or neither for the "
                "project's own ten commands");
  if (args.positional.size() > 1 && !args.has("--clip"))
    return fail(ErrorCode::kUsage, "several recordings are only for --clip; give one");
  const auto threshold = args.number("--threshold", 0.75, 0.01, 1);
  if (!threshold) return tl::unexpected(threshold.error());
  const std::string normalize = args.text("--normalize", "peak");
  if (normalize != "peak" && normalize != "none")
    return fail(ErrorCode::kUsage, cat("--normalize is '", normalize, "', expected peak or none"));
  return hear::Options{.normalization = normalize == "peak" ? listen::Normalization::kPeak
                                                            : listen::Normalization::kNone,
                       .threshold = static_cast<float>(*threshold)};
}

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// The network and its labels: those named, or the project's own.
Result<Inputs> read_model(const Args& args) {
  Inputs inputs;
  if (!args.has("--model")) {
    const auto files = embedded_voice_commands();
    inputs = {.model_name = std::string(files[0].path),
              .labels_name = std::string(files[1].path),
              .model = bytes_of(files[0].text),
              .labels = bytes_of(files[1].text)};
    return inputs;
  }
  inputs.model_name = args.text("--model");
  inputs.labels_name = args.text("--labels");
  auto model = read_file(inputs.model_name);
  if (!model) return tl::unexpected(model.error());
  inputs.model = std::move(*model);
  auto labels = read_file(inputs.labels_name, /*max_bytes=*/1 << 20);
  if (!labels) return tl::unexpected(labels.error());
  inputs.labels = std::move(*labels);
  return inputs;
}

Result<Inputs> read_inputs(const Args& args) {
  auto read = read_model(args);
  if (!read) return tl::unexpected(read.error());
  Inputs inputs = std::move(*read);
  std::int64_t left = sources::kLargestRecording;
  for (const std::string& path : args.positional) {
    auto recording = sources::read_encoded(path, left);
    if (!recording) return tl::unexpected(recording.error());
    left -= static_cast<std::int64_t>(recording->bytes.size());
    inputs.recordings.push_back(std::move(*recording));
  }
  return inputs;
}

Result<hear::KeywordModel> make_model(const Inputs& inputs) {
  auto labels = hear::parse_labels(inputs.labels, inputs.labels_name);
  if (!labels) return tl::unexpected(labels.error());
  auto program = load_program(inputs.model, inputs.model_name, {.onnx = Onnx(), .loops = Loops()});
  if (!program) return tl::unexpected(program.error());
  auto network = runtime::Interpreter::create(std::move(*program));
  if (!network) return tl::unexpected(network.error());
  return hear::KeywordModel::create(std::move(*network), std::move(*labels));
}

Result<void> run_clips(const Args& args, Inputs& inputs, hear::KeywordModel& model,
                       const hear::Options& options, std::ostream& out) {
  std::vector<hear::NamedClip> clips;
  for (sources::EncodedAudio& recording : inputs.recordings) {
    const std::string path = recording.path;
    auto audio = sources::AudioReader::open(std::move(recording), hear::kSampleRateHz);
    if (!audio) return tl::unexpected(audio.error());
    const auto clip = hear::hear_clip(*audio, model, options);
    if (!clip) return tl::unexpected(clip.error());
    clips.push_back({path, *clip});
  }
  args.has("--json") ? hear::print_json(clips, model.labels(), out)
                     : hear::print(clips, model.labels(), out);
  return {};
}

Result<void> run_recording(const Args& args, Inputs& inputs, hear::KeywordModel& model,
                           const hear::Options& options, std::ostream& out) {
  auto audio =
      sources::AudioReader::open(std::move(inputs.recordings.front()), hear::kSampleRateHz);
  if (!audio) return tl::unexpected(audio.error());
  const auto hearing = hear::hear(*audio, model, options);
  if (!hearing) return tl::unexpected(hearing.error());
  args.has("--json") ? hear::print_json(*hearing, model.labels(), out)
                     : hear::print(*hearing, model.labels(), out);
  return {};
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto options = read_options(args);
  if (!options) return tl::unexpected(options.error());
  auto inputs = read_inputs(args);
  if (!inputs) return tl::unexpected(inputs.error());
  const auto sealed = guard::seal();  // all is read: from here on nothing can leave but by `out`
  if (!sealed) return tl::unexpected(sealed.error());
  auto model = make_model(*inputs);
  if (!model) return tl::unexpected(model.error());
  MOTE_TRY(args.has("--clip") ? run_clips(args, *inputs, *model, *options, out)
                              : run_recording(args, *inputs, *model, *options, out));
  std::cerr << "mote: " << guard::describe(*sealed) << '\n';
  return {};
}

}  // namespace

const Command kListen = {
    .name = "listen",
    .summary = "say which words are in a recording of speech, and when",
    .usage =
        "mote listen RECORDING [--clip RECORDING ...] [--model=FILE --labels=FILE]\n"
        "                   [--normalize=peak|none] [--threshold=P] [--json]",
    .details = kDetails,
    .flags = kFlags,
    .max_positional = 1 << 20,
    .run = run,
};

}  // namespace mote::cli
