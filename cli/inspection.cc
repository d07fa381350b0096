#include "cli/inspection.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "mote/compiler/compile.h"
#include "mote/compiler/graph/print.h"
#include "mote/compiler/passes/unroll_loops.h"
#include "mote/mote.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

using graph::Graph;
using graph::Node;

std::int64_t weight_bytes(const Graph& graph, const Node& node) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (const graph::Tensor* input = graph.input(node, i); input && input->is_constant())
      bytes += static_cast<std::int64_t>(input->data.size());
  return bytes;
}

/// Every constant once, also where several operators read the same bytes.
std::int64_t all_weight_bytes(const graph::Model& model) {
  std::map<const std::byte*, std::size_t> sizes;
  for (const Graph& graph : model.graphs)
    for (const graph::Tensor& tensor : graph.tensors)
      if (tensor.is_constant())
        sizes[tensor.data.data()] = std::max(sizes[tensor.data.data()], tensor.data.size());
  std::int64_t bytes = 0;
  for (const auto& [data, size] : sizes) bytes += static_cast<std::int64_t>(size);
  return bytes;
}

/// The multiply-accumulates of one node of a model that cannot be compiled as a whole: compiles a
/// model of that node alone.
std::optional<std::int64_t> macs_alone(const graph::Model& model, const Node& node) {
  const Graph& graph = model.graphs[0];
  graph::Model alone{.source = model.source, .description = {}, .graphs = {{}}, .storage = {}};
  Graph& only = alone.graphs[0];
  only.nodes = {node};
  std::map<int, int> numbers;  // of its tensors, in the model and alone
  const auto take = [&](int& tensor) {
    if (tensor == graph::kNoTensor) return;
    const auto [it, is_new] = numbers.try_emplace(tensor, static_cast<int>(only.tensors.size()));
    if (is_new) only.tensors.push_back(graph.tensors[static_cast<std::size_t>(tensor)]);
    tensor = it->second;
  };
  for (int& input : only.nodes[0].inputs) take(input);
  for (std::size_t t = 0; t < only.tensors.size(); ++t)
    if (!only.tensors[t].is_constant() && !only.tensors[t].is_variable)
      only.inputs.push_back(static_cast<int>(t));
  for (int& output : only.nodes[0].outputs) take(output);
  auto intermediates = node.attrs.integers("intermediates");
  for (std::int64_t& intermediate : intermediates) {
    int tensor = static_cast<int>(intermediate);
    take(tensor);
    intermediate = tensor;
  }
  if (!intermediates.empty()) only.nodes[0].attrs.set("intermediates", intermediates);
  only.outputs = only.nodes[0].outputs;
  const auto program = compiler::compile(alone);
  if (!program) return std::nullopt;
  return program::macs(*program);
}

/// The most bytes of computed tensors that are alive during one node.
std::int64_t activation_floor(const Graph& graph) {
  struct Life {
    int first = 0, last = -1;
  };
  std::vector<Life> lives(graph.tensors.size());
  const int end = static_cast<int>(graph.nodes.size());
  const auto live = [&](int tensor, int first, int last) {
    if (tensor == graph::kNoTensor) return;
    Life& life = lives[static_cast<std::size_t>(tensor)];
    if (life.last < 0) life.first = first;
    life.last = std::max(life.last, last);
  };
  for (int input : graph.inputs) live(input, 0, 0);
  for (int n = 0; n < end; ++n) {
    for (int input : graph.nodes[static_cast<std::size_t>(n)].inputs) live(input, n, n);
    for (int output : graph.nodes[static_cast<std::size_t>(n)].outputs) live(output, n, n);
  }
  for (int output : graph.outputs) live(output, end - 1, end - 1);
  std::vector<std::int64_t> change(static_cast<std::size_t>(end) + 2);
  for (std::size_t t = 0; t < lives.size(); ++t) {
    const graph::Tensor& tensor = graph.tensors[t];
    if (lives[t].last < 0 || tensor.is_constant() || tensor.is_resource) continue;
    const std::int64_t bytes = graph::byte_count(tensor);
    change[static_cast<std::size_t>(lives[t].first)] += bytes;
    change[static_cast<std::size_t>(lives[t].last) + 1] -= bytes;
  }
  std::int64_t now = 0, most = 0;
  for (std::int64_t step : change) most = std::max(most, now += step);
  return most;
}

/// "node 3 CONV_2D ...": what the calls of a node are of, whatever its output is called by now.
bool is_of(const program::KernelCall& call, const Node& node) {
  return (call.node + ' ').starts_with(cat("node ", node.index, ' ', node.op, ' '));
}

/// MACs of the calls that a node became.
std::int64_t macs_of(const program::Program& program, const Node& node) {
  std::int64_t macs = 0;
  for (const program::KernelCall& call : program.calls)
    if (is_of(call, node)) macs += call.macs;
  return macs;
}

