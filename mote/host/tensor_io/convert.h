#pragma once

#include "mote/host/tensor_io/image.h"
#include "mote/host/tensor_io/input.h"
#include "mote/host/tensor_io/npy.h"

/// From what a file holds to the bytes of one input, for one run or several.
namespace mote::tensor_io {

using Bytes = std::vector<std::byte>;

/// @returns kBadInput or kUnsupported, naming `source`; as do all below.
Result<Bytes> convert_array(const Array& array, const program::TensorInfo& input,
                            const InputOptions& options, const std::string& source);
Result<Bytes> convert_image(const Image& image, const program::TensorInfo& input,
                            const InputOptions& options, const std::string& source);
Result<Bytes> convert_wav(std::span<const std::byte> file, const program::TensorInfo& input,
                          const std::string& source);

/// "the input 'x' INT8 [1, 49, 10, 1]": how messages name an input.
std::string describe(const program::TensorInfo& input);

}  // namespace mote::tensor_io
