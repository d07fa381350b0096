#include "bench/mcu/rows.h"

#include <algorithm>
#include <charconv>

#include "mote/support/cat.h"

namespace mote::bench {
namespace {

struct Figure {
  const char* name;
  std::int64_t Row::*value;
  bool is_held;  ///< may not grow unrecorded
};
constexpr Figure kFigures[] = {
    {"instructions", &Row::instructions, true}, {"weighted", &Row::weighted, false},
    {"flash_bytes", &Row::flash_bytes, true},   {"const_bytes", &Row::const_bytes, false},
    {"ram_bytes", &Row::ram_bytes, true},       {"stack_bytes", &Row::stack_bytes, false},
};

Result<void> set(Row& row, std::string_view key, std::string_view value) {
  if (key == "model") row.model = value;
  if (key == "board") row.board = value;
  for (const Figure& figure : kFigures) {
    if (key != figure.name) continue;
    const char* end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, row.*figure.value);
    if (error != std::errc() || rest != end)
      return fail(ErrorCode::kBadInput, cat(key, " is '", value, "', expected a whole number"));
  }
  return {};
}

Result<Row> parse_row(std::string_view line) {
  Row row;
  for (std::string_view rest = line; !rest.empty();) {
    const auto word = rest.substr(0, rest.find(' '));
    const auto sign = word.find('=');
    if (sign == std::string_view::npos)
      return fail(ErrorCode::kBadInput, cat("'", word, "' is no key=value, in '", line, "'"));
    const auto key = word.substr(0, sign);
    if (key == "missing") {
      row.missing = rest.substr(sign + 1);
      break;
    }
    MOTE_TRY(set(row, key, word.substr(sign + 1)));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  if (row.model.empty() || row.board.empty())
    return fail(ErrorCode::kBadInput, cat("no model= or no board= in '", line, "'"));
  return row;
}

const Row* find(const Counts& counts, const Row& like) {
  const auto it = std::ranges::find_if(counts.rows, [&](const Row& row) {
    return row.model == like.model && row.board == like.board;
  });
  return it == counts.rows.end() ? nullptr : &*it;
}

void compare_figures(const Row& before, const Row& now, Differences& found) {
  constexpr double kMost = 1.02;
  for (const Figure& figure : kFigures) {
    const std::int64_t was = before.*figure.value, is = now.*figure.value;
    if (was == is) continue;
    const bool has_grown =
        figure.is_held && static_cast<double>(is) > kMost * static_cast<double>(was);
    (has_grown ? found.grown : found.changed)
        .push_back(cat(now.model, " on ", now.board, ": ", figure.name, " were ", was,
                       ", now they are ", is));
  }
}

}  // namespace

Result<Counts> parse_counts(std::string_view text) {
  constexpr std::string_view kCompiler = "compiler=";
  Counts counts;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    if (line.starts_with(kCompiler)) {
      counts.compilers.emplace_back(line.substr(kCompiler.size()));
      continue;
    }
    auto row = parse_row(line);
    MOTE_TRY(row);
    counts.rows.push_back(std::move(*row));
  }
  return counts;
}

Json to_json(const Counts& counts, const std::string& command) {
  Json::Array rows;
  for (const Row& row : counts.rows) {
    Json::Object object = {{"model", row.model}, {"board", row.board}};
    if (!row.missing.empty())
      object.emplace_back("missing", row.missing);
    else
      for (const Figure& figure : kFigures) object.emplace_back(figure.name, row.*figure.value);
    rows.push_back(std::move(object));
  }
  return Json::Object{
      {"command", command}, {"compilers", counts.compilers}, {"rows", std::move(rows)}};
}

Result<Counts> from_json(const Json& json) {
  const auto list_of = [&json](const char* name) -> Result<Json::Array> {
    const Json* found = json.find(name);
    if (found && found->as<Json::Array>()) return *found->as<Json::Array>();
    return fail(ErrorCode::kBadInput, cat("the recorded counts have no list '", name, "'"));
  };
  Counts counts;
  const auto compilers = list_of("compilers"), rows = list_of("rows");
  MOTE_TRY(compilers);
  MOTE_TRY(rows);
  for (const Json& compiler : *compilers)
    if (const auto* text = compiler.as<std::string>()) counts.compilers.push_back(*text);
  for (const Json& object : *rows) {
    Row row;
    const auto text_of = [&object](const char* name) {
      const Json* found = object.find(name);
      return found && found->as<std::string>() ? *found->as<std::string>() : std::string();
    };
    row.model = text_of("model"), row.board = text_of("board"), row.missing = text_of("missing");
    for (const Figure& figure : kFigures)
      if (const Json* found = object.find(figure.name); found && found->as<std::int64_t>())
        row.*figure.value = *found->as<std::int64_t>();
    counts.rows.push_back(std::move(row));
  }
  return counts;
}

Differences compare(const Counts& recorded, const Counts& measured) {
  Differences found;
  for (const Row& now : measured.rows) {
    const Row* before = find(recorded, now);
    const std::string place = cat(now.model, " on ", now.board);
    if (!before)
      found.changed.push_back(cat(place, " is not recorded"));
    else if (before->missing.empty() && !now.missing.empty())
      found.grown.push_back(cat(place, " has no figures any more: ", now.missing));
    else if (!before->missing.empty() && now.missing.empty())
      found.changed.push_back(cat(place, " has figures now"));
    else
      compare_figures(*before, now, found);
  }
  return found;
}

}  // namespace mote::bench
