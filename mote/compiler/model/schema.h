#pragma once

#include <cstdint>

#include "mote/compiler/model/flatbuffer.h"

/// The tables of the TensorFlow Lite schema (version 3) that hold a model together: the fields that
/// mote reads or writes. Operators and their options stand in builtin.cc.
namespace mote::model::schema {

inline constexpr char kIdentifier[] = "TFL3";
inline constexpr std::uint32_t kVersion = 3;

namespace model {
inline constexpr Slot kVersion = {"version", 0}, kOperatorCodes = {"operator_codes", 1},
                      kSubgraphs = {"subgraphs", 2}, kDescription = {"description", 3},
                      kBuffers = {"buffers", 4}, kMetadata = {"metadata", 6},
                      kSignatureDefs = {"signature_defs", 7};
}
namespace metadata {
inline constexpr Slot kName = {"name", 0}, kBuffer = {"buffer", 1};
}
namespace signature_def {
inline constexpr Slot kInputs = {"inputs", 0}, kOutputs = {"outputs", 1},
                      kKey = {"signature_key", 2}, kSubgraph = {"subgraph_index", 4};
}
namespace tensor_map {
inline constexpr Slot kName = {"name", 0}, kTensor = {"tensor_index", 1};
}
namespace operator_code {
inline constexpr Slot kDeprecatedBuiltinCode = {"deprecated_builtin_code", 0},
                      kCustomCode = {"custom_code", 1}, kVersion = {"version", 2},
                      kBuiltinCode = {"builtin_code", 3};
}
namespace subgraph {
inline constexpr Slot kTensors = {"tensors", 0}, kInputs = {"inputs", 1}, kOutputs = {"outputs", 2},
                      kOperators = {"operators", 3}, kName = {"name", 4};
}
namespace tensor {
inline constexpr Slot kShape = {"shape", 0}, kType = {"type", 1}, kBuffer = {"buffer", 2},
                      kName = {"name", 3}, kQuantization = {"quantization", 4},
                      kIsVariable = {"is_variable", 5}, kSparsity = {"sparsity", 6},
                      kExternalBuffer = {"external_buffer", 10};
}
namespace quantization {
inline constexpr Slot kScale = {"scale", 2}, kZeroPoint = {"zero_point", 3},
                      kDetailsType = {"details_type", 4},
                      kQuantizedDimension = {"quantized_dimension", 6};
}
namespace buffer {
inline constexpr Slot kData = {"data", 0}, kOffset = {"offset", 1}, kSize = {"size", 2};
}
namespace node {
inline constexpr Slot kOpcodeIndex = {"opcode_index", 0}, kInputs = {"inputs", 1},
                      kOutputs = {"outputs", 2}, kBuiltinOptionsType = {"builtin_options_type", 3},
                      kBuiltinOptions = {"builtin_options", 4},
                      kCustomOptions = {"custom_options", 5}, kIntermediates = {"intermediates", 8},
                      kLargeCustomOptionsOffset = {"large_custom_options_offset", 9},
                      kLargeCustomOptionsSize = {"large_custom_options_size", 10};
}

}  // namespace mote::model::schema
