#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/ops/lowering.h"

namespace mote::compiler {

/// The bytes of a buffer that one operand of a call stands for.
struct Touch {
  int buffer = -1;  ///< -1: a constant, or the source
  std::int64_t begin = 0, end = 0;
  bool reads = false, writes = false;
  bool is_whole = true;  ///< every byte in between is touched
  int alignment = 1;     ///< of the elements, in bytes
};

/// What each operand touches, in their order. Of a copy: the part that is carried.
std::vector<Touch> touches_of(const ops::DraftCall& call);

/// Whether the call gives neighbouring bytes of its second operand those of its first, as they are.
bool carries_bytes(const ops::DraftCall& call);

/// Whether its last operand may be the memory of another one: as kernels::kInPlaceKernels.
bool is_in_place(const ops::DraftCall& call);

}  // namespace mote::compiler
