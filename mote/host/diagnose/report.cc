#include "mote/host/diagnose/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iomanip>

#include "mote/host/diagnose/wording.h"
#include "mote/support/cat.h"

namespace mote::diagnose {
namespace {

constexpr int kTrendColumns = 72;

/// The windows that column `column` of `columns` stands for: [begin, end), never empty.
std::pair<std::size_t, std::size_t> share(std::size_t count, int column, int columns) {
  const auto c = static_cast<std::size_t>(column), n = static_cast<std::size_t>(columns);
  const std::size_t begin = count * c / n;
  return {begin, std::max(begin + 1, count * (c + 1) / n)};
}

int columns_for(const Diagnosis& d, int columns) {
  return std::min(columns, static_cast<int>(d.windows.size()));
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string number(double value, int digits = 2) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", value < 99.95 ? digits : 0, value);
  return text;
}

void print_row(const Diagnosis& d, std::size_t i, std::ostream& out) {
  const Judged& w = d.windows[i];
  out << padded(cat(i), 7) << padded(duration(w.window.t_s), 14)
      << padded(number(static_cast<double>(w.score)), 9)
      << padded(number(static_cast<double>(d.healthy.threshold)), 11) << "   " << std::left
      << std::setw(11) << (w.baseline ? "baseline" : name_of(w.verdict)) << std::right;
  for (const Mover& m : w.moved)
    out << (&m == w.moved ? "" : ", ") << feature_name(d, m.place) << (m.db < 0 ? " -" : " +")
        << number(std::fabs(static_cast<double>(m.db)), 1) << " dB";
  out << '\n';
}

/// Which windows the table shows: around each of the first alarms, else the highest scores'
/// surroundings.
std::vector<std::size_t> shown_windows(const Diagnosis& d, bool all) {
  std::vector<std::size_t> shown;
  const auto add = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < std::min(end, d.windows.size()); ++i) shown.push_back(i);
  };
  const auto around = [&](std::size_t middle) {
    add(std::max(d.first_judged, middle >= 3 ? middle - 3 : 0), middle + 6);
  };
  if (all) {
    add(0, d.windows.size());
    return shown;
  }
  for (std::size_t e = 0; e < std::min<std::size_t>(2, d.episodes.size()); ++e)
    around(d.episodes[e].since);
  if (d.episodes.empty()) {
    const auto highest = std::max_element(
        d.windows.begin() + static_cast<std::ptrdiff_t>(d.first_judged), d.windows.end(),
        [](const Judged& a, const Judged& b) { return a.score < b.score; });
    const auto middle = static_cast<std::size_t>(highest - d.windows.begin());
    add(std::max(d.first_judged, middle >= 2 ? middle - 2 : 0), middle + 3);
  }
  add(d.windows.size() - 1, d.windows.size());
  std::sort(shown.begin(), shown.end());
  shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
  return shown;
}

void print_windows(const Diagnosis& d, bool all, std::ostream& out) {
  out << " window          time    score  threshold   verdict    moved most\n";
  std::size_t next = 0;
  bool first = true;
  for (const std::size_t i : shown_windows(d, all)) {
    if (i > next && !(first && i == d.first_judged)) out << "    ...\n";
    print_row(d, i, out);
    next = i + 1;
    first = false;
  }
}

void print_movers(const Diagnosis& d, std::ostream& out) {
  std::vector<Mover> movers = d.movers_at_end;
  if (d.ever_alarmed())
    movers = d.episodes.front().movers;
  else
    std::stable_sort(movers.begin(), movers.end(), [](const Mover& a, const Mover& b) {
      return std::fabs(a.spreads) > std::fabs(b.spreads);
    });
  out << "\nmoved most" << (d.ever_alarmed() ? " when the alarm was raised" : " at the end")
      << ", in healthy spreads:\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(5, movers.size()); ++i) {
    const Mover& m = movers[i];
    const Mover& last = d.movers_at_end[static_cast<std::size_t>(m.place)];
    out << padded(number(std::fabs(static_cast<double>(m.spreads))), 9) << "  "
        << describe_move(d, m);
    if (d.ever_alarmed() && std::fabs(last.db - m.db) >= 1)
      out << ", at the end " << (last.db < 0 ? "down " : "up ")
          << number(std::fabs(static_cast<double>(last.db)), 1) << " dB";
    out << '\n';
  }
}

void print_header(const Diagnosis& d, std::ostream& out) {
  const watch::FeaturePlan& plan = d.healthy.plan;
  out << d.name << ": " << plan.axes << (plan.axes == 1 ? " axis, " : " axes, ")
      << number(static_cast<double>(plan.sample_rate_hz) / 1000) << " kHz, " << d.windows.size()
      << " windows of " << plan.window << " frames ("
      << duration(plan.window / static_cast<double>(plan.sample_rate_hz)) << ")\n"
      << "healthy: " << d.baseline_text << ", " << d.healthy.windows << " windows ("
      << d.healthy.windows - d.healthy.typical << " odd ones left out), " << plan.dims()
      << " features\n";
  for (const std::string& note : d.notes) out << "note: " << note << '\n';
}

}  // namespace

std::string trend(const Diagnosis& d, int columns) {
  static const char* const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  columns = columns_for(d, columns);
  std::string text;
  for (int c = 0; c < columns; ++c) {
    const auto [begin, end] = share(d.windows.size(), c, columns);
    std::vector<float> scores;
    for (std::size_t i = begin; i < end; ++i) scores.push_back(d.windows[i].score);
    const auto middle = scores.begin() + static_cast<std::ptrdiff_t>(scores.size() / 2);
    std::nth_element(scores.begin(), middle, scores.end());
    const double octaves = std::log2(static_cast<double>(*middle / d.healthy.threshold) + 1e-9);
    text += kBars[std::clamp(static_cast<int>(std::floor(4 + 2 * octaves)), 0, 7)];
  }
  return text;
}

std::string trend_marks(const Diagnosis& d, int columns) {
  columns = columns_for(d, columns);
  std::string text;
  for (int c = 0; c < columns; ++c) {
    const auto [begin, end] = share(d.windows.size(), c, columns);
    watch::Verdict worst = watch::Verdict::kNormal;
    for (std::size_t i = begin; i < end; ++i) worst = std::max(worst, d.windows[i].verdict);
    const bool baseline = d.windows[end - 1].baseline;
    text += baseline                              ? '.'
            : worst == watch::Verdict::kAlarm     ? '!'
            : worst == watch::Verdict::kAttention ? '~'
                                                  : ' ';
  }
  return text;
}

void print_report(const Diagnosis& d, bool all_windows, std::ostream& out) {
  print_header(d, out);
  out << "\nscore    " << trend(d, kTrendColumns) << "  " << duration(d.windows.back().window.t_s)
      << "\n         " << trend_marks(d, kTrendColumns)
      << "\n         .baseline ~attention !alarm; ▅ and above: over the threshold of "
      << number(static_cast<double>(d.healthy.threshold)) << "\n\n";
  print_windows(d, all_windows, out);
  print_movers(d, out);
  out << '\n' << sentence(d) << '\n';
}

}  // namespace mote::diagnose
