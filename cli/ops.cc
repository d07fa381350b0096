#include <algorithm>
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

/// Labels that get a column of their own. All others (conversions, rarities) stand in one column of
/// text.
constexpr std::string_view kColumns[] = {"int8",  "int16x8", "uint8", "float32", "hybrid",
                                         "int16", "int32",   "int64", "bool"};

bool has(const ops::Op& op, std::string_view label) {
  return std::any_of(op.signatures.begin(), op.signatures.end(),
                     [&](const ops::Signature& s) { return s.label == label; });
}

/// "x" where the operator has the column's types, "any" where it takes whatever there is.
std::string_view mark(const ops::Op& op, std::string_view column) {
  return op.signatures.empty() ? "any" : has(op, column) ? "x" : "";
}

/// The labels without a column: "int8 to int16, int16 to int8".
std::string further_types(const ops::Op& op) {
  std::string text;
  for (const ops::Signature& signature : op.signatures)
    if (std::find(std::begin(kColumns), std::end(kColumns), signature.label) == std::end(kColumns))
      text += cat(text.empty() ? "" : ", ", signature.label);
  return text;
}

/// What stands beside the columns: further types, then limits.
std::string remarks(const ops::Op& op) {
  const std::string types = further_types(op);
  return cat(types.empty() ? "" : "also ", types, types.empty() || op.notes.empty() ? "" : "; ",
             op.notes);
}

void print_json(std::ostream& out) {
  Json::Array list;
  for (const ops::Op* op : sorted_ops()) {
    Json::Array types;
    for (const ops::Signature& signature : op->signatures) types.push_back(signature.label);
    list.push_back(
        Json::Object{{"name", op->tflite_name}, {"types", std::move(types)}, {"notes", op->notes}});
  }
  out << dump(Json::Object{{"operators", std::move(list)}});
}

void print_markdown(std::ostream& out) {
  out << "# Operators\n\nWhat mote can run, by TensorFlow Lite's names, and in which types. "
         "Written "
         "by `script/update-docs`\nfrom the tables that do the checking; `mote ops` prints the "
         "same.\n\n| operator |";
  for (std::string_view column : kColumns) out << ' ' << column << " |";
  out << " further types and limits |\n|---|";
  for (std::size_t i = 0; i < std::size(kColumns); ++i) out << ":-:|";
  out << "---|\n";
  for (const ops::Op* op : sorted_ops()) {
    out << "| " << op->tflite_name << " |";
    for (std::string_view column : kColumns) out << ' ' << mark(*op, column) << " |";
    out << ' ' << remarks(*op) << " |\n";
  }
  out << "\nx: supported in these types; any: whatever the type.\n"
         "int16x8: 16-bit activations and 8-bit weights; hybrid: float activations and 8-bit "
         "weights.\n";
}

void print_table(std::ostream& out) {
  std::vector<Table::Column> columns{{"operator"}};
  for (std::string_view column : kColumns) columns.push_back({std::string(column)});
  columns.push_back({"further types and limits"});
  Table table(std::move(columns));
  for (const ops::Op* op : sorted_ops()) {
    std::vector<std::string> cells{std::string(op->tflite_name)};
    for (std::string_view column : kColumns) cells.emplace_back(mark(*op, column));
    cells.push_back(remarks(*op));
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
