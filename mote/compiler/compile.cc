#include "mote/compiler/compile.h"

#include <algorithm>
#include <numeric>

#include "mote/compiler/ops/op.h"
#include "mote/compiler/order_calls.h"
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

/// The call during which most of the arena is in use; the first of several.
int busiest_call(const ops::Lowering& lowering) {
  const std::size_t count = lowering.setup_calls.size() + lowering.calls.size();
  std::vector<std::int64_t> change(count + 2);
  for (const ops::DraftBuffer& buffer : lowering.buffers) {
    if (buffer.first_use < 0) continue;
    change[static_cast<std::size_t>(buffer.first_use)] += buffer.bytes;
    change[static_cast<std::size_t>(buffer.last_use) + 1] -= buffer.bytes;
  }
  std::partial_sum(change.begin(), change.end(), change.begin());
  const auto end = change.begin() + static_cast<std::ptrdiff_t>(count);
  return static_cast<int>(std::max_element(change.begin(), end) - change.begin());
}

/// "'in' 8000 B + 'x' 14016 B"; of many, the largest.
std::string list_of(std::vector<const ops::DraftBuffer*> buffers) {
  constexpr std::size_t kMostBuffers = 6, kMostLetters = 40;
  std::int64_t rest = 0;
  if (buffers.size() > kMostBuffers) {
    std::stable_sort(buffers.begin(), buffers.end(),
                     [](const auto* a, const auto* b) { return a->bytes > b->bytes; });
    for (std::size_t i = kMostBuffers; i < buffers.size(); ++i) rest += buffers[i]->bytes;
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(buffers.size(), kMostBuffers); ++i) {
    std::string name = buffers[i]->name;  // of a long one, the end tells more
    if (name.size() > kMostLetters) name = cat("...", name.substr(name.size() - kMostLetters));
    text += cat(i > 0 ? " + " : "", "'", name, "' ", buffers[i]->bytes, " B");
  }
  if (rest > 0) text += cat(" + ", buffers.size() - kMostBuffers, " more, ", rest, " B");
  return text;
}

/// "node 2 CONV_2D 'x' ('in' 8000 B + 'x' 14016 B)".
std::string describe_peak(const ops::Lowering& lowering) {
  const int setup = static_cast<int>(lowering.setup_calls.size());
  const int when = busiest_call(lowering);
  if (when >= setup + static_cast<int>(lowering.calls.size())) return "before the first call";
  const ops::DraftCall& call = when < setup
                                   ? lowering.setup_calls[static_cast<std::size_t>(when)]
                                   : lowering.calls[static_cast<std::size_t>(when - setup)];
  std::vector<const ops::DraftBuffer*> alive;
  for (const ops::DraftBuffer& buffer : lowering.buffers)
    if (buffer.first_use >= 0 && buffer.first_use <= when && when <= buffer.last_use)
      alive.push_back(&buffer);
  return cat(call.node, " (", list_of(std::move(alive)), ")");
}

Result<plan::Layout> place(const ops::Lowering& lowering) {
  const auto buffers = rectangles(lowering);
  auto layout = plan::place(buffers);
  MOTE_TRY(layout);
  MOTE_TRY(plan::validate(buffers, *layout));
  return layout;
}

/// Places the buffers in the file's order of calls, or in one that takes less.
Result<plan::Layout> plan_arena(ops::Lowering& lowering, const Options& options) {
  auto layout = place(lowering);
  const auto order = lowering.calls.size() > 1 ? order_of_calls(lowering) : std::vector<int>();
  if (layout && !std::is_sorted(order.begin(), order.end())) {
    auto calls = lowering.calls;
    auto buffers = lowering.buffers;
    reorder_calls(lowering, order);
    if (auto other = place(lowering); other && other->size < layout->size)
      layout = std::move(other);
    else
      lowering.calls = std::move(calls), lowering.buffers = std::move(buffers);
  }
  if (layout && layout->size > options.arena_limit)
    return fail(ErrorCode::kOutOfMemory,
                cat("the plan needs ", layout->size, " B, the arena has ", options.arena_limit,
                    " B\n  largest moment: ", describe_peak(lowering)));
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
  const auto target = ops::target_named(options.isa);
  if (!target) return tl::unexpected(target.error());
  ops::Lowering lowering(model, *target);
  if (const auto lowered = lowering.lower_graph(0); !lowered)
    return fail(lowered.error().code, cat(model.source, ": ", lowered.error().message));
  lowering.find_lifetimes();
  const auto layout = plan_arena(lowering, options);
  if (!layout) return tl::unexpected(layout.error());
  Program program{.source = model.source,
                  .numerics = lowering.numerics,
                  .isa = options.isa,
                  .constants = std::move(lowering.constants),
                  .arena_bytes = layout->size};
  Assembler(model, lowering, *layout).assemble(program);
  return program;
}

/// That a pass left a model that can be run: an error now is the pass's, not the file's.
Result<void> verify_after(const passes::Pass& pass, const graph::Model& model) {
  auto sound = graph::verify(model);
  if (sound) sound = check_operators(model);
  if (sound) return {};
  return fail(
      ErrorCode::kUnsupported,
      cat("the pass ", pass.name,
          " left a model that cannot be run, which is a mistake in mote: ", sound.error().message));
}

/// Runs every pass, and verifies what each leaves that changed something.
Result<void> improve(graph::Model& model, const Options& options) {
  const passes::Context context = pass_context();
  for (const passes::Pass* pass : passes::all_passes()) {
    if (pass == &passes::eliminate_dead_channels && !options.shrink) continue;
    const auto changes = pass->run(model, context);
    MOTE_TRY(changes);
    if (!changes->empty()) MOTE_TRY(verify_after(*pass, model));
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

Result<Program> compile(graph::Model model, const Options& options) {
  MOTE_TRY(graph::verify(model));
  MOTE_TRY(check_operators(model));
  MOTE_TRY(improve(model, options));
  return lower(model, options);
}

}  // namespace mote::compiler
