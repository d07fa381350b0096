#include "mote/compiler/compile.h"

#include "mote/compiler/merge_lookups.h"
#include "mote/compiler/ops/op.h"
#include "mote/compiler/passes/passes.h"
#include "mote/compiler/plan/plan.h"
#include "mote/compiler/plan_arena.h"
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

/// Turns drafts into calls, now that every buffer has its offset.
class Assembler {
 public:
  Assembler(const graph::Model& model, const ops::Lowering& lowering, const ArenaPlan& plan)
      : graph_(model.graphs[0]), lowering_(lowering), plan_(plan) {
    tensor_ids_.assign(graph_.tensors.size(), -1);
    from_uint8_.resize(graph_.tensors.size());
    for (const graph::Node& node : graph_.nodes)
      for (const auto* tensors : {&node.inputs, &node.outputs})
        for (int tensor : *tensors)
          if (node.from_uint8 && tensor >= 0) from_uint8_[static_cast<std::size_t>(tensor)] = true;
  }

  void assemble(Program& program) {
    for (int input : graph_.inputs) program.inputs.push_back(tensor_id(program, input));
    for (const ops::DraftCall& draft : lowering_.setup_calls)
      program.setup.push_back(call(program, draft));
    for (const ops::DraftCall& draft : lowering_.calls)
      program.calls.push_back(call(program, draft));
    for (int output : graph_.outputs) program.outputs.push_back(tensor_id(program, output));
    for (std::size_t b = 0; b < lowering_.buffers.size(); ++b)
      if (const ops::DraftBuffer& buffer = lowering_.buffers[b];
          buffer.is_state && buffer.first_use >= 0)
        program.states.push_back(
            {.offset = plan_.offsets[b], .bytes = buffer.bytes, .fill = buffer.fill});
  }

 private:
  /// From where its space begins.
  std::int64_t offset_of(const ops::DraftOperand& draft) const {
    const std::int64_t offset = draft.operand.offset;
    return draft.buffer < 0 ? offset
                            : offset + plan_.offsets[static_cast<std::size_t>(draft.buffer)];
  }

  program::KernelCall call(Program& program, const ops::DraftCall& draft) {
    program::KernelCall call{.kernel = draft.kernel,
                             .attrs = draft.attrs,
                             .node = draft.node,
                             .op = draft.op,
                             .macs = draft.macs,
                             .shares = draft.shares};
    for (const ops::DraftOperand& operand : draft.operands) {
      call.operands.push_back(operand.operand);
      call.operands.back().offset = offset_of(operand);
    }
    for (int tensor : draft.graph == 0 ? draft.writes : std::vector<int>())
      if (const int id = tensor_id(program, tensor); id >= 0) call.writes.push_back(id);
    return call;
  }

  /// The place of a tensor of the first subgraph in Program::tensors; -1 where it is a constant.
  int tensor_id(Program& program, int tensor) {
    int& id = tensor_ids_[static_cast<std::size_t>(tensor)];
    if (id >= 0) return id;
    const auto place = lowering_.place_of(tensor);
    const graph::Tensor& info = graph_.tensors[static_cast<std::size_t>(tensor)];
    if (!place || info.is_resource) return -1;
    id = static_cast<int>(program.tensors.size());
    program.tensors.push_back(
        {.name = info.name,
         .index = tensor,
         .type = info.type,
         .shape = info.shape,
         .scale = info.scale(),
         .zero_point = info.zero_point(),
         .from_uint8 = info.type == DType::kInt8 && from_uint8_[static_cast<std::size_t>(tensor)],
         .space = place->operand.space,
         .offset = offset_of(*place),
         .bytes = graph::byte_count(info)});
    return id;
  }

  const graph::Graph& graph_;
  const ops::Lowering& lowering_;
  const ArenaPlan& plan_;
  std::vector<int> tensor_ids_;
  std::vector<bool> from_uint8_;  // by tensor: whether nodes compute with it for UINT8
};

/// Turns a sound model whose operators are all supported into a program, as it stands.
Result<Program> lower(const graph::Model& model, const Options& options) {
  auto target = ops::target_named(options.isa);
  if (!target) return tl::unexpected(target.error());
  target->threads = options.threads;
  target->split_all = options.split_all;
  ops::Lowering lowering(model, *target);
  if (const auto lowered = lowering.lower_graph(0); !lowered)
    return fail(lowered.error().code, cat(model.source, ": ", lowered.error().message));
  merge_lookups(lowering);
  lowering.find_lifetimes();
  auto plan = plan_arena(lowering, {.limit = options.arena_limit, .share = options.share_memory});
  if (!plan) return tl::unexpected(plan.error());
  Program program{.source = model.source,
                  .numerics = lowering.numerics,
                  .isa = options.isa,
                  .threads = options.threads,
                  .constants = std::move(lowering.constants),
                  .placements = std::move(plan->placements),
                  .arena_bytes = plan->bytes,
                  .arena_lower_bound = plan->lower_bound};
  Assembler(model, lowering, *plan).assemble(program);
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
  passes::Context context = pass_context();
  context.stream = options.stream;
  context.bands = options.bands;
  context.plan = [&](const graph::Model& planned) -> Result<Program> {
    Options unlimited = options;
    unlimited.arena_limit = plan::kUnlimited;
    MOTE_TRY(graph::verify(planned));
    MOTE_TRY(check_operators(planned));
    return lower(planned, unlimited);
  };
  const auto run = [&](const passes::Pass& pass) -> Result<void> {
    const auto changes = pass.run(model, context);
    MOTE_TRY(changes);
    if (!changes->empty()) MOTE_TRY(verify_after(pass, model));
    if (options.observer) options.observer(pass, *changes, model);
    if (options.bands && options.bands->tell && &pass == options.bands->pass)
      for (const std::string& line : changes->lines) options.bands->tell(line);
    return {};
  };
  for (const passes::Pass* pass : passes::all_passes()) {
    if (pass == &passes::eliminate_dead_channels && !options.shrink) continue;
    if (pass == &passes::remove_unused && options.stream) MOTE_TRY(run(*options.stream->pass));
    MOTE_TRY(run(*pass));
  }
  if (options.bands) MOTE_TRY(run(*options.bands->pass));
  return {};
}

}  // namespace

passes::Context pass_context() {
  const auto lower_checked = [](const graph::Model& model) -> Result<Program> {
    MOTE_TRY(graph::verify(model));
    MOTE_TRY(check_operators(model));
    return lower(model, {.share_memory = false});  // one operator: nothing to share
  };
  return {.lower = lower_checked};
}

Result<Program> compile(graph::Model model, const Options& options) {
  if (options.threads < 1 || options.threads > kMaxThreads)
    return fail(ErrorCode::kUsage, cat("a program is split for 1 to ", kMaxThreads,
                                       " threads, not for ", options.threads));
  MOTE_TRY(graph::verify(model));
  if (options.loops) {
    passes::Context context = pass_context();
    context.loops = options.loops;
    MOTE_TRY(options.loops->write_out(model, context, options.observer));
  }
  MOTE_TRY(check_operators(model));
  MOTE_TRY(improve(model, options));
  return lower(model, options);
}

}  // namespace mote::compiler
