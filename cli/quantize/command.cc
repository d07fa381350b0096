#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "cli/quantize/examples.h"
#include "cli/quantize/networks.h"
#include "cli/quantize/report.h"
#include "cli/unrolled.h"
#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/compiler/onnx/export.h"
#include "mote/compiler/quantize/prepare.h"
#include "mote/compiler/quantize/quantize.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

using quantize::Choice;
using quantize::Options;
using quantize::Scheme;

/// The value of a flag as one of the words that it takes.
template <class T>
Result<T> word_from(const Args& args, std::string_view flag, T fallback,
                    std::initializer_list<std::pair<std::string_view, T>> words) {
  if (!args.has(flag)) return fallback;
  std::string list;
  for (const auto& [word, value] : words) {
    if (args.text(flag) == word) return value;
    list += cat(list.empty() ? "" : ", ", word);
  }
  return fail(ErrorCode::kUsage, cat(flag, " is '", args.text(flag), "', expected one of ", list));
}

/// The values of a flag that may hold several with commas between.
std::vector<std::string> list_from(const Args& args, std::string_view flag) {
  std::vector<std::string> list;
  for (const std::string& text : args.texts(flag))
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      if (comma > at) list.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
  return list;
}

Result<void> read_scheme(const Args& args, Options& options) {
  const auto scheme = word_from<Scheme>(
      args, "--scheme", Scheme::kInt8,
      {{"int8", Scheme::kInt8}, {"int16x8", Scheme::kInt16x8}, {"weights", Scheme::kWeights}});
  MOTE_TRY(scheme);
  options.scheme = *scheme;
  const bool is_wide = options.scheme == Scheme::kInt16x8;
  const auto float_io = word_from<bool>(args, "--io", options.scheme == Scheme::kWeights,
                                        {{is_wide ? "int16" : "int8", false}, {"float", true}});
  MOTE_TRY(float_io);
  options.float_io = *float_io;
  return {};
}

Result<void> read_methods(const Args& args, Options& options) {
  if (args.has("--ranges")) {
    const auto method = quantize::range_method_named(args.text("--ranges"));
    if (!method)
      return fail(ErrorCode::kUsage, cat("--ranges is '", args.text("--ranges"),
                                         "', expected one of min-max, percentile, mse, entropy"));
    options.ranges = *method;
  }
  const auto percentile = args.number("--percentile", 99.99, 50.0001, 100);
  MOTE_TRY(percentile);
  options.percentile = *percentile;
  const auto choice_from = [&](std::string_view flag) {
    return word_from<Choice>(args, flag, Choice::kAuto,
                             {{"auto", Choice::kAuto}, {"on", Choice::kOn}, {"off", Choice::kOff}});
  };
  const auto correction = choice_from("--bias-correction");
  MOTE_TRY(correction);
  options.bias_correction = *correction;
  const auto equalize = choice_from("--equalize");
  MOTE_TRY(equalize);
  options.equalize = *equalize;
  return {};
}

Result<Options> options_from(const Args& args) {
  Options options{.per_channel_dense = args.has("--per-channel-dense"),
                  .keep_float = list_from(args, "--keep-float")};
  MOTE_TRY(read_scheme(args, options));
  MOTE_TRY(read_methods(args, options));
  const auto sqnr = args.number("--min-sqnr", options.min_sqnr_db, -100, 200);
  MOTE_TRY(sqnr);
  options.min_sqnr_db = *sqnr;
  return options;
}

bool is_onnx(const Args& args) { return args.text("--out").ends_with(".onnx"); }

Result<void> check_paths(const Args& args) {
  if (!args.has("--out"))
    return fail(ErrorCode::kUsage,
                "`mote quantize` needs --out=FILE.tflite or --out=FILE.onnx, the file to write");
  if (args.has("--keep-state") && is_onnx(args))
    return fail(ErrorCode::kUsage,
                "--keep-state is for a .tflite: in ONNX each run begins with zeros");
  if (!args.has("--data"))
    return fail(ErrorCode::kUsage,
                "`mote quantize` needs --data: inputs as the network gets them, from which it "
                "learns the ranges of all values; a few hundred examples are enough");
  return {};
}

/// What the file to write can have of recurrent layers: ONNX has GRU, and TensorFlow Lite LSTMs
/// that keep their state. @returns a sentence for each that is written in another way.
Result<std::vector<std::string>> unroll(graph::Model& model, const Args& args) {
  if (args.has("--keep-state")) return unroll_grus(model);
  if (!is_onnx(args)) return unroll_recurrent(model);
  MOTE_TRY(recognise_grus(model));
  return unroll_lstms(model);
}

/// The model without what it does not need.
Result<graph::Model> prepared_model(graph::Model model) {
  MOTE_TRY(quantize::check_float(model));
  MOTE_TRY(compiler::compile(model));  // says all that mote cannot run
  MOTE_TRY(tidy(model));
  quantize::prepare(model);
  MOTE_TRY(tidy(model));
  return model;
}

