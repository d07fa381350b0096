#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mote/compiler/model/flatbuffer.h"
#include "mote/support/result.h"

/// What everybody needs who reads a TensorFlow Lite model: its beginning, its buffers, its errors.
namespace mote::model {

/// The bytes of the buffers, in the file's order.
using Buffers = std::vector<std::span<const std::byte>>;

/// For files whose parts do not fit each other.
tl::unexpected<Error> contradiction(const std::string& fact);

/// Fails if anything that was read up to now was damaged.
Result<void> intact(const FlatFile& file);

/// `count` bytes at `offset` from the file's start; std::nullopt where the file has none.
std::optional<std::span<const std::byte>> part_of(const FlatFile& file, std::uint64_t offset,
                                                  std::uint64_t count);

/// The root table, once identifier and version are those of a model.
Result<FlatTable> open_model(FlatFile& file);

/// The buffers, also those that a file above 2 GB has behind its tables.
Result<Buffers> read_buffers(FlatFile& file, const FlatTable& root);

}  // namespace mote::model
