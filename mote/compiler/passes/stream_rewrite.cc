#include "mote/compiler/passes/stream_rewrite.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/evaluate.h"
#include "mote/compiler/passes/rewire.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;
using Bytes = std::vector<std::byte>;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Bytes of a tensor whose elements are all its zero point.
Bytes zero_window(const Tensor& tensor) {
  const std::int64_t zero = tensor.type == DType::kFloat32 ? 0 : tensor.zero_point();
  const auto size = at(size_of(tensor.type));
  Bytes bytes(static_cast<std::size_t>(graph::byte_count(tensor)));
  for (std::size_t i = 0; i < bytes.size(); i += size) std::memcpy(&bytes[i], &zero, size);
  return bytes;
}

/// Some columns of a tensor's bytes.
Bytes columns_of(const Bytes& bytes, const Tensor& tensor, const Columns& columns, int column,
                 int count = 1) {
  std::size_t inner = at(size_of(tensor.type)), outer = 1;
  for (std::size_t k = 0; k < tensor.shape.size(); ++k)
    if (static_cast<int>(k) != columns.axis)
      (static_cast<int>(k) < columns.axis ? outer : inner) *= at(tensor.shape[k]);
  Bytes out;
  for (std::size_t o = 0; o < outer; ++o) {
    const auto from =
        bytes.begin() + static_cast<std::ptrdiff_t>((o * at(columns.count) + at(column)) * inner);
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(at(count) * inner));
  }
  return out;
}

/// What tensors of the network hold in a window full of the input's zero point.
Result<std::vector<Bytes>> values_at_start(const graph::Model& model, const Context& context,
                                           const std::vector<int>& tensors) {
  graph::Model probe = model;
  probe.graphs.resize(1);
  Graph& graph = probe.graphs[0];
  graph.outputs = tensors;
  std::vector<bool> needed(graph.tensors.size());
  for (int tensor : tensors) needed[at(tensor)] = true;
  std::vector<Node> nodes;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (!std::any_of(node->outputs.begin(), node->outputs.end(),
                     [&](int output) { return needed[at(output)]; }))
      continue;
    for (int input : node->inputs)
      if (input != graph::kNoTensor) needed[at(input)] = true;
    nodes.push_back(*node);
  }
  graph.nodes.assign(nodes.rbegin(), nodes.rend());
  const Bytes window = zero_window(graph.tensors[at(graph.inputs[0])]);
  return evaluate(context, probe, std::span(&window, 1));
}

/// What there is of a streamed tensor in each run.
struct Parts {
  int left = -1, fresh = -1;  ///< tensors with the columns that are computed
  int variable = -1;          ///< with all from column `first` on; -1: none
  int first = 0;
};

class Rewriter {
 public:
  Rewriter(graph::Model& model, const Flow& flow)
      : model_(model), flow_(flow), needs_(needs_of(model.graphs[0], flow)) {}

  Result<Changes> run(const Context& context) {
    MOTE_TRY(find_first_columns(context));
    const std::vector<Node> nodes = std::move(graph().nodes);
    graph().nodes.clear();
    take_input();
    for (std::size_t n = 0; n < nodes.size(); ++n) add(nodes[n], n);
    for (int output : graph().outputs)
      if (columns(output).is_streamed()) view(output, {0, columns(output).count});
    return std::move(changes_);
  }

 private:
  Graph& graph() { return model_.graphs[0]; }
  Tensor& tensor(int index) { return graph().tensors[at(index)]; }
  /// Tensors that were added are not of the stream.
  Columns columns(int index) const {
    return at(index) < flow_.columns.size() ? flow_.columns[at(index)] : Columns();
  }
  const std::vector<Range>& needs(int index) const {
    static const std::vector<Range> kNone;
    const auto found = needs_.find(index);
    return found == needs_.end() ? kNone : found->second;
  }

