#include "mote/compiler/compile.h"

#include <algorithm>

#include "mote/compiler/ops/op.h"
#include "mote/compiler/passes/passes.h"
#include "mote/compiler/plan/plan.h"
#include "mote/support/cat.h"

namespace mote::compiler {
namespace {

using program::Program;

/// One error that names every operator that stands in the way.
Result<void> check_operators(const graph::Model& model) {
  const auto list = ops::find_unsupported(model);
  if (list.empty()) return {};
  std::string message = cat(model.source, ": ", list.size(),
                            list.size() == 1 ? " operator" : " operators", " cannot be run");
  for (const std::string& line : ops::lines_of(list)) message += cat("\n  ", line);
  return unsupported(message);
}

std::vector<plan::Buffer> rectangles(const ops::Lowering& lowering) {
  std::vector<plan::Buffer> result;
  for (const ops::DraftBuffer& buffer : lowering.buffers)
    result.push_back({.first_use = std::max(buffer.first_use, 0),
                      .last_use = std::max(buffer.last_use, 0),
                      .size = buffer.first_use < 0 ? 0 : buffer.bytes,
                      .alignment = program::kAlignment});
  return result;
}

/// "largest moment: node 2 CONV_2D 'x' (8000 B + 14016 B)".
std::string describe_peak(const ops::Lowering& lowering) {
  std::int64_t peak = -1;
  std::string text;
  const auto look = [&](const ops::DraftCall& call, int when) {
    std::int64_t alive = 0;
    std::string parts;
    for (const ops::DraftBuffer& buffer : lowering.buffers)
      if (buffer.first_use >= 0 && buffer.first_use <= when && when <= buffer.last_use) {
        alive += buffer.bytes;
        parts += cat(parts.empty() ? "" : " + ", "'", buffer.name, "' ", buffer.bytes, " B");
      }
    if (alive > peak) peak = alive, text = cat(call.node, " (", parts, ")");
  };
  int when = 0;
  for (const ops::DraftCall& call : lowering.setup_calls) look(call, when++);
  for (const ops::DraftCall& call : lowering.calls) look(call, when++);
  return text;
}

Result<plan::Layout> plan_arena(const ops::Lowering& lowering, const Options& options) {
  const auto buffers = rectangles(lowering);
  auto layout = plan::place(buffers, options.arena_limit);
  if (!layout)
    return fail(ErrorCode::kOutOfMemory,
                cat(layout.error().message, "\n  largest moment: ", describe_peak(lowering)));
  MOTE_TRY(plan::validate(buffers, *layout));
  return layout;
}

/// Turns drafts into calls, now that every buffer has its offset.
class Assembler {
 public:
  Assembler(const graph::Model& model, const ops::Lowering& lowering, const plan::Layout& layout)
      : graph_(model.graphs[0]), lowering_(lowering), layout_(layout) {
    tensor_ids_.assign(graph_.tensors.size(), -1);
  }

  void assemble(Program& program) {
    for (int input : graph_.inputs) program.inputs.push_back(tensor_id(program, input));
    for (const ops::DraftCall& draft : lowering_.setup_calls)
      program.setup.push_back(call(program, draft));
    for (const ops::DraftCall& draft : lowering_.calls)
      program.calls.push_back(call(program, draft));
    for (int output : graph_.outputs) program.outputs.push_back(tensor_id(program, output));
    for (std::size_t b = 0; b < lowering_.buffers.size(); ++b) {
      const ops::DraftBuffer& buffer = lowering_.buffers[b];
      if (buffer.first_use < 0) continue;
      const std::int64_t offset = layout_.offsets[b];
      program.placements.push_back({.name = buffer.name,
                                    .first_use = buffer.first_use,
                                    .last_use = buffer.last_use,
                                    .offset = offset,
                                    .bytes = buffer.bytes});
      if (buffer.is_state)
        program.states.push_back({.offset = offset, .bytes = buffer.bytes, .fill = buffer.fill});
    }
  }

