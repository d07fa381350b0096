#include "mote/compiler/touches.h"

#include <cstdlib>
#include <string_view>

#include "mote/core/kernels/in_place.h"

namespace mote::compiler {
namespace {

using program::StridedCopyAttrs;

/// A copy has as many dimensions as it needs, the last ones: one that carries neighbours has one.
bool is_dense(const StridedCopyAttrs& copy) {
  const std::size_t last = std::size(copy.extents) - 1;
  for (std::size_t k = 0; k < last; ++k)
    if (copy.extents[k] != 1) return false;
  return copy.extents[last] == 1 || (copy.in_strides[last] == 1 && copy.out_strides[last] == 1);
}

/// Makes the touch of the whole operand one of the elements that the copy walks over.
void narrow(Touch& touch, const StridedCopyAttrs& copy, const int (&strides)[6], int start) {
  std::int64_t low = start, high = start, count = 1;
  for (std::size_t k = 0; k < std::size(strides); ++k) {
    const std::int64_t reach = std::int64_t{copy.extents[k] - 1} * strides[k];
    (reach < 0 ? low : high) += reach;
    count *= copy.extents[k];
  }
  const std::int64_t origin = touch.begin;
  touch.begin = origin + low * touch.alignment;
  touch.end = origin + (high + 1) * touch.alignment;
  touch.is_whole = count == high + 1 - low;
}

}  // namespace

bool carries_bytes(const ops::DraftCall& call) {
  if (std::string_view(call.kernel) == "copy_s8") return true;
  const auto* copy = std::get_if<StridedCopyAttrs>(&call.attrs);
  return copy && is_dense(*copy);
}

bool is_in_place(const ops::DraftCall& call) { return kernels::is_in_place(call.kernel); }

std::vector<Touch> touches_of(const ops::DraftCall& call) {
  std::vector<Touch> touches;
  for (const ops::DraftOperand& draft : call.operands) {
    const program::Operand& operand = draft.operand;
    const std::int64_t bytes = std::int64_t{volume(operand.shape)} * size_of(operand.type);
    touches.push_back({.buffer = draft.buffer,
                       .begin = operand.offset,
                       .end = operand.offset + bytes,
                       .reads = operand.access != ops::Access::kWrite,
                       .writes = operand.access != ops::Access::kRead,
                       .alignment = size_of(operand.type)});
  }
  if (const auto* copy = std::get_if<StridedCopyAttrs>(&call.attrs)) {
    narrow(touches[0], *copy, copy->in_strides, copy->in_start);
    narrow(touches[1], *copy, copy->out_strides, copy->out_start);
  }
  // Scratch that the call fills completely is not read before.
  if (is_in_place(call) || carries_bytes(call)) touches.back().reads = false;
  return touches;
}

}  // namespace mote::compiler
