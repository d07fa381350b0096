#include "mote/host/sources/csv.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>

#include "mote/support/cat.h"

namespace mote::sources {
namespace {

std::string trimmed(std::string_view cell) {
  const auto blank = [](char c) { return c == ' ' || c == '\r' || c == '"'; };
  while (!cell.empty() && blank(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && blank(cell.back())) cell.remove_suffix(1);
  return std::string(cell);
}

std::vector<std::string> split(std::string_view line, char separator) {
  std::vector<std::string> cells;
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (quoted || line[i] != separator)) continue;
    cells.push_back(trimmed(line.substr(start, i - start)));
    start = i + 1;
  }
  return cells;
}

enum class Role { kAxis, kTime, kRate };

/// What the columns mean.
struct Columns {
  std::vector<Role> roles;
  std::vector<std::string> axes;
  std::string unit;
  bool header = false;
};

Role role_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* t : {"t", "time", "t_s", "time_s", "t [s]", "time [s]"})
    if (name == t) return Role::kTime;
  for (const char* r : {"rate", "rate_hz", "sample_rate_hz", "rate [hz]"})
    if (name == r) return Role::kRate;
  return Role::kAxis;
}

/// Whether a cell is meant as a number, be it "nan" or "1e999": such a row is data, not a header.
bool looks_numeric(const std::string& cell) {
  double ignored;
  const auto [stopped, error] = std::from_chars(cell.data(), cell.data() + cell.size(), ignored);
  return error != std::errc::invalid_argument && stopped == cell.data() + cell.size();
}

/// Cuts "x [g]" into the axis "x" and its unit, which must be the same for all axes.
Result<void> add_axis(const std::string& file, const std::string& cell, Columns& columns) {
  const auto open = cell.find('[');
  const auto close = cell.find(']', open == cell.npos ? 0 : open);
  const bool has_unit = open != cell.npos && close != cell.npos;
  const std::string unit = has_unit ? trimmed(cell.substr(open + 1, close - open - 1)) : "";
  if (!columns.axes.empty() && unit != columns.unit)
    return bad_input(cat("'", file, "': column '", cell, "' is in '", unit,
                         "', the first axis in '", columns.unit, "'; all axes must have one unit"));
  columns.unit = unit;
  columns.axes.push_back(has_unit ? trimmed(cell.substr(0, open)) : cell);
  return {};
}

Result<Columns> read_columns(const std::string& file, const std::vector<std::string>& first) {
  Columns columns;
  columns.header = std::none_of(first.begin(), first.end(), looks_numeric);
  if (!columns.header) {
    columns.roles.assign(first.size(), Role::kAxis);
    columns.axes = default_axes(static_cast<int>(first.size()));
    return columns;
  }
  for (const std::string& cell : first) {
    if (cell.empty()) return bad_input(cat("'", file, "': a column of the header has no name"));
    columns.roles.push_back(role_of(cell));
    if (columns.roles.back() == Role::kAxis) MOTE_TRY(add_axis(file, cell, columns));
  }
  return columns;
}

/// The rows as numbers: samples, times and rates.
struct Numbers {
  std::vector<float> samples;
  std::vector<double> times, rates;
};

Result<Numbers> read_numbers(const std::string& file, const Table& table, const Columns& columns) {
  Numbers numbers;
  for (std::size_t r = columns.header ? 1 : 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    if (row.size() != columns.roles.size())
      return bad_input(cat("'", file, "' line ", table.lines[r], " has ", row.size(),
                           " cells, expected ", columns.roles.size()));
    for (std::size_t c = 0; c < row.size(); ++c) {
      double value = 0;
      if (!parse_number(row[c], value))
        return bad_input(cat("'", file, "' line ", table.lines[r], " column ", c + 1, " is '",
                             row[c], "', expected a finite number"));
      if (columns.roles[c] == Role::kAxis) numbers.samples.push_back(static_cast<float>(value));
      if (columns.roles[c] == Role::kTime) numbers.times.push_back(value);
      if (columns.roles[c] == Role::kRate) numbers.rates.push_back(value);
    }
  }
  return numbers;
}

/// The rate that evenly spaced times have; refuses what is not even.
Result<double> rate_of_times(const std::string& file, const Table& table, const Columns& columns,
                             const std::vector<double>& times) {
  if (times.size() < 2) return bad_input(cat("'", file, "' has a single row, which has no rate"));
  std::vector<double> steps;
  for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
  std::vector<double> sorted = steps;
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  const double step = sorted[sorted.size() / 2];
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (!(step > 0) || std::fabs(steps[i] - step) > 0.1 * step)
      return bad_input(cat("'", file, "' line ", table.lines[i + 1 + (columns.header ? 1 : 0)],
                           ": the time goes from ", times[i], " s to ", times[i + 1],
                           " s, expected a step of ", step,
                           " s; the recording has a hole there: cut it in two"));
  return static_cast<double>(steps.size()) / (times.back() - times.front());
}

Result<double> find_rate(const std::string& file, const Table& table, const Columns& columns,
                         const Numbers& numbers, double given) {
  for (const double rate : numbers.rates)
    if (rate != numbers.rates.front())
      return bad_input(cat("'", file, "': the column of rates says both ", numbers.rates.front(),
                           " and ", rate, " Hz"));
  if (!numbers.rates.empty()) return numbers.rates.front();
  if (!numbers.times.empty()) return rate_of_times(file, table, columns, numbers.times);
  if (given > 0) return given;
  return bad_input(cat("'", file,
                       "' does not say how many frames a second it has; add a column "
                       "'t' in seconds or give --rate HZ"));
}

}  // namespace

bool parse_number(const std::string& cell, double& value) {
  const char* begin = cell.data();
  const char* end = begin + cell.size();
  if (begin != end && *begin == '+') ++begin;
  const auto [stopped, error] = std::from_chars(begin, end, value);
  return error == std::errc() && stopped == end && std::isfinite(value);
}

Table parse_table(std::span<const std::byte> bytes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Table table;
  char separator = 0;
  for (int line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.empty() || row == "\r" || row.front() == '#') continue;
    if (!separator)
      separator = row.find(';') != row.npos ? ';' : row.find('\t') != row.npos ? '\t' : ',';
    table.rows.push_back(split(row, separator));
    table.lines.push_back(line);
  }
  return table;
}

Result<Recording> parse_csv(std::string name, std::span<const std::byte> bytes, double rate_hz) {
  const Table table = parse_table(bytes);
  if (table.rows.empty()) return bad_input(cat("'", name, "' has no rows"));
  auto columns = read_columns(name, table.rows.front());
  MOTE_TRY(columns);
  if (columns->axes.empty()) return bad_input(cat("'", name, "' has no column of samples"));
  auto numbers = read_numbers(name, table, *columns);
  MOTE_TRY(numbers);
  if (numbers->samples.empty()) return bad_input(cat("'", name, "' holds no samples"));
  auto rate = find_rate(name, table, *columns, *numbers, rate_hz);
  MOTE_TRY(rate);
  return checked({.name = std::move(name),
                  .axes = columns->axes,
                  .sample_rate_hz = *rate,
                  .samples = std::move(numbers->samples),
                  .unit = columns->unit});
}

}  // namespace mote::sources
