#include "mote/host/diagnose/wording.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mote/support/cat.h"

namespace mote::diagnose {
namespace {

using watch::FeatureId;
using watch::FeatureKind;

/// Formats one number; printf's conversions, since they round as people expect.
std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string band_name(const watch::FeaturePlan& plan, int band) {
  const signal::BandBins bins = signal::octave_band_bins(band);
  const double bin_hz = static_cast<double>(plan.sample_rate_hz) / plan.window;
  const double low = bins.low * bin_hz, high = bins.high * bin_hz;
  if (high >= 1000)
    return cat(formatted("%.3g", low / 1000), "-", formatted("%.3g", high / 1000), " kHz band");
  return cat(formatted("%.3g", low), "-", formatted("%.3g", high), " Hz band");
}

std::string kind_name(const watch::FeaturePlan& plan, const FeatureId& id) {
  switch (id.kind) {
    case FeatureKind::kBand:
      return band_name(plan, id.index);
    case FeatureKind::kLevel:
      return "level (RMS)";
    case FeatureKind::kCrest:
      return "crest factor";
    case FeatureKind::kKurtosis:
      return "kurtosis";
    case FeatureKind::kEnvelopeVariation:
      return "envelope's depth";
    case FeatureKind::kEnvelopeKurtosis:
      return "envelope's kurtosis";
    case FeatureKind::kOrder:
      return cat("vibration at ", id.index, "x shaft speed");
  }
  return "?";
}

/// What moved, summed up over the features that moved by more than twice their healthy spread.
struct Pattern {
  int axes = 0, silent_axes = 0;
  float impacts = 0, high = 0, low = 0, first_order = 0, second_order = 0;
};

Pattern pattern_of(const Diagnosis& d, const Episode& episode) {
  const watch::FeaturePlan& plan = d.healthy.plan;
  Pattern p{.axes = plan.axes};
  const auto raise = [](float& most, const Mover& m) { most = std::max(most, m.spreads); };
  for (const Mover& m : episode.movers) {
    const FeatureId id = watch::feature_id(plan, m.place);
    if (id.kind == FeatureKind::kLevel && m.db < -15) ++p.silent_axes;
    if (std::fabs(m.spreads) < 2) continue;
    if (id.kind == FeatureKind::kBand) raise(id.index >= plan.bands() - 3 ? p.high : p.low, m);
    if (id.kind == FeatureKind::kOrder) raise(id.index == 1 ? p.first_order : p.second_order, m);
    if (id.kind != FeatureKind::kBand && id.kind != FeatureKind::kOrder &&
        id.kind != FeatureKind::kLevel)
      raise(p.impacts, m);
  }
  return p;
}

std::string joined_moves(const Diagnosis& d, const std::vector<Mover>& movers, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, movers.size()); ++i)
    text += cat(i == 0 ? "" : ", ", describe_move(d, movers[i]));
  return text;
}

std::string when(const Judged& judged) {
  std::string text = cat(duration(judged.window.t_s), " into the recording");
  if (judged.window.remaining_s >= 0)
    text += cat(" (", duration(judged.window.remaining_s), " before its end)");
  return text;
}

float highest_ratio(const Diagnosis& d) {
  learn::Sustained sustained;
  float highest = 0;
  for (std::size_t i = d.first_judged; i < d.windows.size(); ++i) {
    sustained.push(d.windows[i].score);
    highest = std::max(highest, sustained.high());
  }
  return highest / d.healthy.threshold;
}

}  // namespace

std::string feature_name(const Diagnosis& d, int place) {
  const FeatureId id = watch::feature_id(d.healthy.plan, place);
  const std::string axis =
      d.axes.size() == 1 ? "" : cat("axis ", d.axes[static_cast<std::size_t>(id.axis)], " ");
  return axis + kind_name(d.healthy.plan, id);
}

std::string describe_move(const Diagnosis& d, const Mover& mover) {
  const double db = std::fabs(static_cast<double>(mover.db));
  std::string text = cat(feature_name(d, mover.place), mover.db < 0 ? " down " : " up ",
                         formatted(db < 9.95 ? "%.1f dB" : "%.0f dB", db));
  const double times = std::pow(10.0, db / 20);
  if (mover.db > 0 && times >= 2 && times < 1000)
    text += cat(" (", formatted(times < 9.95 ? "%.1f" : "%.0f", times), " times)");
  return text;
}

std::string likely_cause(const Diagnosis& d, const Episode& episode) {
  const Pattern p = pattern_of(d, episode);
  if (p.silent_axes == p.axes) return "the machine stands still, or the sensor came off";
  if (p.silent_axes > 0) return "one axis fell silent: look at the sensor and its cable first";
  if (p.first_order > std::max(p.second_order, p.high))
    return "vibration at shaft speed: imbalance is the usual cause";
  if (p.second_order > p.high)
    return "vibration at twice or three times shaft speed: misalignment or looseness are usual "
           "causes";
  if (p.impacts > 2 && p.impacts * 4 > p.high)
    return "it knocks: a damaged bearing or gear is the usual cause";
  if (p.high > p.low)
    return "it grew louder at high frequencies: wear, rubbing or poor lubrication "
           "are usual causes";
  if (p.low > 0)
    return "it grew louder at low frequencies: imbalance, misalignment or looseness are usual "
           "causes";
  return "the sound of the machine changed without growing louder";
}

std::string duration(double seconds) {
  if (seconds < 60) return formatted(seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  const long whole = std::lround(seconds);
  char text[64];
  if (whole < 3600)
    std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
  return text;
}

std::string sentence(const Diagnosis& d) {
  const std::size_t judged = d.windows.size() - d.first_judged;
  if (d.ever_alarmed()) {
    const Episode& first = d.episodes.front();
    const std::string why =
        cat(joined_moves(d, first.movers, 3), "; ", likely_cause(d, first), ".");
    if (d.alarmed())
      return cat("The machine is malfunctioning since ", when(d.windows[d.episodes.back().since]),
                 ": ", joined_moves(d, d.episodes.back().movers, 3), "; ",
                 likely_cause(d, d.episodes.back()), ".");
    return cat("The machine works well now, but malfunctioned from ", when(d.windows[first.since]),
               " for ",
               duration(d.windows[first.end - 1].window.t_s - d.windows[first.since].window.t_s),
               ": ", why);
  }
  const std::string most = formatted("%.0f %%", 100 * static_cast<double>(highest_ratio(d)));
  if (d.verdict() == watch::Verdict::kAttention)
    return cat(
        "The machine deserves attention: its score lasts above half of the threshold "
        "(at most ",
        most, " of it), without an alarm so far.");
  return cat("The machine is working well: in none of ", judged,
             " windows did a lasting score come above ", most, " of the threshold.");
}

const char* name_of(watch::Verdict verdict) {
  if (verdict == watch::Verdict::kAlarm) return "ALARM";
  return verdict == watch::Verdict::kAttention ? "attention" : "normal";
}

}  // namespace mote::diagnose
