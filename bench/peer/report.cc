#include "bench/peer/report.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include "bench/measure/svg.h"
#include "mote/support/cat.h"

namespace mote::bench {
namespace {

/// The number with so many decimals.
std::string fixed(double value, int decimals) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

/// Three significant digits from 0.1 on.
std::string three(double value) { return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0); }

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "an unnamed processor";
}

std::string machine(const Report& report) {
  std::string text =
      cat("Measured on ", cpu_name(), ", one thread", report.pinned ? " tied to a core" : "",
          "; mote's kernels: ", report.entries.front().isa, ".");
  if (report.roofline.macs_per_second > 0)
    text +=
        cat(" Roofline, measured: ", fixed(report.roofline.macs_per_second / 1e9, 0), " GMAC/s (",
            report.roofline.instruction, "), ", fixed(report.roofline.bytes_per_second / 1e9, 0),
            " GB/s from the second-level cache.");
  text += report.peer.empty() ? " No peer is installed: `script/setup bench` says why."
                              : cat(" Peer: ", report.peer,
                                    ", one thread, all graph optimisations, the same networks "
                                    "with integer operators.");
  return text + "\n\n";
}

std::string agreement_text(const Agreement& agreement, bool is_float) {
  if (agreement.inputs == 0) return "";
  char units[32];
  std::snprintf(units, sizeof units, is_float ? "%.0e" : "%.0f", agreement.largest);
  return cat(agreement.same_best, "/", agreement.inputs, ", ", units);
}

std::string row(const Entry& e) {
  const bool peer = e.peer_s > 0;
  return cat("| ", e.name, " | ", fixed(static_cast<double>(e.macs) / 1e6, 3), " | ",
             three(e.mote_s * 1e6), " | ", peer ? three(e.peer_s * 1e6) : "", " | ",
             peer ? three(e.ratio) : "", " | ", e.goal > 0 ? fixed(e.goal, 1) : "", " | ",
             three(static_cast<double>(e.macs) / e.mote_s / 1e9), " | ",
             e.bound_s > 0 ? fixed(100 * e.bound_s / e.mote_s, 1) + " %" : "", " | ",
             agreement_text(e.agreement, e.bound_s == 0 && e.agreement.largest < 1), " |\n");
}

std::string starts_table(const Report& report) {
  if (report.starts.empty()) return "";
  std::string text =
      cat("From no process to the first result of ", report.entries.front().name,
          ", and gone again: the quickest of all runs, median CPU time, median peak:\n\n| program "
          "| ms | CPU ms | peak MB | stripped "
          "file, MB |\n|---|---:|---:|---:|---:|\n");
  for (const Start& s : report.starts)
    text +=
        cat("| ", s.name, " | ", fixed(s.wall_us / 1e3, 2), " | ", fixed(s.cpu_us / 1e3, 2), " | ",
            fixed(s.peak_kb / 1024, 1), " | ",
            s.binary_bytes > 0 ? fixed(static_cast<double>(s.binary_bytes) / 1e6, 2) : "", " |\n");
  return text;
}

}  // namespace

std::string markdown(const Report& report) {
  std::string text = machine(report);
  text +=
      "| network | million MACs | mote, µs | peer, µs | peer / mote | aim | GMAC/s | of the "
      "roofline "
      "| same answer, largest difference |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const Entry& entry : report.entries) text += row(entry);
  return text + "\n" + starts_table(report);
}

std::string plot(const Report& report) {
  if (report.peer.empty()) {
    BarPlot plot{
        .title = "A network's time on one core", .axis = "microseconds", .series = {"mote"}};
    for (const Entry& e : report.entries)
      plot.groups.push_back({e.name, {{e.mote_s * 1e6, three(e.mote_s * 1e6)}}});
    return draw(plot);
  }
  BarPlot plot{.title = cat("Networks a second, ", report.peer, " = 1"),
               .axis = "times as fast as the peer, in the same minute on the same core",
               .series = {"mote"},
               .mark = "aim"};
  for (const Entry& e : report.entries)
    if (e.peer_s > 0) plot.groups.push_back({e.name, {{e.ratio, three(e.ratio)}}, e.goal});
  return draw(plot);
}

}  // namespace mote::bench
