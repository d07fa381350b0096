#include "mote/host/runtime/interpreter.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "mote/support/cat.h"

namespace mote::runtime {
namespace {

/// Memory aligned to a cache line, at least one byte of it.
std::byte* allocate(std::int64_t bytes) {
  constexpr std::int64_t kLine = 64;
  const auto rounded =
      static_cast<std::size_t>((std::max<std::int64_t>(bytes, 1) + kLine - 1) / kLine * kLine);
  return static_cast<std::byte*>(std::aligned_alloc(kLine, rounded));
}

const void* address_of(const program::Attributes& attrs) {
  return std::visit([](const auto& alternative) -> const void* { return &alternative; }, attrs);
}

}  // namespace

void Interpreter::AlignedFree::operator()(std::byte* memory) const { std::free(memory); }

Result<Interpreter> Interpreter::create(std::shared_ptr<const program::Program> program,
                                        const InterpreterOptions& options) {
  Interpreter interpreter;
  interpreter.program_ = std::move(program);
  const auto table = dispatch::choose_table(interpreter.program_->isa);
  if (!table) return unsupported(table.error().message);
  interpreter.table_ = *table;
  MOTE_TRY(interpreter.take_arena(options.arena));
  const auto& constants = interpreter.program_->constants;
  interpreter.constants_.reset(allocate(static_cast<std::int64_t>(constants.size())));
  if (!interpreter.constants_) return fail(ErrorCode::kOutOfMemory, "no memory for the constants");
  if (!constants.empty())
    std::memcpy(interpreter.constants_.get(), constants.data(), constants.size());
  MOTE_TRY(interpreter.make_source());
  interpreter.reserve();
  MOTE_TRY(interpreter.bind(interpreter.program_->setup, interpreter.setup_));
  MOTE_TRY(interpreter.bind(interpreter.program_->calls, interpreter.steps_));
  MOTE_TRY(interpreter.start_threads());
  interpreter.reset();
  return interpreter;
}

/// Memory for an input that is not the arena's.
Result<void> Interpreter::make_source() {
  for (int id : program_->inputs) {
    const program::TensorInfo& input = program_->tensors[static_cast<std::size_t>(id)];
    if (input.space != program::Space::kSource) continue;
    source_.reset(allocate(input.bytes));
    if (!source_)
      return fail(ErrorCode::kOutOfMemory, cat("no memory for an input of ", input.bytes, " B"));
    std::memset(source_.get(), 0, static_cast<std::size_t>(input.bytes));
  }
  return {};
}

/// Room for all operands: what is bound points to them.
void Interpreter::reserve() {
  std::size_t count = 0;
  for (const auto* calls : {&program_->setup, &program_->calls})
    for (const auto& call : *calls)
      count += call.operands.size() * std::max<std::size_t>(call.shares.size(), 1);
  operands_.reserve(count);
}

/// As many as the call with the most shares can use.
Result<void> Interpreter::start_threads() {
  int most = 1;
  for (const auto* steps : {&setup_, &steps_})
    for (const Step& step : *steps) most = std::max(most, step.count);
  if (most == 1) return {};
  auto pool = WorkerPool::create(most - 1);
  if (!pool) return tl::unexpected(pool.error());
  pool_ = std::move(*pool);
  return {};
}

Result<void> Interpreter::take_arena(std::span<std::byte> arena) {
  const std::int64_t needed = program_->arena_bytes;
  if (arena.empty()) {
    own_arena_.reset(allocate(needed));
    arena_ = own_arena_.get();
    if (!arena_)
      return fail(ErrorCode::kOutOfMemory, cat("no memory for an arena of ", needed, " B"));
    std::memset(arena_, 0, static_cast<std::size_t>(needed));
    return {};
  }
  if (static_cast<std::int64_t>(arena.size()) < needed)
    return bad_input(cat("the plan needs ", needed, " B, the arena has ", arena.size(), " B"));
  if (reinterpret_cast<std::uintptr_t>(arena.data()) % program::kAlignment != 0)
    return bad_input(cat("the arena must be aligned to ", program::kAlignment, " B"));
  arena_ = arena.data();
  return {};
}

Result<void> Interpreter::bind(std::span<const program::KernelCall> calls,
                               std::vector<Step>& steps) {
  for (const program::KernelCall& call : calls) {
    const dispatch::KernelRow* row = table_->find(call.kernel);
    if (!row)
      return unsupported(cat(call.node, ": the instruction set '", table_->isa, "' has no kernel '",
                             call.kernel, "'"));
    if (row->attrs_index != call.attrs.index() ||
        row->operand_count != static_cast<int>(call.operands.size()))
      return bad_input(cat(call.node, ": the program's call of '", call.kernel,
                           "' does not fit the kernel: ", call.operands.size(),
                           " operands, expected ", row->operand_count));
    const int first = static_cast<int>(bound_.size());
    if (call.shares.empty()) bind(call, nullptr);
    for (const program::Share& share : call.shares) {
      if (share.attrs.index() != row->attrs_index || share.views.size() != call.operands.size())
        return bad_input(cat(call.node, ": a share of '", call.kernel, "' does not fit the call"));
      bind(call, &share);
    }
    steps.push_back({row->run, first, static_cast<int>(bound_.size()) - first});
  }
  return {};
}

void Interpreter::bind(const program::KernelCall& call, const program::Share* share) {
  bound_.push_back(
      {address_of(share ? share->attrs : call.attrs), operands_.data() + operands_.size()});
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const program::Operand& operand = call.operands[i];
    std::byte* base = begin_of(operand.space);
    operands_.push_back({.data = base + operand.offset, .shape = operand.shape});
    if (!share) continue;
    operands_.back() = {.data = base + operand.offset + share->views[i].offset,
                        .shape = share->views[i].shape};
  }
}

std::byte* Interpreter::begin_of(program::Space space) const {
  switch (space) {
    case program::Space::kArena:
      return arena_;
    case program::Space::kConstants:
      return constants_.get();
    case program::Space::kSource:
      return source_.get();
  }
  return nullptr;
}

Port Interpreter::tensor(int id) const {
  const program::TensorInfo& info = program_->tensors[static_cast<std::size_t>(id)];
  return {&info, begin_of(info.space) + info.offset};
}
Port Interpreter::input(int i) const {
  return tensor(program_->inputs[static_cast<std::size_t>(i)]);
}
Port Interpreter::output(int i) const {
  return tensor(program_->outputs[static_cast<std::size_t>(i)]);
}

void Interpreter::run(const Step& step) const noexcept {
  struct Shares {
    dispatch::KernelFunction run;
    const Bound* first;
  };
  const Shares shares = {step.run, &bound_[static_cast<std::size_t>(step.first)]};
  if (step.count == 1) return step.run(shares.first->attrs, shares.first->operands);
  const auto run_share = [](const void* context, int i) {
    const auto& [run, first] = *static_cast<const Shares*>(context);
    run(first[i].attrs, first[i].operands);
  };
  pool_->run(step.count, run_share, &shares);
}

void Interpreter::run() noexcept {
  for (const Step& step : steps_) run(step);
}

void Interpreter::run(const std::function<void(int)>& observer) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    run(steps_[i]);
    observer(static_cast<int>(i));
  }
}

void Interpreter::reset() noexcept {
  for (const program::State& state : program_->states)
    std::memset(arena_ + state.offset, state.fill, static_cast<std::size_t>(state.bytes));
  for (const Step& step : setup_) run(step);
}

}  // namespace mote::runtime