 private:
  std::int64_t arena_offset(const ops::DraftOperand& draft) const {
    return draft.operand.offset + layout_.offsets[static_cast<std::size_t>(draft.buffer)];
  }

  program::KernelCall call(Program& program, const ops::DraftCall& draft) {
    program::KernelCall call{.kernel = draft.kernel,
                             .attrs = draft.attrs,
                             .node = draft.node,
                             .op = draft.op,
                             .macs = draft.macs};
    for (const ops::DraftOperand& operand : draft.operands) {
      call.operands.push_back(operand.operand);
      if (operand.buffer >= 0) call.operands.back().offset = arena_offset(operand);
    }
    for (int tensor : draft.graph == 0 ? draft.writes : std::vector<int>())
      if (const int id = tensor_id(program, tensor); id >= 0) call.writes.push_back(id);
    return call;
  }

  /// The place of a tensor of the first subgraph in Program::tensors; -1 where it is not in the
  /// arena.
  int tensor_id(Program& program, int tensor) {
    int& id = tensor_ids_[static_cast<std::size_t>(tensor)];
    if (id >= 0) return id;
    const auto place = lowering_.place_of(tensor);
    const graph::Tensor& info = graph_.tensors[static_cast<std::size_t>(tensor)];
    if (!place || info.is_resource) return -1;
    id = static_cast<int>(program.tensors.size());
    program.tensors.push_back({.name = info.name,
                               .index = tensor,
                               .type = info.type,
                               .shape = info.shape,
                               .scale = info.scale(),
                               .zero_point = info.zero_point(),
                               .offset = arena_offset(*place),
                               .bytes = graph::byte_count(info)});
    return id;
  }

  const graph::Graph& graph_;
  const ops::Lowering& lowering_;
  const plan::Layout& layout_;
  std::vector<int> tensor_ids_;
};

/// Turns a sound model whose operators are all supported into a program, as it stands.
Result<Program> lower(const graph::Model& model, const Options& options) {
  ops::Lowering lowering(model);
  if (const auto lowered = lowering.lower_graph(0); !lowered)
    return fail(lowered.error().code, cat(model.source, ": ", lowered.error().message));
  lowering.find_lifetimes();
  const auto layout = plan_arena(lowering, options);
  if (!layout) return tl::unexpected(layout.error());
  Program program{.source = model.source,
                  .numerics = lowering.numerics,
                  .constants = std::move(lowering.constants),
                  .arena_bytes = layout->size};
  Assembler(model, lowering, *layout).assemble(program);
  return program;
}

/// Runs every pass, and verifies what each leaves: an error then is the pass's, not the file's.
Result<void> improve(graph::Model& model, const Options& options) {
  const passes::Context context = pass_context();
  for (const passes::Pass* pass : passes::all_passes()) {
    if (pass == &passes::eliminate_dead_channels && !options.shrink) continue;
    const auto changes = pass->run(model, context);
    MOTE_TRY(changes);
    auto sound = graph::verify(model);
    if (sound) sound = check_operators(model);
    if (!sound)
      return fail(ErrorCode::kUnsupported, cat("the pass ", pass->name,
                                               " left a model that cannot be run, which is a "
                                               "mistake in mote: ",
                                               sound.error().message));
    if (options.observer) options.observer(*pass, *changes, model);
  }
  return {};
}

}  // namespace

passes::Context pass_context() {
  const auto lower_checked = [](const graph::Model& model) -> Result<Program> {
    MOTE_TRY(graph::verify(model));
    MOTE_TRY(check_operators(model));
    return lower(model, Options());
  };
  return {.lower = lower_checked};
}

Result<Program> compile(const graph::Model& file, const Options& options) {
  MOTE_TRY(graph::verify(file));
  MOTE_TRY(check_operators(file));
  graph::Model model = file;
  MOTE_TRY(improve(model, options));
  return lower(model, options);
}

}  // namespace mote::compiler
