#pragma once

#include <string>
#include <vector>

/// Plots as SVG files that look right on light and on dark pages.
namespace mote::bench {

/// A bar of a group, from zero.
struct Bar {
  double value = 0;
  std::string label;  ///< printed at its end
};

struct BarGroup {
  std::string name;
  std::vector<Bar> bars;  ///< one a series
  double mark = 0;        ///< where a tick across the group says what is aimed at; 0: none
};

struct BarPlot {
  std::string title, axis;          ///< `axis` says what lengths mean
  std::vector<std::string> series;  ///< names for the legend, at most three
  std::string mark;                 ///< the marks' name; empty where there are none
  std::vector<BarGroup> groups;
};
/// Horizontal bars, a group a row.
std::string draw(const BarPlot& plot);

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< positive
  double slope = 0, factor = 0;                   ///< the line factor * x^slope; 0: none
};

struct LogPlot {
  std::string title, x_axis, y_axis;
  std::vector<Series> series;  ///< at most three
};
/// Points on two logarithmic axes.
std::string draw(const LogPlot& plot);

}  // namespace mote::bench
