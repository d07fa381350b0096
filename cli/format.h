#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

/// How the commands show numbers and tables to people.
namespace mote::cli {

/// "22,016".
std::string grouped(std::int64_t n);
/// "812 B", "22,016 B", "1.24 MB": exact below a million.
std::string bytes_text(std::int64_t bytes);
/// "812", "264 k", "2.66 M": three digits.
std::string count_text(std::int64_t n);
/// "0.83 us", "24.1 us", "3.52 ms", "1.20 s".
std::string duration_text(double seconds);
/// `value` with `digits` significant digits, never in scientific notation within [1e-4, 1e7).
std::string number_text(double value, int digits = 4);
/// "1 run", "2 runs".
std::string plural(std::int64_t n, const std::string& noun);

/// The end of a long name, which tells more than its beginning: "...conv2d_1/Conv2D1".
std::string shortened(const std::string& name);

/// Columns of text, aligned; the last column is never padded.
class Table {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Adds a row of as many cells as there are columns.
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  void print(std::ostream& out) const;

 private:
  void print_line(std::ostream& out, const std::vector<std::string>& cells,
                  const std::vector<std::size_t>& widths) const;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The text in bold where standard output is a terminal that takes colours; as it is elsewhere.
std::string bold(const std::string& text);

}  // namespace mote::cli
