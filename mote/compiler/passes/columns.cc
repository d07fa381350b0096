#include "mote/compiler/passes/columns.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

/// Each element from the elements at its place in the inputs.
constexpr std::array<std::string_view, 38> kElementwise = {
    "ABS",         "ADD",          "CAST",
    "CEIL",        "COS",          "DEQUANTIZE",
    "DIV",         "ELU",          "EXP",
    "FLOOR",       "GELU",         "HARD_SWISH",
    "LEAKY_RELU",  "LOG",          "LOGISTIC",
    "MAXIMUM",     "MINIMUM",      "MUL",
    "NEG",         "POW",          "PRELU",
    "QUANTIZE",    "RELU",         "RELU6",
    "RELU_0_TO_1", "RELU_N1_TO_1", "ROUND",
    "RSQRT",       "SIGN",         "SIN",
    "SQRT",        "SQUARE",       "SQUARED_DIFFERENCE",
    "SUB",         "TANH",         "ZEROS_LIKE",
    "FLOOR_DIV",   "READ_ROWS"};
/// Rows along the last dimension.
constexpr std::array<std::string_view, 3> kRowwise = {"SOFTMAX", "LOG_SOFTMAX", "L2_NORMALIZATION"};
constexpr std::array<std::string_view, 4> kReductions = {"MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN"};
constexpr std::array<std::string_view, 3> kReshapes = {"RESHAPE", "SQUEEZE", "EXPAND_DIMS"};

