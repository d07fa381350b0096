#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "cli/unrolled.h"
#include "mote/compiler/model/tflite.h"
#include "mote/compiler/onnx/export.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

/// "2 ADD, 7 CONV_2D".
std::string operators_text(const graph::Model& model) {
  std::map<std::string, int> counts;
  for (const graph::Graph& graph : model.graphs)
    for (const graph::Node& node : graph.nodes) ++counts[node.op];
  std::string text;
  for (const auto& [op, count] : counts) text += cat(text.empty() ? "" : ", ", count, " ", op);
  return text.empty() ? "no operator" : text;
}

std::int64_t node_count(const graph::Model& model) {
  std::int64_t count = 0;
  for (const graph::Graph& graph : model.graphs) count += std::ssize(graph.nodes);
  return count;
}

struct Written {
  std::vector<std::byte> bytes;
  std::vector<std::string> notes;  ///< what is said in another way, a sentence each
};

/// The model as the suffix of `to` asks for it; what is then in the model is what was written.
Result<Written> written(graph::Model& model, const std::string& to, bool keeps_state) {
  if (to.ends_with(".onnx")) {
    auto bytes = onnx::write_onnx(model);
    MOTE_TRY(bytes);
    Written result{.bytes = std::move(*bytes), .notes = {}};
    if (const auto& extras = model.extras;
        extras && (!extras->metadata.empty() || !extras->signatures.empty()))
      result.notes.push_back(
          cat("not carried over: ", plural(std::ssize(extras->metadata), "metadata entry"), ", ",
              plural(std::ssize(extras->signatures), "signature")));
    return result;
  }
  auto notes = unroll_recurrent(
      model, keeps_state ? convert::LstmForm::kStateful : convert::LstmForm::kUnrolled);
  MOTE_TRY(notes);
  auto bytes = model::write_tflite(model);
  MOTE_TRY(bytes);
  return Written{.bytes = std::move(*bytes), .notes = std::move(*notes)};
}

Result<void> run(const Args& args, std::ostream& out) {
  const std::string &from = args.positional[0], &to = args.positional[1];
  if (!to.ends_with(".tflite") && !to.ends_with(".onnx"))
    return fail(ErrorCode::kUsage,
                cat("'", to, "' ends neither in .tflite nor in .onnx, which says what to write"));
  auto file = read_model(from);
  MOTE_TRY(file);
  const std::int64_t before = node_count(file->model);
  const auto result = written(file->model, to, args.has("--keep-state"));
  MOTE_TRY(result);
  MOTE_TRY(write_file(to, result->bytes));
  const std::int64_t bytes = std::ssize(result->bytes);
  if (args.has("--json")) {
    Json::Array notes;
    for (const std::string& note : result->notes) notes.push_back(note);
    out << dump(Json::Object{{"model", from},
                             {"output", to},
                             {"file_bytes", file->bytes},
                             {"output_bytes", bytes},
                             {"operators", node_count(file->model)},
                             {"notes", std::move(notes)}});
    return {};
  }
  out << from << ": " << bytes_text(file->bytes) << ", " << plural(before, "operator") << '\n'
      << to << ": " << bytes_text(bytes) << "; " << plural(node_count(file->model), "operator")
      << " of the graph: " << operators_text(file->model) << '\n';
  for (const std::string& note : result->notes) out << note << '\n';
  return {};
}

constexpr Flag kFlags[] = {
    {"--keep-state", "",
     "write an LSTM that begins with zeros as one operator, whose state the program resets"},
};

}  // namespace

const Command kConvert = {
    .name = "convert",
    .summary = "write a model in another format: .onnx or .tflite",
    .usage = "mote convert MODEL FILE.tflite|FILE.onnx [--keep-state] [--json]",
    .details =
        "Reads a .tflite or an .onnx and writes what FILE's suffix says. Prints what was written,\n"
        "operator by operator, and what could only be said in another way. The same input gives\n"
        "the same bytes; where something cannot be written, no file is.\n\n"
        "  mote convert model.onnx model.tflite     what TensorFlow Lite runs\n"
        "  mote convert model.tflite model.onnx     for other runtimes; int8 as QDQ, images [N, C, "
        "H, W]\n"
        "  mote convert old.tflite new.tflite       the same network, written anew",
    .flags = kFlags,
    .min_positional = 2,
    .max_positional = 2,
    .run = run,
};

}  // namespace mote::cli
