#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mote::house {

/// The files below `folders` (relative to `root`) that end in one of `endings`, as sorted paths
/// relative to `root`; a folder that does not exist has none.
std::vector<std::string> source_files(const std::filesystem::path& root,
                                      const std::vector<std::string>& folders,
                                      const std::vector<std::string_view>& endings);

/// The file's lines without their ends; none when it cannot be read.
std::vector<std::string> lines_of(const std::filesystem::path& file);

}  // namespace mote::house
