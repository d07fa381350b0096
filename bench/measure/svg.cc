#include "bench/measure/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace mote::bench {
namespace {

constexpr int kWidth = 760;
// Okabe and Ito's palette: told apart by the colour-blind, and readable on black and on white.
constexpr const char* kColours[] = {"#0072b2", "#e69f00", "#009e73"};
constexpr const char* kText = "#7a7a7a";
constexpr const char* kMark = "#d55e00";

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text)
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

/// A number with at most two decimals, the same on every machine.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string out = text;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

/// Writes shapes; x to the right, y down, in pixels.
class Canvas {
 public:
  Canvas(int height, const std::string& title) {
    out_ << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << kWidth << "\" height=\""
         << height << "\" viewBox=\"0 0 " << kWidth << ' ' << height
         << "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"" << kText << "\">\n";
    text(kWidth / 2.0, 22, title, "middle", "font-size=\"15\" font-weight=\"bold\"");
  }

  void text(double x, double y, const std::string& words, const char* anchor,
            const std::string& style = "") {
    out_ << "<text x=\"" << number(x) << "\" y=\"" << number(y) << "\" text-anchor=\"" << anchor
         << "\" " << style << '>' << escaped(words) << "</text>\n";
  }
  void bar(double x, double y, double width, double height, const char* colour) {
    out_ << "<rect x=\"" << number(x) << "\" y=\"" << number(y) << "\" width=\"" << number(width)
         << "\" height=\"" << number(height) << "\" fill=\"" << colour << "\"/>\n";
  }
  void line(double x1, double y1, double x2, double y2, const char* colour, double width = 1) {
    out_ << "<line x1=\"" << number(x1) << "\" y1=\"" << number(y1) << "\" x2=\"" << number(x2)
         << "\" y2=\"" << number(y2) << "\" stroke=\"" << colour << "\" stroke-width=\""
         << number(width) << "\"/>\n";
  }
  void dot(double x, double y, const char* colour) {
    out_ << "<circle cx=\"" << number(x) << "\" cy=\"" << number(y) << "\" r=\"4\" fill=\""
         << colour << "\"/>\n";
  }
  /// A row of coloured names.
  void legend(double x, double y, const std::vector<std::pair<std::string, const char*>>& names) {
    for (const auto& [name, colour] : names) {
      bar(x, y - 10, 12, 12, colour);
      text(x + 17, y, name, "start");
      x += 40 + 7.2 * static_cast<double>(name.size());
    }
  }
  std::string finish() { return out_.str() + "</svg>\n"; }

 private:
  std::ostringstream out_;
};

/// Where a value stands on a logarithmic axis, in pixels.
struct LogAxis {
  double low, high;  ///< powers of ten
  double from, to;   ///< pixels
  double at(double value) const {
    return from + (to - from) * (std::log10(value) - low) / (high - low);
  }
};

LogAxis axis_over(double smallest, double largest, double from, double to) {
  double low = std::floor(std::log10(smallest)), high = std::ceil(std::log10(largest));
  if (high <= low) high = low + 1;
  return {low, high, from, to};
}

/// 10^exponent: "0.1", "100", "10 k", "1 M".
std::string power_text(int exponent) {
  constexpr const char* kUnits[] = {"", " k", " M", " G", " T"};
  if (exponent < 3 || exponent > 14) return number(std::pow(10, exponent));
  return number(std::pow(10, exponent % 3)) + kUnits[exponent / 3];
}

void draw_axes(Canvas& canvas, const LogPlot& plot, const LogAxis& x, const LogAxis& y) {
  constexpr const char* kGrid = "#7a7a7a55";
  for (int e = static_cast<int>(x.low); e <= static_cast<int>(x.high); ++e) {
    const double at = x.at(std::pow(10, e));
    canvas.line(at, y.from, at, y.to, kGrid);
    canvas.text(at, y.from + 20, power_text(e), "middle");
  }
  for (int e = static_cast<int>(y.low); e <= static_cast<int>(y.high); ++e) {
    const double at = y.at(std::pow(10, e));
    canvas.line(x.from, at, x.to, at, kGrid);
    canvas.text(x.from - 8, at + 4, power_text(e), "end");
  }
  canvas.text((x.from + x.to) / 2, y.from + 42, plot.x_axis, "middle");
  canvas.text(0, 0, plot.y_axis, "middle",
              "transform=\"translate(20 " + number((y.from + y.to) / 2) + ") rotate(-90)\"");
}

}  // namespace

