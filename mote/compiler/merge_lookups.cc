#include "mote/compiler/merge_lookups.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace mote::compiler {
namespace {

using Table = std::vector<std::int8_t>;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// What the call makes of each byte, where it is a function of one.
std::optional<Table> table_of(const ops::DraftCall& call, const std::vector<std::byte>& constants) {
  Table table(256);
  if (std::string_view(call.kernel) == "lookup_s8" && call.operands[1].buffer < 0) {
    const std::byte* entries = constants.data() + call.operands[1].operand.offset;
    std::transform(entries, entries + 256, table.begin(),
                   [](std::byte b) { return static_cast<std::int8_t>(b); });
    return table;
  }
  if (std::string_view(call.kernel) != "flip_sign_s8") return std::nullopt;
  for (std::size_t x = 0; x < 256; ++x) table[x] = static_cast<std::int8_t>(x ^ 0x80);
  return table;
}

class Merger {
 public:
  explicit Merger(ops::Lowering& lowering)
      : lowering_(lowering), buffers_(lowering.buffers.size()) {
    // Whatever is there before or after a run, or in a setup call, is nobody's alone.
    for (int b : lowering.buffers_at_start()) ++buffers_[at(b)].uses;
    for (int b : lowering.buffers_at_end()) ++buffers_[at(b)].uses;
    for (const ops::DraftCall& call : lowering.setup_calls) count(call, -1);
    for (std::size_t c = 0; c < lowering.calls.size(); ++c)
      count(lowering.calls[c], static_cast<int>(c));
  }

  void run() {
    std::vector<bool> is_merged(lowering_.calls.size());
    for (std::size_t c = 0; c < lowering_.calls.size(); ++c)
      if (const int before = merge(static_cast<int>(c)); before >= 0) is_merged[at(before)] = true;
    std::size_t c = 0;
    std::erase_if(lowering_.calls, [&](const ops::DraftCall&) { return is_merged[c++]; });
  }

 private:
  struct Buffer {
    int uses = 0;
    int last_writer = -1;
  };

  void count(const ops::DraftCall& call, int index) {
    for (const ops::DraftOperand& operand : call.operands) {
      if (operand.buffer < 0) continue;
      ++buffers_[at(operand.buffer)].uses;
      if (operand.operand.access != ops::Access::kRead)
        buffers_[at(operand.buffer)].last_writer = index;
    }
  }

  /// Lets call `index` start from what the one before it started from.
  /// @returns the one before, which is not needed any more; -1 where there is none
  int merge(int index) {
    ops::DraftCall& call = lowering_.calls[at(index)];
    const auto table = table_of(call, lowering_.constants);
    if (!table) return -1;
    const ops::DraftOperand& middle = call.operands[0];
    if (middle.buffer < 0 || buffers_[at(middle.buffer)].uses != 2) return -1;
    const int writer = buffers_[at(middle.buffer)].last_writer;
    if (writer < 0 || writer >= index || call.graph != 0) return -1;
    const ops::DraftCall& first = lowering_.calls[at(writer)];
    const auto inner = table_of(first, lowering_.constants);
    if (!inner || !may_be_read_later(first.operands[0], writer) ||
        first.operands.back().operand.offset != middle.operand.offset ||
        volume(first.operands.back().operand.shape) != volume(middle.operand.shape))
      return -1;
    Table both(256);
    for (std::size_t x = 0; x < 256; ++x)
      both[x] = (*table)[static_cast<std::uint8_t>((*inner)[x])];
    const ops::DraftOperand in = first.operands[0], out = call.operands.back();
    call.kernel = "lookup_s8";
    call.attrs = program::NoAttrs();
    call.operands = {in, lowering_.constant(both), out};
    return writer;
  }

  /// Whether nobody writes the operand's memory after call `since`.
  bool may_be_read_later(const ops::DraftOperand& operand, int since) const {
    if (operand.buffer < 0) return true;
    return !lowering_.buffers[at(operand.buffer)].is_state &&
           buffers_[at(operand.buffer)].last_writer < since;
  }

  ops::Lowering& lowering_;
  std::vector<Buffer> buffers_;
};

}  // namespace

void merge_lookups(ops::Lowering& lowering) { Merger(lowering).run(); }

}  // namespace mote::compiler
