#include "mote/compiler/model/file_parts.h"

#include "mote/compiler/model/printable.h"
#include "mote/compiler/model/schema.h"
#include "mote/support/cat.h"

namespace mote::model {

tl::unexpected<Error> contradiction(const std::string& fact) {
  return bad_input(cat(fact, "; export the model again"));
}

Result<void> intact(const FlatFile& file) {
  if (file.damage().empty()) return {};
  return bad_input(
      cat("the file is damaged: ", file.damage(), "; copy it again or export the model again"));
}

std::optional<std::span<const std::byte>> part_of(const FlatFile& file, std::uint64_t offset,
                                                  std::uint64_t count) {
  if (offset > file.bytes().size() || count > file.bytes().size() - offset) return {};
  return file.bytes().subspan(offset, count);
}

Result<FlatTable> open_model(FlatFile& file) {
  const std::span<const std::byte> bytes = file.bytes();
  if (bytes.size() < 8)
    return bad_input(cat("the file has ", bytes.size(), " B, too few for a TensorFlow Lite model"));
  const std::string identifier(reinterpret_cast<const char*>(bytes.data()) + 4, 4);
  if (identifier != schema::kIdentifier)
    return bad_input(cat("bytes 4 to 7 of the file are '", printable(identifier), "', expected '",
                         schema::kIdentifier, "': this is not a TensorFlow Lite model"));
  const FlatTable root = file.root();
  const auto version = root.scalar<std::uint32_t>(schema::model::kVersion);
  MOTE_TRY(intact(file));
  if (version == schema::kVersion) return root;
  return fail(ErrorCode::kUnsupported, cat("the model has schema version ", version, ", expected ",
                                           schema::kVersion, "; convert it with TensorFlow 2"));
}

Result<Buffers> read_buffers(FlatFile& file, const FlatTable& root) {
  const FlatTables tables = root.tables(schema::model::kBuffers);
  Buffers buffers;
  for (int i = 0; i < tables.size(); ++i) {
    const FlatTable table = tables[i];
    file.enter(cat("buffer ", i));
    std::span<const std::byte> data = table.bytes(schema::buffer::kData);
    // Files above 2 GB keep constants behind the FlatBuffer; 0 and 1 stand for "not so".
    const auto offset = table.scalar<std::uint64_t>(schema::buffer::kOffset);
    const auto size = table.scalar<std::uint64_t>(schema::buffer::kSize);
    MOTE_TRY(intact(file));
    if (offset > 1) {
      const auto behind = part_of(file, offset, size);
      if (!behind)
        return contradiction(cat("buffer ", i, " is said to be the ", size, " B at byte ", offset,
                                 ", but the file has ", file.bytes().size(), " B"));
      data = *behind;
    }
    buffers.push_back(data);
  }
  MOTE_TRY(intact(file));
  return buffers;
}

}  // namespace mote::model
