#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "mote/compiler/onnx/file.h"
#include "mote/compiler/onnx/wire.h"
#include "mote/support/result.h"

/// What messages of a file have in common: names, types and constants.
namespace mote::onnx {

/// A string as names are shown: on one line.
std::string name_in(Fields& fields);
/// ONNX's number of a type as mote's; nothing where it has none.
std::optional<DType> type_of(std::int64_t code);
std::string name_of_type(std::int64_t code);
/// The other way round.
std::int64_t code_of(DType type);

/// A constant from its message. Errors as of read_file().
Result<Tensor> read_tensor(std::span<const std::byte> bytes);

/// "the file is damaged: the node Conv 'c1' is cut or no message; ..."
tl::unexpected<Error> damaged(const std::string& what);

}  // namespace mote::onnx