/// "after fold_constants:", what it changed, and the graph.
std::string dump(const passes::Pass& pass, const passes::Changes& changes,
                 const graph::Model& model) {
  std::string text = cat("after ", pass.name, ":", changes.empty() ? " unchanged" : "", '\n');
  for (const std::string& line : changes.lines) text += cat("  ", line, '\n');
  for (const Graph& graph : model.graphs) text += cat('\n', graph::print(graph));
  return text;
}

/// Options that note in `result` what passes do.
compiler::Options observed(Inspection& result, const InspectOptions& options) {
  const auto observer = [&result, name = options.dump_after](const passes::Pass& pass,
                                                             const passes::Changes& changes,
                                                             const graph::Model& model) {
    if (!changes.certificate.tensors.empty()) result.certificate = changes.certificate;
    if (pass.name == name) result.dump = dump(pass, changes, model);
  };
  return {.shrink = options.shrink, .loops = Loops(options.recognise_gru), .observer = observer};
}

/// The model with its loops written out, where that can be done; notes what was done, or why it
/// cannot.
graph::Model without_loops(graph::Model model, const Loops& loops, Inspection& result) {
  if (!passes::has_loops(model) && !loops.recognise_gru) return model;
  passes::Context context = compiler::pass_context();
  context.loops = loops;
  graph::Model written_out = model;
  const auto note = [&](const passes::Pass&, const passes::Changes& changes, const graph::Model&) {
    result.loops.insert(result.loops.end(), changes.lines.begin(), changes.lines.end());
  };
  const auto done = passes::write_out_loops(written_out, context, note);
  if (done) return written_out;
  result.obstacle = done.error().message;
  result.loops.clear();
  return model;
}

/// MACs of the calls of operators that are not in the file: where it has a loop, that loop's.
std::int64_t added_macs(const program::Program& program) {
  std::int64_t macs = 0;
  for (const program::KernelCall& call : program.calls)
    if (call.node.starts_with("added ")) macs += call.macs;
  return macs;
}

}  // namespace

Inspection inspect(const graph::Model& model, const InspectOptions& options) {
  const Loops loops(options.recognise_gru);  // brings in what they may become
  Inspection result{.model = &model, .weight_bytes = all_weight_bytes(model)};
  const graph::Model written_out = without_loops(model, loops, result);
  result.unsupported = ops::find_unsupported(written_out);
  result.activation_bytes = activation_floor(written_out.graphs[0]);
  if (result.unsupported.empty()) {
    auto program = compiler::compile(model, observed(result, options));
    program ? void(result.program = std::move(*program))
            : void(result.obstacle = program.error().message);
  }
  if (result.program && result.program->arena_bytes > options.arena_limit)
    result.misfit =
        compiler::compile(
            model, {.arena_limit = options.arena_limit, .shrink = options.shrink, .loops = loops})
            .error()
            .message;
  const Graph& graph = model.graphs[0];
  bool has_loop = false;
  for (const Node& node : graph.nodes) {
    OperatorReport report{.node = &node, .weight_bytes = weight_bytes(graph, node)};
    report.supported = std::none_of(
        result.unsupported.begin(), result.unsupported.end(),
        [&](const ops::Unsupported& u) { return u.graph == 0 && u.node == node.index; });
    if (result.program) report.macs = macs_of(*result.program, node);
    if (result.program && node.op == "WHILE" && !std::exchange(has_loop, true))
      report.macs = added_macs(*result.program);  // of all loops
    if (!result.program && report.supported) report.macs = macs_alone(model, node);
    result.operators.push_back(report);
  }
  return result;
}

Moment largest_moment(const program::Program& program) {
  const std::size_t count = program.setup.size() + program.calls.size();
  if (count == 0) return {};
  std::vector<std::int64_t> bytes(count + 2);  // by time; first as changes
  for (const program::Placement& placement : program.placements) {
    bytes[static_cast<std::size_t>(placement.first_use)] += placement.bytes;
    bytes[static_cast<std::size_t>(placement.last_use) + 1] -= placement.bytes;
  }
  std::partial_sum(bytes.begin(), bytes.end(), bytes.begin());
  const auto most = std::max_element(bytes.begin(), bytes.end() - 2);
  const auto t = static_cast<std::size_t>(most - bytes.begin());
  Moment best{.time = static_cast<int>(t), .call = {}, .bytes = *most, .alive = {}};
  best.call = t < program.setup.size() ? program.setup[t].node
                                       : program.calls[t - program.setup.size()].node;
  for (const program::Placement& placement : program.placements)
    if (placement.first_use <= best.time && best.time <= placement.last_use)
      best.alive.push_back(&placement);
  std::stable_sort(best.alive.begin(), best.alive.end(),
                   [](const auto* a, const auto* b) { return a->bytes > b->bytes; });
  return best;
}

std::int64_t total_macs(const Inspection& inspection) {
  if (inspection.program && !inspection.loops.empty()) return program::macs(*inspection.program);
  std::int64_t sum = 0;
  for (const OperatorReport& report : inspection.operators) sum += report.macs.value_or(0);
  return sum;
}

}  // namespace mote::cli
