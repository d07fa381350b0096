#include "mote/compiler/order_calls.h"

#include <algorithm>

#include "mote/compiler/plan/order.h"

namespace mote::compiler {
namespace {

/// Calls [begin, end) that one node became.
struct Group {
  std::size_t begin, end;
};

std::vector<Group> groups_of(const std::vector<ops::DraftCall>& calls) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (i > 0 && calls[i].node == calls[i - 1].node)
      ++groups.back().end;
    else
      groups.push_back({i, i + 1});
  }
  return groups;
}

/// `source` stands for the caller's side of reading rows, which must be read in their order.
plan::Step step_of(const ops::Lowering& lowering, const Group& group, int source) {
  plan::Step step;
  const auto add = [](std::vector<int>& list, int buffer) {
    if (std::find(list.begin(), list.end(), buffer) == list.end()) list.push_back(buffer);
  };
  for (std::size_t i = group.begin; i < group.end; ++i)
    for (const ops::DraftOperand& draft : lowering.calls[i].operands) {
      if (draft.operand.space == ops::Space::kSource) add(step.writes, source);
      if (draft.buffer < 0) continue;
      const ops::Access access = draft.operand.access;
      if (access != ops::Access::kWrite) add(step.reads, draft.buffer);
      if (access != ops::Access::kRead) add(step.writes, draft.buffer);
    }
  return step;
}

}  // namespace

std::vector<int> order_of_calls(const ops::Lowering& lowering) {
  const std::vector<Group> groups = groups_of(lowering.calls);
  const int start = static_cast<int>(lowering.setup_calls.size());
  const int end = start + static_cast<int>(lowering.calls.size());
  plan::Work work;
  for (const ops::DraftBuffer& buffer : lowering.buffers)
    work.buffers.push_back({.size = (buffer.bytes + program::kAlignment - 1) / program::kAlignment *
                                    program::kAlignment,
                            .from_start = false,
                            .to_end = buffer.last_use == end});
  const int source = static_cast<int>(work.buffers.size());
  work.buffers.push_back({.size = 0, .from_start = true, .to_end = true});
  for (const Group& group : groups) work.steps.push_back(step_of(lowering, group, source));
  for (int buffer : lowering.buffers_at_start())
    work.buffers[static_cast<std::size_t>(buffer)].from_start = true;
  std::vector<int> order;
  for (int g : plan::find_order(work))
    for (std::size_t i = groups[static_cast<std::size_t>(g)].begin;
         i < groups[static_cast<std::size_t>(g)].end; ++i)
      order.push_back(static_cast<int>(i));
  return order;
}

void reorder_calls(ops::Lowering& lowering, const std::vector<int>& order) {
  std::vector<ops::DraftCall> calls;
  for (int i : order) calls.push_back(std::move(lowering.calls[static_cast<std::size_t>(i)]));
  lowering.calls = std::move(calls);
  lowering.find_lifetimes();
}

}  // namespace mote::compiler
