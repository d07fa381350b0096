#include "mote/host/diagnose/recording_index.h"

#include <sstream>

#include "mote/host/sources/csv.h"
#include "mote/support/cat.h"

namespace mote::diagnose {

std::string RecordingIndex::Row::text(const std::string& column) const {
  const auto found = cells.find(column);
  return found == cells.end() ? "" : found->second;
}

Result<double> RecordingIndex::Row::number(const std::string& column, double fallback) const {
  const std::string cell = text(column);
  double value = fallback;
  if (!cell.empty() && !sources::parse_number(cell, value))
    return bad_input(cat("the index says '", cell, "' of '", path(), "' in column ", column,
                         ", expected a number"));
  return value;
}

Result<double> RecordingIndex::Row::scale() const {
  auto unit = number("scale_to_unit", 1);
  MOTE_TRY(unit);
  auto g = number("g_per_unit", 1);
  MOTE_TRY(g);
  return *unit * *g;
}

std::vector<std::string> RecordingIndex::Row::axes() const {
  std::vector<std::string> names;
  std::istringstream in(text("channels"));
  for (std::string name; std::getline(in, name, ';');) names.push_back(name);
  return names;
}

Result<RecordingIndex> RecordingIndex::parse(const std::string& name,
                                             std::span<const std::byte> bytes) {
  const sources::Table table = sources::parse_table(bytes);
  RecordingIndex index;
  index.name_ = name;
  for (std::size_t r = 1; r < table.rows.size(); ++r) {
    const auto& header = table.rows.front();
    if (table.rows[r].size() != header.size())
      return bad_input(cat("'", name, "' line ", table.lines[r], " has ", table.rows[r].size(),
                           " cells, expected ", header.size()));
    Row row;
    for (std::size_t c = 0; c < header.size(); ++c) row.cells[header[c]] = table.rows[r][c];
    if (!row.cells.contains("path")) return bad_input(cat("'", name, "' has no column path"));
    index.rows_.push_back(std::move(row));
  }
  if (index.rows_.empty()) return bad_input(cat("'", name, "' lists no recordings"));
  return index;
}

Result<RecordingIndex::Row> RecordingIndex::find(const std::string& path) const {
  for (const Row& row : rows_)
    if (path == row.path() || path.ends_with("/" + row.path())) return row;
  return bad_input(cat("'", path, "' is not in the index '", name_, "'"));
}

}  // namespace mote::diagnose
