#include "mote/compiler/passes/evaluate.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "mote/dispatch/tables.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

/// Memory that starts where the arena's and the constants' offsets are aligned.
struct Memory {
  explicit Memory(std::int64_t bytes)
      : blocks(static_cast<std::size_t>(bytes / program::kAlignment + 1)) {}
  std::byte* data() { return blocks[0].bytes; }

  struct alignas(program::kAlignment) Block {
    std::byte bytes[program::kAlignment];
  };
  std::vector<Block> blocks;
};

}  // namespace

Result<std::vector<std::vector<std::byte>>> evaluate(
    const Context& context, const graph::Model& model,
    std::span<const std::vector<std::byte>> inputs) {
  const auto program = context.lower(model);
  if (!program) return tl::unexpected(program.error());
  Memory arena(program->arena_bytes);
  Memory constants(static_cast<std::int64_t>(program->constants.size()));
  std::copy(program->constants.begin(), program->constants.end(), constants.data());
  const auto tensor = [&](int id) { return program->tensors[static_cast<std::size_t>(id)]; };
  for (std::size_t i = 0; i < inputs.size(); ++i)
    std::copy(inputs[i].begin(), inputs[i].end(), arena.data() + tensor(program->inputs[i]).offset);
  for (const program::KernelCall& call : program->calls) {
    const dispatch::KernelRow* row = dispatch::kScalarTable.find(call.kernel);
    if (!row) return unsupported(cat("there is no scalar kernel ", call.kernel));
    std::vector<dispatch::BoundOperand> operands;
    for (const program::Operand& o : call.operands)
      operands.push_back(
          {(o.space == program::Space::kArena ? arena.data() : constants.data()) + o.offset,
           o.shape});
    std::visit([&](const auto& attrs) { row->run(&attrs, operands.data()); }, call.attrs);
  }
  std::vector<std::vector<std::byte>> outputs;
  for (int id : program->outputs) {
    const std::byte* first = arena.data() + tensor(id).offset;
    outputs.emplace_back(first, first + tensor(id).bytes);
  }
  return outputs;
}

Probe::Probe(const graph::Node& node) {
  model_.source = "a probe";
  model_.graphs.emplace_back();
  graph().nodes.push_back({.index = node.index, .op = node.op, .attrs = node.attrs});
}

int Probe::add(graph::Tensor tensor) {
  graph().tensors.push_back(std::move(tensor));
  return static_cast<int>(graph().tensors.size()) - 1;
}

Probe& Probe::input(graph::Tensor tensor, std::vector<std::byte> bytes) {
  tensor.data = {};
  const int index = add(std::move(tensor));
  graph().inputs.push_back(index);
  node().inputs.push_back(index);
  inputs_.push_back(std::move(bytes));
  return *this;
}

Probe& Probe::constant(graph::Tensor tensor, std::vector<std::byte> bytes) {
  model_.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  tensor.data = *model_.storage.back();
  node().inputs.push_back(add(std::move(tensor)));
  return *this;
}

Probe& Probe::no_input() {
  node().inputs.push_back(graph::kNoTensor);
  return *this;
}

Probe& Probe::output(graph::Tensor tensor) {
  const int index = add(std::move(tensor));
  graph().outputs.push_back(index);
  node().outputs.push_back(index);
  return *this;
}

Result<std::vector<std::byte>> Probe::run(const Context& context) const {
  auto outputs = evaluate(context, model_, inputs_);
  if (!outputs) return tl::unexpected(outputs.error());
  return std::move(outputs->front());
}

}  // namespace mote::passes
