#pragma once

#include "mote/compiler/ops/lowering.h"

namespace mote::compiler {

/// Makes one lookup of each chain of them: of functions of one 8-bit element (RELU, LOGISTIC,
/// QUANTIZE between 8-bit scales, UINT8's flipped sign...), each of whose results only the next one
/// reads.
///
/// The table of the whole is that of the later function at the entries of the earlier one's, so
/// that every result stays what it was. O(operands). Lifetimes must be found afterwards.
void merge_lookups(ops::Lowering& lowering);

}  // namespace mote::compiler
