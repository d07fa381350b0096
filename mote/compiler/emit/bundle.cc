#include "mote/compiler/emit/bundle.h"

#include <algorithm>
#include <map>

#include "mote/support/cat.h"

namespace mote::emit {
namespace {

/// The paths that a text includes, between quotes, and that begin as mote's do.
std::vector<std::string_view> includes_of(std::string_view text) {
  constexpr std::string_view kInclude = "#include \"";
  std::vector<std::string_view> paths;
  for (std::size_t at = text.find(kInclude); at != std::string_view::npos;
       at = text.find(kInclude, at + 1)) {
    const std::size_t start = at + kInclude.size(), end = text.find('"', start);
    const std::string_view path = text.substr(start, end - start);
    if (path.starts_with("mote/")) paths.push_back(path);
  }
  return paths;
}

}  // namespace

Result<std::vector<File>> included_by(std::span<const File> files,
                                      std::span<const SourceFile> all) {
  std::map<std::string_view, std::string_view> found;
  std::vector<std::string_view> texts;
  for (const File& file : files) texts.push_back(file.text);
  while (!texts.empty()) {
    const std::string_view text = texts.back();
    texts.pop_back();
    for (std::string_view path : includes_of(text)) {
      if (found.contains(path)) continue;
      const auto it = std::find_if(all.begin(), all.end(),
                                   [&](const SourceFile& file) { return file.path == path; });
      if (it == all.end())
        return bad_input(
            cat("'", std::string(path), "' is not among the headers that mote brings"));
      found[path] = it->text;
      texts.push_back(it->text);
    }
  }
  std::vector<File> list;
  for (const auto& [path, text] : found) list.push_back({std::string(path), std::string(text)});
  return list;
}

}  // namespace mote::emit
