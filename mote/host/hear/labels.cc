#include "mote/host/hear/labels.h"

#include <algorithm>
#include <sstream>

#include "mote/core/listen/word_gate.h"
#include "mote/support/cat.h"

namespace mote::hear {
namespace {

constexpr const char* kNoWords[] = {"silence", "unknown", "background", "noise"};
constexpr std::size_t kLongestLabel = 64;

bool is_word(const std::string& name) {
  return name[0] != '_' &&
         std::find(std::begin(kNoWords), std::end(kNoWords), name) == std::end(kNoWords);
}

std::vector<std::string> lines_of(std::span<const std::byte> text) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(text.data()), text.size()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

Result<void> check(const std::vector<std::string>& lines, std::size_t i,
                   const std::string& source) {
  const std::string& name = lines[i];
  const auto place = cat("'", source, "', line ", i + 1);
  if (name.empty()) return bad_input(cat(place, " is empty, expected a label a line"));
  if (name.size() > kLongestLabel ||
      std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return bad_input(cat(place, " is no label: expected at most ", kLongestLabel,
                         " bytes of text without control characters"));
  if (const auto first = std::find(lines.begin(), lines.end(), name) - lines.begin();
      first != static_cast<std::ptrdiff_t>(i))
    return bad_input(cat(place, " repeats the label '", name, "' of line ", first + 1));
  return {};
}

}  // namespace

Result<Labels> parse_labels(std::span<const std::byte> text, const std::string& source) {
  Labels labels{.names = lines_of(text), .words = 0};
  if (labels.names.empty())
    return bad_input(cat("'", source, "' has no labels, expected one a line"));
  if (labels.count() > listen::kMaxClasses)
    return bad_input(cat("'", source, "' has ", labels.count(), " labels, expected at most ",
                         listen::kMaxClasses));
  for (std::size_t i = 0; i < labels.names.size(); ++i) {
    MOTE_TRY(check(labels.names, i, source));
    if (is_word(labels.names[i])) labels.words |= std::uint64_t{1} << i;
  }
  if (labels.words == 0)
    return bad_input(cat("'", source,
                         "' has no word: silence, unknown, background, noise and names "
                         "that begin with _ are not reported"));
  return labels;
}

}  // namespace mote::hear