  /// Finds with which columns each variable begins, by running a window in which all columns are
  /// the same: where the rules hold, so are those of every tensor, borders aside; or they repeat
  /// from run to run, where one column became several.
  Result<void> find_first_columns(const Context& context) {
    std::vector<int> kept;
    for (const auto& [index, ranges] : needs_)
      if (first_kept(columns(index), ranges) && index != graph().inputs[0]) kept.push_back(index);
    if (kept.empty()) return {};
    const auto values = values_at_start(model_, context, kept);
    MOTE_TRY(values);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const Columns& c = columns(kept[i]);
      const Tensor& of = tensor(kept[i]);
      const auto column = [&](int j) { return columns_of((*values)[i], of, c, j); };
      bool is_even = true;
      for (int j = c.left; j < c.count - c.right; ++j) {
        is_even = is_even && column(j) == column(c.left);
        if (j >= c.left + c.shift && column(j) != column(j - c.shift))
          return unsupported(cat("'", of.name, "' is not the same in every run on a constant ",
                                 "window; run the model without --stream"));
      }
      const int begin = *first_kept(c, needs(kept[i]));
      first_columns_[kept[i]] =
          is_even ? column(c.left) : columns_of((*values)[i], of, c, begin, c.count - begin);
    }
    return {};
  }

  /// A tensor for some columns of `of`.
  int add_part(int of, int count, const char* what) {
    Tensor part = tensor(of);
    part.shape[at(columns(of).axis)] = count;
    part.name += what;
    return add_tensor(model_, std::move(part));
  }

  void add_node(Node node) { graph().nodes.push_back(std::move(node)); }

  /// Makes the variable of a tensor that needs one, and room in it for what is new.
  void keep(int index) {
    const Columns c = columns(index);
    const auto first = first_kept(c, needs(index));
    if (!first) return;
    Parts& parts = parts_[index];
    parts.first = *first;
    parts.variable = add_part(index, c.count - *first, " (kept)");
    tensor(parts.variable).is_variable = true;
    const int begin = std::max(c.left, *first), end = c.count - c.right;
    if (end - begin <= c.shift) return;
    Node node{.index = graph::kAdded, .op = "STREAM_SHIFT", .inputs = {parts.variable}};
    node.attrs.set("axis", std::int64_t{c.axis});
    node.attrs.set("begin", std::int64_t{begin - *first});
    node.attrs.set("end", std::int64_t{end - *first});
    node.attrs.set("hop", std::int64_t{c.shift});
    if (const int constant = first_column(index); constant >= 0) node.inputs.push_back(constant);
    add_node(std::move(node));
  }

  /// The constant that a variable begins with, one column or all of them; -1 where its memory
  /// already holds that.
  int first_column(int index) {
    const auto found = first_columns_.find(index);
    Tensor column = tensor(index);
    column.shape[at(columns(index).axis)] = 1;
    column.name += " (at first)";
    const Bytes bytes = found == first_columns_.end() ? zero_window(column) : found->second;
    column.shape[at(columns(index).axis)] =
        static_cast<int>(std::ssize(bytes) / graph::byte_count(column));
    const int fill = column.type == DType::kInt8 ? column.zero_point() : 0;
    const auto filler = static_cast<std::byte>(static_cast<std::uint8_t>(fill));
    if (std::all_of(bytes.begin(), bytes.end(), [&](std::byte b) { return b == filler; }))
      return -1;
    return add_constant(model_, std::move(column), bytes);
  }

  /// Puts columns from `begin` on into the variable, if there is one.
  void write(int index, int part, int begin) {
    const Columns c = columns(index);
    const Parts& parts = parts_[index];
    if (parts.variable < 0) return;
    const int count = tensor(part).shape[at(c.axis)];
    if (begin < parts.first) return write_rest(index, part, begin);
    Node node{.index = graph::kAdded, .op = "STREAM_WRITE", .inputs = {parts.variable, part}};
    node.attrs.set("axis", std::int64_t{c.axis});
    node.attrs.set("begin", std::int64_t{begin - parts.first});
    node.attrs.set("end", std::int64_t{begin - parts.first + count});
    add_node(std::move(node));
  }

  /// The same where the variable begins within those columns, or behind them.
  void write_rest(int index, int part, int begin) {
    const int count = tensor(part).shape[at(columns(index).axis)];
    const int first = parts_[index].first;
    if (begin + count > first) write(index, slice(index, part, {first - begin, count}, -1), first);
  }

  /// Some columns of a part of `index`, as a tensor: `as`, or a new one for -1.
  int slice(int index, int part, Range range, int as) {
    const int axis = columns(index).axis;
    if (as < 0) as = add_part(index, range.end - range.begin, " (some)");
    std::vector<std::int32_t> begins(tensor(part).shape.size());
    begins[at(axis)] = range.begin;
    add_slice(part, begins, as);
    return as;
  }

  /// A SLICE from these elements on, as large as its output.
  void add_slice(int from, const std::vector<std::int32_t>& begins, int to) {
    const std::vector<std::int32_t> sizes(tensor(to).shape.begin(), tensor(to).shape.end());
    const auto constant = [&](const std::vector<std::int32_t>& numbers) {
      Tensor list{.type = DType::kInt32, .shape = {static_cast<int>(numbers.size())}};
      return add_constant(model_, std::move(list), graph::bytes_of(numbers));
    };
    const int begin = constant(begins), size = constant(sizes);
    add_node(
        {.index = graph::kAdded, .op = "SLICE", .inputs = {from, begin, size}, .outputs = {to}});
  }

  /// The tensor that holds these columns of a streamed one. The whole window is the tensor itself.
  int view(int index, Range range) {
    const Columns c = columns(index);
    if (!c.is_streamed()) return index;
    const Parts parts = parts_[index];
    if (parts.left >= 0 && range == Range{0, c.left}) return parts.left;
    if (range == Range{c.fresh(), c.count}) return parts.fresh;
    const auto [place, is_new] = views_.try_emplace({index, range.begin, range.end}, -1);
    if (!is_new) return place->second;
    int part = parts.variable, offset = parts.first;
    if (range.begin >= c.fresh())
      part = parts.fresh, offset = c.fresh();
    else if (range.end <= c.left)
      part = parts.left, offset = 0;
    const bool is_whole = range == Range{0, c.count};
    return place->second = slice(index, part, {range.begin - offset, range.end - offset},
                                 is_whole ? index : -1);
  }

  void take_input() {
    const int input = graph().inputs[0];
    const Columns c = columns(input);
    const int fresh = add_part(input, c.shift, "");
    parts_[input].fresh = graph().inputs[0] = fresh;
    changes_.lines.push_back(
        cat("input '", tensor(input).name, "': ", c.shift, " of ", c.count, " columns a run"));
    keep(input);
    write(input, fresh, c.fresh());
  }

  bool reads_stream(const Node& node) const {
    return std::any_of(node.inputs.begin(), node.inputs.end(), [&](int input) {
      return input != graph::kNoTensor && columns(input).is_streamed();
    });
  }

  void add(const Node& node, std::size_t n) {
    if (!reads_stream(node)) return add_node(node);
    const auto& rule = flow_.rules[n];
    if (!rule || !columns(node.outputs[0]).is_streamed()) return add_whole(node, n);
    const int output = node.outputs[0];
    const Columns c = columns(output);
    if (needs(output).empty()) return;  // nothing reads it
    keep(output);
    int count = 0;
    for (const Range& range : computed(c, needs(output))) {
      const bool is_left = range.begin == 0 && range.end == c.left;
      const int part = add_part(output, range.end - range.begin, is_left ? " (first)" : " (new)");
      add_columns(node, *rule, range, part);
      (is_left ? parts_[output].left : parts_[output].fresh) = part;
      write(output, part, range.begin);
      count += range.end - range.begin;
    }
    changes_.lines.push_back(
        cat(graph::describe(graph(), node), ": ", count, " of ", c.count, " columns a run"));
  }

  /// A node whose output is new in each run.
  void add_whole(const Node& node, std::size_t n) {
    const auto& rule = flow_.rules[n];
    const auto sees_all = [&](int input) {
      return rule->seen_by({0, rule->count}, columns(input).count) ==
             Range{0, columns(input).count};
    };
    changes_.lines.push_back(
        cat(graph::describe(graph(), node), ": on the whole window, since it ", flow_.reasons[n]));
    if (rule && !sees_all(node.inputs[0]))
      return add_columns(node, *rule, {0, rule->count}, node.outputs[0]);
    for (int input : node.inputs)
      if (input != graph::kNoTensor && columns(input).is_streamed())
        view(input, {0, columns(input).count});
    add_node(node);
  }

  /// The node for some columns of its output, which `output` is to hold.
  void add_columns(const Node& node, const Rule& rule, Range range, int output) {
    Node part = node;
    part.outputs = {output};
    for (int& input : part.inputs)
      if (input != graph::kNoTensor && columns(input).is_streamed())
        input = view(input, rule.seen_by(range, columns(input).count));
    const Columns in = columns(node.inputs[0]);
    const Range border = rule.border_of(range, in.count);
    switch (rule.kind) {
      case Rule::Kind::kPlain:
        break;
      case Rule::Kind::kWindow:
        part.attrs.set(in.axis == 1 ? "pad_top" : "pad_left", std::int64_t{border.begin});
        part.attrs.set(in.axis == 1 ? "pad_bottom" : "pad_right", std::int64_t{border.end});
        break;
      case Rule::Kind::kCrop:
        return add_crop(node, in.axis, part.inputs[0], output);
      case Rule::Kind::kPad:
        part.inputs[1] = paddings(node, in.axis, border);
        break;
      case Rule::Kind::kReshape:
        part = {.index = node.index,
                .op = "RESHAPE",
                .inputs = {part.inputs[0]},
                .outputs = {output},
                .from_uint8 = node.from_uint8};
        break;
    }
    add_node(std::move(part));
  }

  int paddings(const Node& node, int axis, Range border) {
    auto numbers = graph::values<std::int32_t>(tensor(node.inputs[1]));
    numbers[at(2 * axis)] = border.begin, numbers[at(2 * axis + 1)] = border.end;
    Tensor constant = tensor(node.inputs[1]);
    return add_constant(model_, std::move(constant), graph::bytes_of(numbers));
  }

  /// A SLICE that takes all columns of `input`; dimensions that the node removes go afterwards.
  void add_crop(const Node& node, int axis, int input, int output) {
    const std::vector<int> begins = *begins_of(graph(), node);
    const int removed = node.attrs.integer("shrink_axis_mask");
    std::vector<std::int32_t> from(begins.begin(), begins.end());
    from[at(axis)] = 0;
    Tensor cropped = tensor(output);
    for (int k = 0; k < static_cast<int>(from.size()); ++k)
      if ((removed >> k & 1) != 0) cropped.shape.insert(cropped.shape.begin() + k, 1);
    if (removed == 0) return add_slice(input, from, output);
    const int slice = add_tensor(model_, std::move(cropped));
    add_slice(input, from, slice);
    add_node({.index = node.index, .op = "RESHAPE", .inputs = {slice}, .outputs = {output}});
  }

  graph::Model& model_;
  const Flow& flow_;
  const Needs needs_;
  Changes changes_;
  std::map<int, Bytes> first_columns_;
  std::map<int, Parts> parts_;
  std::map<std::tuple<int, int, int>, int> views_;
};

}  // namespace

Result<Changes> rewrite_for_stream(graph::Model& model, const Context& context, const Flow& flow) {
  return Rewriter(model, flow).run(context);
}

}  // namespace mote::passes
