#pragma once

#include <cstddef>
#include <vector>

#include "mote/compiler/onnx/file.h"

namespace mote::tests {

/// The file of a network. Operators of "com.microsoft" may be among its nodes.
std::vector<std::byte> write_onnx(const onnx::File& file);

}  // namespace mote::tests