template <std::size_t kCount>
bool is_one_of(std::string_view name, const std::array<std::string_view, kCount>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::size_t at(int i) { return static_cast<std::size_t>(i); }
int rank_of(const Tensor& tensor) { return static_cast<int>(tensor.shape.size()); }

/// Rounded away from zero for positive numbers.
int divide_up(int a, int b) { return (a + b - 1) / b; }

tl::unexpected<Error> because(std::string reason) { return unsupported(std::move(reason)); }

/// What a rule looks at.
struct Site {
  const Graph& graph;
  const Node& node;
  const Columns& columns;  ///< of the first input that is streamed
  const Tensor& input;     ///< that input
  const Tensor& output;
};

/// The numbers of a constant tensor of 32-bit numbers; empty where it is none.
std::vector<std::int32_t> numbers_of(const Tensor* tensor) {
  if (!tensor || !tensor->is_constant() || tensor->type != DType::kInt32) return {};
  return graph::values<std::int32_t>(*tensor);
}

/// That the constant is the same in every column: it has one, or not that many dimensions.
bool is_steady(const Tensor& constant, const Site& site) {
  const int axis = site.columns.axis - rank_of(site.output) + rank_of(constant);
  return axis < 0 || constant.shape[at(axis)] == 1;
}

/// An operator that makes each column from those at its place in its inputs.
Result<Rule> plain(const Site& site) {
  return Rule{.axis = site.columns.axis, .count = site.columns.count};
}

Result<Rule> elementwise(const Site& site) {
  if (rank_of(site.input) != rank_of(site.output) ||
      site.output.shape[at(site.columns.axis)] != site.columns.count)
    return because("spreads its inputs over other dimensions");
  for (std::size_t i = 0; i < site.node.inputs.size(); ++i) {
    const Tensor* input = site.graph.input(site.node, i);
    if (input && input->is_constant() && !is_steady(*input, site))
      return because(cat("has a constant, '", input->name, "', that differs between columns"));
  }
  return plain(site);
}

Result<Rule> rowwise(const Site& site) {
  if (site.columns.axis == rank_of(site.input) - 1) return because("takes all columns together");
  return plain(site);
}

Result<Rule> concatenation(const Site& site) {
  const int axis = site.node.attrs.integer("axis");
  if ((axis < 0 ? axis + rank_of(site.output) : axis) == site.columns.axis)
    return because("joins its inputs along the stream's axis");
  for (std::size_t i = 0; i < site.node.inputs.size(); ++i)
    if (const Tensor* input = site.graph.input(site.node, i); !input || input->is_constant())
      return because("joins the stream with a constant");
  return plain(site);
}

Result<Rule> fully_connected(const Site& site) {
  const Tensor& filter = *site.graph.input(site.node, 1);
  const std::vector<int>&in = site.input.shape, &out = site.output.shape;
  if (site.columns.axis == rank_of(site.input) - 1 || in.back() != filter.shape[1])
    return because("multiplies the whole window at once");
  if (std::equal(in.begin(), in.end() - 1, out.begin(), out.end() - 1)) return plain(site);
  const auto others = graph::element_count(site.input) / in.back() / site.columns.count;
  if (out.size() != 2 || others != 1) return because("mixes the stream's axis with others");
  return Rule{.axis = 0, .count = site.columns.count};
}

Result<Rule> transpose(const Site& site) {
  const auto order = numbers_of(site.graph.input(site.node, 1));
  const auto place = std::find(order.begin(), order.end(), site.columns.axis);
  if (place == order.end()) return because("has an order of dimensions that is not constant");
  return Rule{.axis = static_cast<int>(place - order.begin()), .count = site.columns.count};
}

Result<Rule> reduction(const Site& site) {
  const int rank = rank_of(site.input);
  std::vector<bool> is_reduced(site.input.shape.size());
  for (std::int32_t axis : numbers_of(site.graph.input(site.node, 1)))
    is_reduced[at(axis < 0 ? axis + rank : axis)] = true;
  if (is_reduced[at(site.columns.axis)]) return because("takes all columns together");
  Rule rule{.axis = site.columns.axis, .count = site.columns.count};
  if (rank_of(site.output) != rank)
    rule.axis -= static_cast<int>(
        std::count(is_reduced.begin(), is_reduced.begin() + site.columns.axis, true));
  return rule;
}

/// A dimension of the output that begins where the stream's axis does, and holds what it holds.
Result<Rule> reshape(const Site& site) {
  const auto product = [](auto begin, auto end) {
    return std::accumulate(begin, end, std::int64_t{1}, std::multiplies<>());
  };
  const std::vector<int>&in = site.input.shape, &out = site.output.shape;
  const auto outer = product(in.begin(), in.begin() + site.columns.axis);
  const auto inner = product(in.begin() + site.columns.axis + 1, in.end());
  for (auto axis = out.begin(); axis != out.end(); ++axis) {
    if (*axis == 1 || product(out.begin(), axis) != outer) continue;
    Rule rule{
        .kind = Rule::Kind::kReshape, .axis = static_cast<int>(axis - out.begin()), .count = *axis};
    const auto new_inner = product(axis + 1, out.end());
    if (inner % new_inner == 0)
      rule.spread = static_cast<int>(inner / new_inner);
    else if (new_inner % inner == 0)
      rule.stride = rule.reach = static_cast<int>(new_inner / inner);
    else
      break;
    return rule;
  }
  return because("makes a shape in which no dimension is the stream's");
}

/// A filter's or pool's window along the stream's axis.
Result<Rule> window(const Site& site, int taps, const char* dilation) {
  const bool is_high = site.columns.axis == 1;
  const graph::Attributes& attrs = site.node.attrs;
  Rule rule{.kind = Rule::Kind::kWindow,
            .axis = site.columns.axis,
            .count = site.output.shape[at(site.columns.axis)],
            .stride = attrs.integer(is_high ? "stride_h" : "stride_w", 1),
            .reach = (taps - 1) * (dilation ? attrs.integer(dilation, 1) : 1) + 1};
  constexpr int kSame = 0;
  rule.before = attrs.integer(is_high ? "pad_top" : "pad_left", -1);
  if (rule.before < 0) {
    const int reach = (rule.count - 1) * rule.stride + rule.reach;
    rule.before =
        attrs.integer("padding") == kSame ? std::max(0, reach - site.columns.count) / 2 : 0;
  }
  return rule;
}

Result<Rule> convolution(const Site& site) {
  const Tensor& filter = *site.graph.input(site.node, 1);
  const int axis = site.columns.axis;
  if (!filter.is_constant()) return because("has a filter that is computed");
  if (axis == 0) return plain(site);
  if (axis == 3) return because("has the stream's axis for its channels");
  if (site.input.type == DType::kFloat32 && filter.type != DType::kFloat32)
    return because("scales its input by the largest number of the whole window");
  return window(site, filter.shape[at(axis)],
                axis == 1 ? "dilation_h_factor" : "dilation_w_factor");
}

Result<Rule> pool(const Site& site) {
  const int axis = site.columns.axis;
  if (axis == 0 || axis == 3) return plain(site);
  return window(site, site.node.attrs.integer(axis == 1 ? "filter_height" : "filter_width"),
                nullptr);
}

Result<Rule> pad(const Site& site) {
  const auto paddings = numbers_of(site.graph.input(site.node, 1));
  const auto before = at(2 * site.columns.axis);
  if (paddings.size() != 2 * site.input.shape.size())
    return because("has paddings that are not constant 32-bit numbers");
  if (paddings[before] == 0 && paddings[before + 1] == 0) return plain(site);
  if (site.node.op == "MIRROR_PAD") return because("mirrors columns at the window's ends");
  return Rule{.kind = Rule::Kind::kPad,
              .axis = site.columns.axis,
              .count = site.output.shape[at(site.columns.axis)],
              .before = paddings[before]};
}

Result<Rule> crop(const Site& site) {
  const auto begins = begins_of(site.graph, site.node);
  if (!begins) return because("takes its elements with gaps, or from where no constant says");
  const int removed = site.node.attrs.integer("shrink_axis_mask");
  Rule rule{.kind = Rule::Kind::kCrop, .before = -(*begins)[at(site.columns.axis)]};
  if ((removed >> site.columns.axis & 1) != 0) return rule;
  rule.axis = site.columns.axis;
  for (int k = 0; k < site.columns.axis; ++k) rule.axis -= removed >> k & 1;
  rule.count = site.output.shape[at(rule.axis)];
  return rule;
}

Result<Rule> rule_at(const Site& site) {
  const std::string& op = site.node.op;
  if (is_one_of(op, kElementwise)) return elementwise(site);
  if (is_one_of(op, kRowwise)) return rowwise(site);
  if (is_one_of(op, kReductions)) return reduction(site);
  if (is_one_of(op, kReshapes)) return reshape(site);
  if (op == "CONCATENATION") return concatenation(site);
  if (op == "FULLY_CONNECTED") return fully_connected(site);
  if (op == "TRANSPOSE") return transpose(site);
  if (op == "CONV_2D" || op == "DEPTHWISE_CONV_2D") return convolution(site);
  if (op == "AVERAGE_POOL_2D" || op == "MAX_POOL_2D") return pool(site);
  if (op == "PAD" || op == "PADV2" || op == "MIRROR_PAD") return pad(site);
  if (op == "SLICE" || op == "STRIDED_SLICE") return crop(site);
  return because("may mix columns in any way");
}

}  // namespace

