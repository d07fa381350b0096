#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mote/support/result.h"

namespace mote::house {

/// One row of the table: what the files below `path` may include.
struct Module {
  std::string path;                      ///< a folder or a single file: "mote/core/signal"
  std::vector<std::string> may_include;  ///< folders, files, or system headers in <>; "<*>" is all
};

/// The whole table; layers.txt says what its rows mean.
using Layers = std::vector<Module>;

/// Reads a table.
/// @returns kBadInput naming the line that is no row, or that uses an @list not yet defined.
Result<Layers> parse_layers(std::string_view text);

/// Holds every #include of the .h and .cc files below `folders` (relative to `root`) against the
/// table; tests (x_test.cc) are free.
/// @returns a sentence for each include that the table does not allow; empty when all keep to it.
std::vector<std::string> find_violations(const Layers& layers, const std::filesystem::path& root,
                                         const std::vector<std::string>& folders);

}  // namespace mote::house
