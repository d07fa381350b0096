#pragma once

#include <memory>
#include <random>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "mote/compiler/ops/op.h"
#include "mote/compiler/quantize/statistics.h"
#include "tests/support/programs.h"

/// Examples for quantising networks in tests.
namespace mote::tests {

/// Normally distributed, the same for the same seed.
inline std::vector<float> random_floats(int count, unsigned seed, float deviation) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& x : values) x = normal(engine);
  return values;
}

/// `count` examples of so many of them.
inline std::vector<std::vector<float>> random_examples(int count, int size, unsigned seed,
                                                       float deviation = 1) {
  std::vector<std::vector<float>> examples;
  for (int i = 0; i < count; ++i)
    examples.push_back(random_floats(size, seed + static_cast<unsigned>(i), deviation));
  return examples;
}

/// The first node of an operator; the test fails where there is none.
inline const graph::Node& node_of(const graph::Graph& graph, std::string_view op) {
  for (const graph::Node& node : graph.nodes)
    if (node.op == op) return node;
  ADD_FAILURE() << "no " << op;
  return graph.nodes[0];
}

/// Runs networks of one input on these examples, which are kept.
inline quantize::Calibration calibration_on(std::vector<std::vector<float>> examples) {
  const auto count = static_cast<int>(examples.size());
  const auto kept = std::make_shared<const std::vector<std::vector<float>>>(std::move(examples));
  const auto load = [kept](const graph::Model& model) -> Result<quantize::RunExample> {
    auto program = compiler::compile(model, {.shrink = false});
    if (!program) return tl::unexpected(program.error());
    auto made =
        runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
    if (!made) return tl::unexpected(made.error());
    const auto network = std::make_shared<runtime::Interpreter>(std::move(*made));
    const auto written = std::make_shared<std::set<int>>();
    for (const program::KernelCall& call : network->program().calls)
      written->insert(call.writes.begin(), call.writes.end());
    return [kept, network, written](int example, const quantize::See& see) {
      const auto show = [&](int id) {
        const runtime::Port port = network->tensor(id);
        if (port.info().type == DType::kFloat32 || port.info().scale != 0)
          see(port.info().index, port.read_real());
      };
      const program::Program& p = network->program();
      if (!p.states.empty()) network->reset();
      EXPECT_TRUE(network->input(0).write_real((*kept)[static_cast<std::size_t>(example)]));
      for (int id : p.inputs) show(id);
      network->run([&](int call) {
        for (int id : p.calls[static_cast<std::size_t>(call)].writes) show(id);
      });
      for (int id : p.outputs)
        if (!written->contains(id)) show(id);  // another's bytes under a name of its own
    };
  };
  const auto refused = [](const graph::Model& model) {
    std::vector<int> list;
    const graph::Graph& graph = model.graphs[0];
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      if (!ops::check_node(graph, graph.nodes[i])) list.push_back(static_cast<int>(i));
    return list;
  };
  return {.examples = count, .load = load, .refused = refused};
}

}  // namespace mote::tests
