#include <algorithm>
#include <set>
#include <vector>

#include "cli/commands.h"
#include "cli/format.h"
#include "mote/compiler/ops/op.h"
#include "mote/support/cat.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

std::vector<const ops::Op*> sorted_ops() {
  std::vector<const ops::Op*> list(ops::all_ops().begin(), ops::all_ops().end());
  std::sort(list.begin(), list.end(),
            [](const auto* a, const auto* b) { return a->tflite_name < b->tflite_name; });
  return list;
}

/// Labels of types, the usual ones first, each once.
std::vector<std::string> all_labels() {
  std::vector<std::string> labels;
  std::set<std::string> found;
  for (const ops::Op* op : ops::all_ops())
    for (const ops::Signature& signature : op->signatures)
      found.insert(std::string(signature.label));
  for (const char* usual : {"int8", "int16x8", "uint8", "float32", "hybrid", "int16", "int32"})
    if (found.erase(usual)) labels.emplace_back(usual);
  labels.insert(labels.end(), found.begin(), found.end());
  return labels;
}

bool has(const ops::Op& op, std::string_view label) {
  return std::any_of(op.signatures.begin(), op.signatures.end(),
                     [&](const ops::Signature& s) { return s.label == label; });
}

void print_json(std::ostream& out) {
  Json::Array list;
  for (const ops::Op* op : sorted_ops()) {
    Json::Array types;
    for (const std::string& label : all_labels())
      if (has(*op, label)) types.push_back(label);
    list.push_back(
        Json::Object{{"name", op->tflite_name}, {"types", std::move(types)}, {"notes", op->notes}});
  }
  out << dump(Json::Object{{"operators", std::move(list)}});
}

void print_markdown(std::ostream& out) {
  const auto labels = all_labels();
  out << "# Operators\n\nWhat mote can run, by TensorFlow Lite's names, and in which types. "
         "Written "
         "by `script/update-docs`\nfrom the tables that do the checking; `mote ops` prints the "
         "same.\n\n| operator |";
  for (const auto& label : labels) out << ' ' << label << " |";
  out << " limits |\n|---|";
  for (std::size_t i = 0; i < labels.size(); ++i) out << ":-:|";
  out << "---|\n";
  for (const ops::Op* op : sorted_ops()) {
    out << "| " << op->tflite_name << " |";
    for (const auto& label : labels)
      out << (op->signatures.empty() ? " any |" : has(*op, label) ? " x |" : "  |");
    out << ' ' << op->notes << " |\n";
  }
  out << "\nx: supported in these types. any: the operator moves values without looking at their "
         "type.\n";
}

void print_table(std::ostream& out) {
  const auto labels = all_labels();
  std::vector<Table::Column> columns{{"operator"}};
  for (const auto& label : labels) columns.push_back({label});
  columns.push_back({"limits"});
  Table table(std::move(columns));
  for (const ops::Op* op : sorted_ops()) {
    std::vector<std::string> cells{std::string(op->tflite_name)};
    for (const auto& label : labels)
      cells.emplace_back(op->signatures.empty() ? "any" : has(*op, label) ? "x" : "");
    cells.emplace_back(op->notes);
    table.row(std::move(cells));
  }
  table.print(out);
  out << "\nx: supported in these types; any: whatever the type\n";
}

Result<void> run(const Args& args, std::ostream& out) {
  if (args.has("--json") && args.has("--markdown"))
    return fail(ErrorCode::kUsage, "--json and --markdown exclude each other");
  args.has("--json")       ? print_json(out)
  : args.has("--markdown") ? print_markdown(out)
                           : print_table(out);
  return {};
}

constexpr Flag kFlags[] = {
    {"--json", "", "print JSON"},
    {"--markdown", "", "print the page docs/ops.md"},
};

}  // namespace

const Command kOps = {
    .name = "ops",
    .summary = "list the operators that mote can run, and in which types",
    .usage = "mote ops [--json|--markdown]",
    .details =
        "A row for each operator by TensorFlow Lite's name, a column for each combination of "
        "types.\nint16x8: 16-bit activations and 8-bit weights; hybrid: float activations "
        "and 8-bit weights.\nWhether a given model can run: mote inspect MODEL.",
    .flags = kFlags,
    .min_positional = 0,
    .max_positional = 0,
    .run = run,
};

}  // namespace mote::cli
