#include "cli/comparison.h"

#include <algorithm>
#include <cstdint>

#include "cli/format.h"
#include "cli/load.h"
#include "mote/support/cat.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

using program::Program;
using program::TensorInfo;

/// "by at most 3 LSB", "by at most 1.2e-06".
std::string amount(const TensorInfo& info, const TensorDiff& diff) {
  return info.type == DType::kFloat32 ? number_text(diff.largest)
                                      : cat(static_cast<std::int64_t>(diff.largest), " LSB");
}

}  // namespace

std::vector<int> counterparts(const Program& program, const Program& other) {
  std::vector<int> ids;
  for (const TensorInfo& info : program.tensors) {
    const auto it =
        std::find_if(other.tensors.begin(), other.tensors.end(), [&](const TensorInfo& candidate) {
          return candidate.index == info.index && candidate.name == info.name &&
                 candidate.type == info.type && candidate.shape == info.shape;
        });
    ids.push_back(it == other.tensors.end() ? -1 : static_cast<int>(it - other.tensors.begin()));
  }
  // Outputs have the same meaning whatever the passes did.
  for (std::size_t i = 0; i < program.outputs.size(); ++i)
    ids[static_cast<std::size_t>(program.outputs[i])] = other.outputs[i];
  return ids;
}

Comparison compare(const Program& program, const SavedTensors& left, const SavedTensors& right,
                   const std::vector<int>& counterparts, double tolerance) {
  Comparison result{.runs = left.runs()};
  const auto look = [&](int id, const std::string& node) {
    const TensorInfo& info = program.tensors[static_cast<std::size_t>(id)];
    const int other = counterparts[static_cast<std::size_t>(id)];
    if (other < 0 || left.bytes(id, 0).empty() || right.bytes(other, 0).empty()) return;
    ++result.tensors;
    for (int run = 0; run < left.runs(); ++run) {
      const TensorDiff diff =
          diff_tensors(info.type, left.bytes(id, run), right.bytes(other, run), tolerance);
      if (diff.differing == 0) continue;
      result.divergences.push_back({id, node, run, diff});
      return;
    }
  };
  for (int id : program.inputs) look(id, "the inputs");
  for (const program::KernelCall& call : program.calls)
    for (int id : call.writes) look(id, call.node);
  return result;
}

void print_text(std::ostream& out, const Program& program, const Comparison& result) {
  out << program.source << ": " << result.left << " against " << result.right << ", "
      << plural(result.tensors, "tensor") << " in " << plural(result.runs, "run") << '\n';
  if (result.divergences.empty()) {
    out << "no difference\n";
    return;
  }
  const Divergence& first = result.divergences.front();
  const TensorInfo& info = program.tensors[static_cast<std::size_t>(first.id)];
  out << "first difference: " << bold(first.node) << ", tensor " << info.index << " '"
      << shortened(info.name) << "' " << name_of(info.type) << ' ' << shape_text(info.shape)
      << ", run " << first.run + 1 << ":\n  " << grouped(first.diff.differing) << " of "
      << grouped(info.bytes / size_of(info.type)) << " elements (" << grouped(first.diff.bytes)
      << " B) differ, by at most " << amount(info, first.diff) << "; the first, element "
      << first.diff.first << ", is " << first.diff.left << " against " << first.diff.right
      << "\n\n";
  using enum Table::Align;
  Table table({{"tensor", kRight},
               {"differing", kRight},
               {"of", kRight},
               {"at most", kRight},
               {"computed by"}});
  for (const Divergence& d : result.divergences) {
    const TensorInfo& tensor = program.tensors[static_cast<std::size_t>(d.id)];
    table.row({std::to_string(tensor.index), grouped(d.diff.differing),
               grouped(tensor.bytes / size_of(tensor.type)), amount(tensor, d.diff), d.node});
  }
  table.print(out);
}

void print_json(std::ostream& out, const Program& program, const Comparison& result) {
  Json::Array list;
  for (const Divergence& d : result.divergences) {
    const TensorInfo& info = program.tensors[static_cast<std::size_t>(d.id)];
    list.push_back(Json::Object{{"tensor", info.index},
                                {"name", info.name},
                                {"node", d.node},
                                {"run", d.run},
                                {"differing_elements", d.diff.differing},
                                {"differing_bytes", d.diff.bytes},
                                {"elements", info.bytes / size_of(info.type)},
                                {"first_element", d.diff.first},
                                {"largest", d.diff.largest}});
  }
  out << dump(Json::Object{{"model", program.source},
                           {"left", result.left},
                           {"right", result.right},
                           {"runs", result.runs},
                           {"tensors", result.tensors},
                           {"differences", std::move(list)}});
}

}  // namespace mote::cli
