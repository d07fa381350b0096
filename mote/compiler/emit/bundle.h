#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/compiler/emit/emit.h"

namespace mote::emit {

/// A file of mote's source.
struct SourceFile {
  std::string_view path;  ///< from the source's root: "mote/core/base/dtype.h"
  std::string_view text;
};

/// The files of `all` that `files` include, and those that they include in turn, sorted by path;
/// files of the system are nobody's. Names are paths.
///
/// @returns kBadInput, naming the file, where one of mote is included that `all` has not.
Result<std::vector<File>> included_by(std::span<const File> files, std::span<const SourceFile> all);

}  // namespace mote::emit
