#include "tests/house/layers.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "mote/support/cat.h"
#include "tests/house/source_files.h"

namespace mote::house {
namespace {

/// Whether `path` is `prefix` or lies below it.
bool lies_in(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

/// The row with the longest path that `file` lies in, or null.
const Module* module_of(const Layers& layers, std::string_view file) {
  const Module* best = nullptr;
  for (const Module& module : layers)
    if (lies_in(file, module.path) && (!best || module.path.size() > best->path.size()))
      best = &module;
  return best;
}

/// What an #include line names, with <> kept and "" dropped; empty for any other line.
std::string included_by(std::string_view line) {
  const auto trim = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  trim();
  if (!line.starts_with('#')) return "";
  line.remove_prefix(1);
  trim();
  if (!line.starts_with("include")) return "";
  const auto open = line.find_first_of("<\"");
  if (open == line.npos) return "";
  const bool system = line[open] == '<';
  const auto close = line.find(system ? '>' : '"', open + 1);
  if (close == line.npos) return "";
  return std::string(system ? line.substr(open, close + 1 - open)
                            : line.substr(open + 1, close - open - 1));
}

bool allows(const Module& module, std::string_view header) {
  if (lies_in(header, module.path)) return true;
  return std::ranges::any_of(module.may_include, [header](const std::string& allowed) {
    return (allowed == "<*>" && header.starts_with('<')) || lies_in(header, allowed);
  });
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

Result<Layers> parse_layers(std::string_view text) {
  Layers layers;
  std::map<std::string, std::vector<std::string>> lists;
  std::istringstream in{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto colon = line.find(':');
    if (colon == line.npos)
      return bad_input(cat("line ", number, " has no colon: expected 'PATH: ALLOWED...'"));
    Module module{.path = line.substr(0, colon), .may_include = {}};
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) {
      if (!word.starts_with('@')) {
        module.may_include.push_back(word);
        continue;
      }
      const auto list = lists.find(word);
      if (list == lists.end())
        return bad_input(cat("line ", number, " uses ", word, ", which no line above it defines"));
      module.may_include.insert(module.may_include.end(), list->second.begin(), list->second.end());
    }
    if (module.path.starts_with('@'))
      lists[module.path] = module.may_include;
    else
      layers.push_back(std::move(module));
  }
  return layers;
}

std::vector<std::string> find_violations(const Layers& layers, const std::filesystem::path& root,
                                         const std::vector<std::string>& folders) {
  std::vector<std::string> violations;
  for (const std::string& file : source_files(root, folders, {".h", ".cc"})) {
    if (file.ends_with("_test.cc")) continue;
    const Module* module = module_of(layers, file);
    if (!module) {
      violations.push_back(
          cat(file, " belongs to no module of layers.txt: add a row for its folder"));
      continue;
    }
    int number = 0;
    for (const std::string& line : lines_of(root / file)) {
      ++number;
      const std::string header = included_by(line);
      if (header.empty() || allows(*module, header)) continue;
      violations.push_back(cat(file, ":", number, " includes ", header, ", but ", module->path,
                               " may include only itself and ", joined(module->may_include)));
    }
  }
  return violations;
}

}  // namespace mote::house
