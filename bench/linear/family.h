#pragma once

#include <cstddef>
#include <vector>

#include "mote/support/result.h"

/// Networks that differ in size alone.
namespace mote::bench {

/// A stack of 3x3 convolutions with RELU, int8 with a scale a channel; each layer has as many
/// channels and pixels as the one before.
struct Stack {
  int layers = 4, channels = 16, side = 16;  ///< all >= 1; pictures are side x side
};

/// The stack as a .tflite file, by mote's own writer; the same weights every time.
/// @returns write_tflite's errors, which would be a mistake here.
Result<std::vector<std::byte>> make_stack(const Stack& stack);

}  // namespace mote::bench
