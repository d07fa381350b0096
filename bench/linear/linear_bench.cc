// Prints how a network's time grows with its multiply-accumulates, over three families that grow in
// depth, width and picture size: mote_linear_bench [--svg=FILE]
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>

#include "bench/linear/family.h"
#include "bench/measure/svg.h"
#include "bench/measure/timing.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

struct Point {
  Stack stack;
  double macs = 0, seconds = 0;
};

struct Family {
  const char* name;
  std::vector<Point> points;
};

std::vector<Family> families() {
  Family deeper{"deeper", {}}, wider{"wider", {}}, larger{"larger pictures", {}};
  for (int layers : {1, 2, 4, 8, 16, 32}) deeper.points.push_back({.stack = {.layers = layers}});
  for (int channels : {4, 8, 16, 32, 64, 128})
    wider.points.push_back({.stack = {.channels = channels, .side = 8}});
  for (int side : {4, 8, 16, 32, 64}) larger.points.push_back({.stack = {.side = side}});
  return {deeper, wider, larger};
}

/// Medians over turns, so that no network is the one that met a busy moment.
Result<void> measure(std::vector<Family>& all) {
  struct Running {
    Point* point;
    Interpreter network;
    int repeats;
    std::vector<double> times = {};
  };
  std::vector<Running> list;
  for (Family& family : all)
    for (Point& point : family.points) {
      const auto file = make_stack(point.stack);
      MOTE_TRY(file);
      auto network = load(*file);
      MOTE_TRY(network);
      point.macs = static_cast<double>(program::macs(network->program()));
      const int repeats = repeats_for(300e-6, [&] { network->run(); });
      list.push_back({.point = &point, .network = std::move(*network), .repeats = repeats});
    }
  constexpr int kTurns = 15;
  for (int turn = 0; turn < kTurns; ++turn)
    for (Running& one : list)
      one.times.push_back(seconds_of(one.repeats, [&] { one.network.run(); }));
  for (Running& one : list) one.point->seconds = median(one.times);
  return {};
}

/// Least squares of log(seconds) = log(factor) + slope * log(macs).
struct Fit {
  double slope = 0, factor = 0;
};

Fit fit(const std::vector<Point>& points) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const Point& point : points) {
    const double x = std::log(point.macs), y = std::log(point.seconds);
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {slope, std::exp((sy - slope * sx) / n)};
}

void print(const std::vector<Family>& all) {
  std::printf("| family | layers | channels | pixels | MACs | µs | GMAC/s |\n");
  std::printf("|---|---:|---:|---:|---:|---:|---:|\n");
  for (const Family& family : all)
    for (const Point& p : family.points)
      std::printf("| %s | %d | %d | %d x %d | %.0f | %.2f | %.2f |\n", family.name, p.stack.layers,
                  p.stack.channels, p.stack.side, p.stack.side, p.macs, 1e6 * p.seconds,
                  p.macs / p.seconds / 1e9);
  std::printf("\n");
  for (const Family& family : all)
    std::printf("- %s: time ~ MACs^%.3f\n", family.name, fit(family.points).slope);
}

std::string plot(const std::vector<Family>& all) {
  LogPlot plot{.title = "Time of a stack of 3x3 convolutions",
               .x_axis = "multiply-accumulates of one inference",
               .y_axis = "microseconds"};
  for (const Family& family : all) {
    const Fit line = fit(family.points);
    char name[64];
    std::snprintf(name, sizeof name, "%s: exponent %.2f", family.name, line.slope);
    Series series{.name = name, .slope = line.slope, .factor = 1e6 * line.factor};
    for (const Point& p : family.points) series.points.push_back({p.macs, 1e6 * p.seconds});
    plot.series.push_back(std::move(series));
  }
  return draw(plot);
}

Result<void> run(const std::string& svg) {
  pin_to_core();
  std::vector<Family> all = families();
  MOTE_TRY(measure(all));
  print(all);
  if (svg.empty()) return {};
  const std::string text = plot(all);
  return write_file(svg, std::as_bytes(std::span(text)));
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  if (argc > 2 || (argc == 2 && !word.starts_with("--svg=")))
    return std::fprintf(stderr, "usage: mote_linear_bench [--svg=FILE]\n"), 2;
  const auto done = mote::bench::run(argc > 1 ? word.substr(6) : "");
  if (!done) std::fprintf(stderr, "mote_linear_bench: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
