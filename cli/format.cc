#include "cli/format.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mote::cli {
namespace {

/// Columns that UTF-8 text takes up on a terminal, wide characters aside.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// `value` with three significant digits: "2.66", "26.6", "266".
std::string three_digits(double value) {
  char text[32];
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

bool colours() {
  static const bool on = [] {
    const char* terminal = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR") && terminal &&
           std::string_view(terminal) != "dumb";
  }();
  return on;
}

}  // namespace

std::string grouped(std::int64_t n) {
  std::string text = std::to_string(n);
  const std::size_t first = n < 0 ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3;) text.insert(i -= 3, ",");
  return text;
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes < 1000000) return grouped(bytes) + " B";
  return bytes < 1000000000 ? three_digits(double(bytes) * 1e-6) + " MB"
                            : three_digits(double(bytes) * 1e-9) + " GB";
}

std::string count_text(std::int64_t n) {
  if (n < 1000) return std::to_string(n);
  const double value = static_cast<double>(n);
  if (value < 999500) return three_digits(value * 1e-3) + " k";
  if (value < 999.5e6) return three_digits(value * 1e-6) + " M";
  return three_digits(value * 1e-9) + " G";
}

std::string duration_text(double seconds) {
  if (seconds < 1e-3) return three_digits(seconds * 1e6) + " us";
  return seconds < 1 ? three_digits(seconds * 1e3) + " ms" : three_digits(seconds) + " s";
}

std::string number_text(double value, int digits) {
  char text[64];
  const double size = std::abs(value);
  if (value == 0 || !std::isfinite(value) || size < 1e-4 || size >= 1e7) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    return text;
  }
  const int whole = static_cast<int>(std::floor(std::log10(size))) + 1;
  std::snprintf(text, sizeof text, "%.*f", std::max(0, digits - whole), value);
  return text;
}

std::string plural(std::int64_t n, const std::string& noun) {
  return grouped(n) + ' ' + noun + (n == 1 ? "" : "s");
}

std::string shortened(const std::string& name) {
  constexpr std::size_t kLongest = 48;
  if (name.size() <= kLongest) return name;
  std::size_t from = name.size() - kLongest + 3;
  while ((name[from] & 0xc0) == 0x80) ++from;  // not within a UTF-8 character
  return "..." + name.substr(from);
}

void Table::print_line(std::ostream& out, const std::vector<std::string>& cells,
                       const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const std::string padding(widths[c] - std::min(widths[c], width(cells[c])), ' ');
    const bool right = columns_[c].align == Align::kRight;
    line += (c == 0 ? "" : "  ") + (right ? padding + cells[c] : cells[c] + padding);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out << line;
}

void Table::print(std::ostream& out) const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    titles.push_back(columns_[c].title);
    widths.push_back(width(columns_[c].title));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], width(row[c]));
  }
  // Left-aligned text runs free at the end of the line: one long name does not pad all others.
  if (columns_.back().align == Align::kLeft) widths.back() = 0;
  if (colours()) out << "\033[1m";
  print_line(out, titles, widths);
  out << (colours() ? "\033[0m\n" : "\n");
  for (const auto& row : rows_) {
    print_line(out, row, widths);
    out << '\n';
  }
}

std::string bold(const std::string& text) {
  return colours() ? "\033[1m" + text + "\033[0m" : text;
}

}  // namespace mote::cli
