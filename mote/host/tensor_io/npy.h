#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mote/core/base/dtype.h"
#include "mote/support/result.h"

namespace mote::tensor_io {

/// An array as NumPy saves it.
struct Array {
  DType type = DType::kFloat32;
  std::vector<int> shape;  ///< row-major; empty: a scalar
  std::vector<std::byte> data;
};

/// Reads a .npy file, format versions 1 to 3 (numpy/lib/format.py): little-endian, C order.
///
/// `source` names the file in messages.
///
/// @returns the array, or
/// - kBadInput: the header is damaged, or does not fit the amount of data;
/// - kUnsupported: a type that no tensor has (float64, big-endian), Fortran order.
Result<Array> read_npy(std::span<const std::byte> file, const std::string& source);

/// The bytes of a .npy file, version 1. `data` must be what `type` and `shape` say.
std::vector<std::byte> write_npy(DType type, std::span<const int> shape,
                                 std::span<const std::byte> data);

}  // namespace mote::tensor_io
