#include "cli/quantize/networks.h"

#include <memory>
#include <set>
#include <utility>

#include "mote/compiler/compile.h"
#include "mote/compiler/ops/op.h"
#include "mote/compiler/passes/passes.h"
#include "mote/dispatch/kernel_table.h"

namespace mote::cli {
namespace {

using program::TensorInfo;

/// Whether the tensor stands for real numbers.
bool is_real(const TensorInfo& info) { return info.type == DType::kFloat32 || info.scale != 0; }

/// A network with what was fed to it.
class Network {
 public:
  Network(const Examples& examples, runtime::Interpreter interpreter)
      : examples_(examples), interpreter_(std::move(interpreter)) {
    // What is another's bytes under its own name is written by no call.
    const program::Program& program = interpreter_.program();
    std::set<int> written;
    for (const program::KernelCall& call : program.calls)
      written.insert(call.writes.begin(), call.writes.end());
    for (int id : program.outputs)
      if (!written.contains(id)) other_outputs_.push_back(id);
  }

  void run(int example, const quantize::See& see) {
    const program::Program& program = interpreter_.program();
    if (!program.states.empty()) interpreter_.reset();
    feed(examples_, example, interpreter_);
    for (int id : program.inputs) show(id, see);
    interpreter_.run([&](int call) {
      for (int id : program.calls[static_cast<std::size_t>(call)].writes) show(id, see);
    });
    for (int id : other_outputs_) show(id, see);
  }

 private:
  void show(int id, const quantize::See& see) const {
    const runtime::Port port = interpreter_.tensor(id);
    if (!is_real(port.info())) return;
    if (const auto floats = port.as<float>())
      see(port.info().index, *floats);
    else
      see(port.info().index, port.read_real());
  }

  const Examples& examples_;
  runtime::Interpreter interpreter_;
  std::vector<int> other_outputs_;
};

Result<quantize::RunExample> load_network(const graph::Model& model, const Examples& examples) {
  const auto table = dispatch::choose_table("");
  if (!table) return tl::unexpected(table.error());
  auto program = compiler::compile(model, {.isa = std::string((*table)->isa), .shrink = false});
  if (!program) return tl::unexpected(program.error());
  auto interpreter =
      runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
  if (!interpreter) return tl::unexpected(interpreter.error());
  const auto network = std::make_shared<Network>(examples, std::move(*interpreter));
  return [network](int example, const quantize::See& see) { network->run(example, see); };
}

/// The nodes that mote has no kernels for.
std::vector<int> refused_nodes(const graph::Model& model) {
  std::vector<int> refused;
  const graph::Graph& graph = model.graphs[0];
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    if (!ops::check_node(graph, graph.nodes[i])) refused.push_back(static_cast<int>(i));
  return refused;
}

}  // namespace

Result<void> tidy(graph::Model& model) {
  for (const passes::Pass* pass :
       {&passes::fold_constants, &passes::remove_no_ops, &passes::remove_unused})
    MOTE_TRY(pass->run(model, compiler::pass_context()));
  return {};
}

quantize::Calibration calibration_of(const Examples& examples, std::function<void()> progress) {
  return {.examples = examples.count,
          .load = [&examples](const graph::Model& model) { return load_network(model, examples); },
          .refused = refused_nodes,
          .progress = std::move(progress)};
}

}  // namespace mote::cli
