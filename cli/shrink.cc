#include "mote/compiler/convert/shrink.h"

#include <string>

#include "cli/certificate.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/load.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

void print_text(std::ostream& out, const Args& args, const convert::Shrunk& shrunk) {
  for (const std::string& line : shrunk.lines) out << line << '\n';
  const auto& [tensors, before, after] = shrunk.certificate;
  if (tensors.empty())
    out << "no channel was taken out\n";
  else
    out << "MACs     " << grouped(before.macs) << " -> " << grouped(after.macs) << " ("
        << share_text(after.macs, before.macs) << ")\nweights  " << bytes_text(before.weight_bytes)
        << " -> " << bytes_text(after.weight_bytes) << " ("
        << share_text(after.weight_bytes, before.weight_bytes) << ")\n";
  if (args.has("--certificate")) print_certificate(out, shrunk.certificate);
}

Result<void> run(const Args& args, std::ostream& out) {
  const std::string &from = args.positional[0], to = args.text("--output");
  if (!to.ends_with(".tflite"))
    return fail(ErrorCode::kUsage,
                to.empty() ? "--output=FILE.tflite says where to write"
                           : cat("--output is '", to, "', expected a name that ends in .tflite"));
  auto file = read_model(from);
  MOTE_TRY(file);
  const auto shrunk = convert::shrink(file->model);
  if (!shrunk) return fail(shrunk.error().code, cat(from, ": ", shrunk.error().message));
  const auto bytes = model::write_tflite(file->model);
  MOTE_TRY(bytes);
  MOTE_TRY(write_file(to, *bytes));
  if (args.has("--json")) {
    Json::Array lines;
    for (const std::string& line : shrunk->lines) lines.push_back(line);
    out << dump(Json::Object{
        {"model", from},
        {"output", to},
        {"file_bytes", file->bytes},
        {"output_bytes", std::ssize(*bytes)},
        {"changes", std::move(lines)},
        {"shrinking", certificate_json(shrunk->certificate, args.has("--certificate"))}});
    return {};
  }
  out << from << ": " << bytes_text(file->bytes) << '\n';
  print_text(out, args, *shrunk);
  out << to << ": " << bytes_text(std::ssize(*bytes)) << " ("
      << share_text(std::ssize(*bytes), file->bytes) << ")\n";
  return {};
}

constexpr Flag kFlags[] = {
    {"--output", "FILE", "the .tflite to write"},
    {"--certificate", "", "print every channel that went, and why no output can tell"},
    kJsonFlag,
};

}  // namespace

const Command kShrink = {
    .name = "shrink",
    .summary = "write a .tflite without what no output depends on, for any runtime",
    .usage = "mote shrink MODEL --output=FILE.tflite [--certificate] [--json]",
    .details =
        "Takes out channels that are constant or that nothing reads, operators that do nothing "
        "and\n"
        "what depends on constants alone. For every input the outputs are the same bits; mote "
        "does\n"
        "the same to each model that it runs, here others get it, too.\n\n"
        "  mote shrink model.tflite --output=small.tflite --certificate\n"
        "  mote diff model.tflite --against=no-shrink    holds it against the whole model",
    .flags = kFlags,
    .min_positional = 1,
    .max_positional = 1,
    .run = run,
};

}  // namespace mote::cli