Result<void> run(const Args& args, std::ostream& out) {
  MOTE_TRY(check_paths(args));
  const auto options = options_from(args);
  MOTE_TRY(options);
  auto file = read_model(args.positional[0]);
  if (!file) return tl::unexpected(file.error());
  auto notes = unroll(file->model, args);
  MOTE_TRY(notes);
  auto model = prepared_model(std::move(file->model));
  if (!model) return tl::unexpected(model.error());
  const auto program = compiler::compile(*model, {.shrink = false});
  MOTE_TRY(program);
  const auto examples = read_examples(args, *program);
  MOTE_TRY(examples);
  int runs = 0;
  Progress progress("quantising");
  const double most = 10.0 * examples->count;  // where all choices are open
  auto result = quantize::quantize(
      std::move(*model),
      calibration_of(*examples, [&] { progress.update(std::min(1.0, ++runs / most)); }), *options);
  MOTE_TRY(result);
  if (args.has("--keep-state")) {
    const auto kept = unroll_lstms(result->converted.model, convert::LstmForm::kStateful);
    MOTE_TRY(kept);
    notes->insert(notes->end(), kept->begin(), kept->end());
  }
  const auto bytes = is_onnx(args) ? onnx::write_onnx(result->converted.model)
                                   : model::write_tflite(result->converted.model);
  MOTE_TRY(bytes);
  MOTE_TRY(write_file(args.text("--out"), *bytes));
  const QuantizeReport report{.model = args.positional[0],
                              .out = args.text("--out"),
                              .bytes_before = file->bytes,
                              .bytes_after = std::ssize(*bytes),
                              .examples = *examples,
                              .options = *options,
                              .notes = std::move(*notes),
                              .result = *result};
  if (args.has("--json"))
    out << dump(quantized_json(report));
  else
    print_quantized(out, report);
  return {};
}

constexpr Flag kFlags[] = {
    {"--data", "FILE", "inputs to calibrate with: files as `mote run` takes them, or folders",
     true},
    {"--out", "FILE", "the .tflite or .onnx to write; an .onnx keeps a GRU as one operator"},
    {"--labels", "FILE", "the class of each example, a number each: accuracy before and after"},
    {"--scheme", "NAME", "int8 (default), int16x8, or weights: floats with weights of 8 bits"},
    {"--ranges", "METHOD", "min-max (default), percentile, mse or entropy"},
    {"--percentile", "P", "how many % of the values --ranges=percentile keeps (default 99.99)"},
    {"--bias-correction", "WHEN", "auto (default: where it helps), on or off"},
    {"--equalize", "WHEN", "equalise weights across layers: auto (default), on or off"},
    {"--keep-float", "LIST", "operators, outputs or indices of nodes that stay in floats", true},
    {"--min-sqnr", "DB", "let the worst operators go back to floats until the outputs reach this"},
    {"--io", "TYPE", "int8 (default; int16 with int16x8) or float: type of inputs and outputs"},
    {"--keep-state", "",
     "an LSTM as one operator of a .tflite, which goes on with its state from run to run"},
    {"--per-channel-dense", "",
     "FULLY_CONNECTED with a scale a unit, which only new runtimes take"},
    kFormatFlag,
    kPixelRangeFlag,
    kResizeFlag,
    kJsonFlag,
};

}  // namespace

const Command kQuantize = {
    .name = "quantize",
    .summary = "make an int8 model from a float one",
    .usage =
        "mote quantize MODEL --data=FILE|DIR ... --out=FILE [--labels=FILE] [--scheme=NAME]\n"
        "                     [--ranges=METHOD] [--percentile=P] [--bias-correction=WHEN]\n"
        "                     [--equalize=WHEN] [--keep-float=LIST] [--min-sqnr=DB] [--io=TYPE]\n"
        "                     [--per-channel-dense] [--keep-state] [--json]",
    .details =
        "MODEL is a float .tflite or .onnx. Runs it on the data, chooses scales for all values,\n"
        "and writes a .tflite of integers, which `mote compile` and TensorFlow Lite take, or, as\n"
        "the suffix of --out says, an .onnx (QDQ) for `mote compile` and ONNX Runtime.\n"
        "Prints for each operator the range of its output, its scale, which share of values lies\n"
        "outside of what the integers express, and how far the signal stands above what\n"
        "quantisation adds (SQNR), then the agreement of both networks.\n\n"
        "A .npy holds examples along its first dimension; images may have their channels first,\n"
        "as in PyTorch. A folder of folders has a class in each; else --labels has the classes.\n\n"
        "examples:\n"
        "  mote quantize kws.onnx --data=features.npy --labels=labels.txt --out=kws.tflite\n"
        "  mote quantize net.onnx --data=pictures/ --pixel-range=0..1 --resize --out=net.tflite\n"
        "  mote quantize net.onnx --data=x.npy --ranges=mse --min-sqnr=25 --out=net.tflite\n"
        "  mote quantize gru.onnx --data=sequences.npy --out=gru_int8.onnx",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