std::string draw(const BarPlot& plot) {
  constexpr double kLeft = 190, kRight = 110, kTop = 66, kBar = 14, kGap = 12, kLabel = 44;
  const double row = kBar * static_cast<double>(plot.series.size()) + kGap;
  const double bottom = kTop + row * static_cast<double>(plot.groups.size());
  Canvas canvas(static_cast<int>(bottom) + 34, plot.title);
  std::vector<std::pair<std::string, const char*>> names;
  for (std::size_t i = 0; i < plot.series.size(); ++i)
    names.push_back({plot.series[i], kColours[i]});
  if (!plot.mark.empty()) names.push_back({plot.mark, kMark});
  canvas.legend(kLeft, 48, names);
  double largest = 1e-9;
  for (const BarGroup& group : plot.groups) {
    largest = std::max(largest, group.mark);
    for (const Bar& bar : group.bars) largest = std::max(largest, bar.value);
  }
  const double scale = (kWidth - kLeft - kRight) / largest;
  double y = kTop;
  for (const BarGroup& group : plot.groups) {
    canvas.text(kLeft - 10, y + (row - kGap) / 2 + 5, group.name, "end");
    for (std::size_t i = 0; i < group.bars.size(); ++i) {
      const double top = y + kBar * static_cast<double>(i);
      canvas.bar(kLeft, top, scale * group.bars[i].value, kBar - 2, kColours[i]);
      const double end = kLeft + scale * group.bars[i].value;
      // Within the bar, where a mark behind it would stand in the label, or seem to be what it
      // says.
      const double mark = kLeft + scale * group.mark;
      const bool is_near = group.mark > 0 && mark > end - 4 && mark < end + kLabel;
      if (is_near && end > kLeft + kLabel)
        canvas.text(end - 6, top + 11, group.bars[i].label, "end", "fill=\"white\"");
      else
        canvas.text((is_near ? mark : end) + 6, top + 11, group.bars[i].label, "start");
    }
    if (group.mark > 0)
      canvas.line(kLeft + scale * group.mark, y - 3, kLeft + scale * group.mark, y + row - kGap + 1,
                  kMark, 3);
    y += row;
  }
  canvas.line(kLeft, kTop - 4, kLeft, bottom - kGap + 4, kText);
  canvas.text((kLeft + kWidth - kRight) / 2, bottom + 18, plot.axis, "middle");
  return canvas.finish();
}

std::string draw(const LogPlot& plot) {
  constexpr int kHeight = 460;
  double x_low = 1e300, x_high = 0, y_low = 1e300, y_high = 0;
  for (const Series& series : plot.series)
    for (const auto& [x, y] : series.points) {
      x_low = std::min(x_low, x), x_high = std::max(x_high, x);
      y_low = std::min(y_low, y), y_high = std::max(y_high, y);
    }
  const LogAxis x = axis_over(x_low, x_high, 90, kWidth - 30);
  const LogAxis y = axis_over(y_low, y_high, kHeight - 60, 66);
  Canvas canvas(kHeight, plot.title);
  draw_axes(canvas, plot, x, y);
  std::vector<std::pair<std::string, const char*>> names;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    const Series& series = plot.series[i];
    names.push_back({series.name, kColours[i]});
    if (series.factor > 0) {
      const auto fit = [&](double at) { return series.factor * std::pow(at, series.slope); };
      const double first = series.points.front().first, last = series.points.back().first;
      canvas.line(x.at(first), y.at(fit(first)), x.at(last), y.at(fit(last)), kColours[i], 1.5);
    }
    for (const auto& [at, value] : series.points) canvas.dot(x.at(at), y.at(value), kColours[i]);
  }
  canvas.legend(90, 48, names);
  return canvas.finish();
}

}  // namespace mote::bench
