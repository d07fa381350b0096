#include "mote/compiler/passes/bands_rewrite.h"

#include <map>
#include <tuple>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/bands_source.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// The rows of a tensor that are there: a tensor that holds these.
struct Held {
  int tensor = -1;
  Range rows;
  bool is_empty() const { return rows.begin == rows.end; }
};

class Rewriter {
 public:
  Rewriter(graph::Model& model, const RowRules& rules, const Schedule& schedule)
      : model_(model), rules_(rules), schedule_(schedule), held_(graph().tensors.size()) {}

  std::int64_t run() {
    const auto [first, last, exit] = schedule_.region;
    const std::vector<Node> nodes = std::move(graph().nodes);
    const auto place = [&](std::size_t n) {
      return nodes.begin() + static_cast<std::ptrdiff_t>(n);
    };
    graph().nodes.assign(nodes.begin(), place(first));
    for (std::size_t b = 0; b < schedule_.bands; ++b)
      for (std::size_t n = first; n <= last; ++n) add(nodes[n], *rules_[n], b);
    join(exit_parts_, exit, nodes[last].from_uint8);
    graph().nodes.insert(graph().nodes.end(), place(last + 1), nodes.end());
    return copied_;
  }

 private:
  Graph& graph() { return model_.graphs[0]; }
  Tensor& tensor(int index) { return graph().tensors[at(index)]; }

  /// A tensor for these rows of another one.
  int add_part(int of, Range rows) {
    Tensor part = tensor(of);
    part.shape[1] = rows.end - rows.begin;
    part.name += cat(" (rows ", rows.begin, " to ", rows.end - 1, ")");
    return add_tensor(model_, std::move(part));
  }

  void join(std::vector<int> parts, int whole, bool from_uint8) {
    Node node{.index = graph::kAdded,
              .op = "CONCATENATION",
              .inputs = std::move(parts),
              .outputs = {whole},
              .from_uint8 = from_uint8};
    node.attrs.set("axis", std::int64_t{1});
    graph().nodes.push_back(std::move(node));
  }

  int numbers(const std::vector<std::int32_t>& list) {
    Tensor constant{.type = DType::kInt32, .shape = {static_cast<int>(list.size())}};
    return add_constant(model_, std::move(constant), graph::bytes_of(list));
  }

  /// The tensor that holds these rows of `of`, which are among those held.
  int view(int of, const Held& held, Range rows) {
    if (rows == held.rows) return held.tensor;
    const auto [place, is_new] = views_.try_emplace({held.tensor, rows.begin, rows.end}, -1);
    if (!is_new) return place->second;
    const int part = add_part(of, rows);
    std::vector<std::int32_t> begins(4),
        sizes(tensor(part).shape.begin(), tensor(part).shape.end());
    begins[1] = rows.begin - held.rows.begin;
    const int begin = numbers(begins), size = numbers(sizes);
    graph().nodes.push_back({.index = graph::kAdded,
                             .op = "SLICE",
                             .inputs = {held.tensor, begin, size},
                             .outputs = {part}});
    return place->second = part;
  }

  /// What a node reads: all rows of an entry, of others those of this band.
  Held held(int input) {
    if (schedule_.find(input)->is_entry) return {input, {0, tensor(input).shape[1]}};
    return held_[at(input)];
  }

  void add(const Node& node, const Rule& rule, std::size_t band) {
    const int output = node.outputs[0];
    const BandRows& rows = *schedule_.find(output);
    const Range fresh{rows.begin(band), rows.end[band]};
    if (output == schedule_.region.exit) {
      exit_parts_.push_back(add_band(node, rule, fresh));
      return;
    }
    const Held before = held_[at(output)];
    const Range kept{std::min(rows.first[band], fresh.begin), fresh.begin};
    Held& now = held_[at(output)];
    if (fresh.begin == fresh.end) {
      if (!before.is_empty() && kept.begin < kept.end) now = {view(output, before, kept), kept};
      return;
    }
    const int part = add_band(node, rule, fresh);
    now = {part, fresh};
    if (before.is_empty() || kept.begin == kept.end) return;
    now = {-1, {kept.begin, fresh.end}};
    const int tail = view(output, before, kept);
    now.tensor = add_part(output, now.rows);
    join({tail, part}, now.tensor, node.from_uint8);
    if (kept != before.rows) copied_ += (kept.end - kept.begin) * row_bytes(tensor(output));
  }

  /// The node for these rows of its output. @returns the tensor that holds them.
  int add_band(const Node& node, const Rule& rule, Range rows) {
    Node part = node;
    if (node.op == kReadRows) part.attrs.set("first", std::int64_t{rows.begin});
    for (int& input : part.inputs)
      if (input != graph::kNoTensor && !tensor(input).is_constant() && !tensor(input).is_source)
        input = view(input, held(input), rule.seen_by(rows, tensor(input).shape[1]));
    const auto border_of = [&] { return rule.border_of(rows, tensor(node.inputs[0]).shape[1]); };
    if (rule.kind == Rule::Kind::kWindow) {
      const Range border = border_of();
      part.attrs.set("pad_top", std::int64_t{border.begin});
      part.attrs.set("pad_bottom", std::int64_t{border.end});
    } else if (rule.kind == Rule::Kind::kPad) {
      const Range border = border_of();
      auto paddings = graph::values<std::int32_t>(tensor(node.inputs[1]));
      paddings[2] = border.begin, paddings[3] = border.end;
      Tensor constant = tensor(node.inputs[1]);
      part.inputs[1] = add_constant(model_, std::move(constant), graph::bytes_of(paddings));
    }
    part.outputs = {add_part(node.outputs[0], rows)};
    graph().nodes.push_back(part);
    return part.outputs[0];
  }

  graph::Model& model_;
  const RowRules& rules_;
  const Schedule& schedule_;
  std::vector<Held> held_;  // by tensor
  std::vector<int> exit_parts_;
  std::map<std::tuple<int, int, int>, int> views_;  // by tensor and rows
  std::int64_t copied_ = 0;
};

}  // namespace

std::int64_t rewrite_in_bands(graph::Model& model, const RowRules& rules,
                              const Schedule& schedule) {
  return Rewriter(model, rules, schedule).run();
}

}  // namespace mote::passes