Range Rule::seen_by(Range outputs, int in_count) const {
  if (spread > 1) return {outputs.begin / spread, divide_up(outputs.end, spread)};
  return {std::max(0, outputs.begin * stride - before),
          std::min(in_count, (outputs.end - 1) * stride - before + reach)};
}

Range Rule::border_of(Range outputs, int in_count) const {
  return {std::max(0, before - outputs.begin * stride),
          std::max(0, (outputs.end - 1) * stride - before + reach - in_count)};
}

Result<Rule> rule_of(const Graph& graph, const Node& node, std::span<const Columns> columns) {
  const Columns* first = nullptr;
  const Tensor* input = nullptr;
  if (node.is_custom || node.outputs.size() != 1) return because("may mix columns in any way");
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Tensor* tensor = graph.input(node, i);
    if (!tensor || tensor->is_constant()) continue;
    const Columns& of = columns[at(node.inputs[i])];
    if (!of.is_streamed())
      return because(cat("also reads '", tensor->name, "', which is another in each run"));
    if (!first) first = &of, input = tensor;
    if (of.axis != first->axis || of.count != first->count || of.shift != first->shift ||
        tensor->shape.size() != input->shape.size())
      return because("joins inputs that move in different ways");
  }
  if (!first) return because("reads constants alone");
  for (const Tensor* tensor : {input, &graph.output(node)})
    if (tensor->quant.scale.size() > 1)
      return because(cat("has several scales for '", tensor->name, "'"));
  // Of several inputs the widest border counts.
  Columns widest = *first;
  for (int tensor : node.inputs)
    if (tensor != graph::kNoTensor && columns[at(tensor)].is_streamed()) {
      widest.left = std::max(widest.left, columns[at(tensor)].left);
      widest.right = std::max(widest.right, columns[at(tensor)].right);
    }
  return rule_at({graph, node, widest, *input, graph.output(node)});
}

std::optional<Columns> pass_on(const Columns& in, const Rule& rule) {
  if (rule.axis < 0) return Columns();
  Columns out{.axis = rule.axis, .count = rule.count};
  if (rule.spread > 1) {
    out.left = in.left * rule.spread, out.right = in.right * rule.spread;
    out.shift = in.shift * rule.spread;
  } else {
    // The columns whose windows lie within what no border has touched.
    const int first = std::max(0, in.left + rule.before);
    const int last = in.count - in.right - rule.reach + rule.before;
    out.left = divide_up(first, rule.stride);
    if (out.left > 0 && rule.seen_by({0, out.left}, in.count).end <= 0) {
      // Nothing but border: one column more, so that there is something to read.
      out.left = divide_up(rule.before + 1, rule.stride);
    }
    out.right =
        last < 0 ? rule.count : rule.count - 1 - std::min(rule.count - 1, last / rule.stride);
    out.shift = divide_up(in.shift, rule.stride);
  }
  if (out.left + out.right + out.shift >= out.count) return Columns();
  if (in.shift % rule.stride != 0) return std::nullopt;
  return out;
}

std::optional<std::vector<int>> begins_of(const Graph& graph, const Node& node) {
  const Tensor& input = *graph.input(node, 0);
  const auto begin = numbers_of(graph.input(node, 1));
  const std::size_t rank = input.shape.size();
  if (begin.size() != rank) return std::nullopt;
  std::vector<int> begins(begin.begin(), begin.end());
  if (node.op == "SLICE") return begins;
  const auto strides = numbers_of(graph.input(node, 3));
  if (strides != std::vector<std::int32_t>(rank, 1)) return std::nullopt;
  for (std::size_t k = 0; k < rank; ++k) {
    const bool from_edge = (node.attrs.integer("begin_mask") >> k & 1) != 0;
    if (begins[k] < 0) begins[k] += input.shape[k];
    begins[k] = from_edge ? 0 : std::clamp(begins[k], 0, input.shape[k]);
  }
  return begins;
}

}  // namespace mote::passes
