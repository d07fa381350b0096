#include "tests/house/source_files.h"

#include <algorithm>
#include <fstream>

namespace mote::house {

std::vector<std::string> source_files(const std::filesystem::path& root,
                                      const std::vector<std::string>& folders,
                                      const std::vector<std::string_view>& endings) {
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    if (!std::filesystem::exists(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string path = entry.path().lexically_relative(root).generic_string();
      const auto ends = [&path](std::string_view ending) { return path.ends_with(ending); };
      if (entry.is_regular_file() && std::ranges::any_of(endings, ends)) found.push_back(path);
    }
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace mote::house
