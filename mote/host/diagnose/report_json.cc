#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/host/diagnose/report.h"
#include "mote/host/diagnose/wording.h"

namespace mote::diagnose {
namespace {

using Json = nlohmann::ordered_json;

/// Four significant digits, so that the last bits of a CPU's arithmetic do not show.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(std::fabs(value))) - 3);
  return std::round(value / unit) * unit;
}
Json short_number(double value) {
  // Through text: 0.1234 * 1 is not always the double that prints as 0.1234.
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", rounded(value));
  return Json::parse(text);
}

Json movers_json(const Diagnosis& d, const std::vector<Mover>& movers) {
  Json list = Json::array();
  for (std::size_t i = 0; i < movers.size() && i < 8; ++i)
    list.push_back({{"feature", feature_name(d, movers[i].place)},
                    {"change_db", short_number(static_cast<double>(movers[i].db))},
                    {"healthy_spreads", short_number(static_cast<double>(movers[i].spreads))}});
  return list;
}

Json window_json(const Diagnosis& d, std::size_t index) {
  const Judged& judged = d.windows[index];
  Json json = {{"window", index},
               {"frame", judged.window.frame},
               {"t_s", judged.window.t_s},
               {"score", short_number(static_cast<double>(judged.score))},
               {"verdict", judged.baseline ? "baseline" : name_of(judged.verdict)}};
  if (judged.window.remaining_s >= 0) json["remaining_s"] = judged.window.remaining_s;
  json["moved"] = movers_json(d, {std::begin(judged.moved), std::end(judged.moved)});
  return json;
}

Json alarms_json(const Diagnosis& d) {
  Json list = Json::array();
  for (const Episode& episode : d.episodes)
    list.push_back({{"since", window_json(d, episode.since)},
                    {"raised", window_json(d, episode.raised)},
                    {"windows", episode.end - episode.since},
                    {"likely_cause", likely_cause(d, episode)},
                    {"moved", movers_json(d, episode.movers)}});
  return list;
}

}  // namespace

void print_json(const Diagnosis& d, std::ostream& out) {
  const Healthy& healthy = d.healthy;
  Json json = {{"recording", d.name},
               {"axes", d.axes},
               {"sample_rate_hz", healthy.plan.sample_rate_hz},
               {"window_frames", healthy.plan.window},
               {"features", healthy.plan.dims()},
               {"baseline",
                {{"from", d.baseline_text},
                 {"recordings", healthy.recordings},
                 {"windows", healthy.windows},
                 {"left_out", healthy.windows - healthy.typical},
                 {"held_out_score", short_number(static_cast<double>(healthy.held_out))}}},
               {"threshold", short_number(static_cast<double>(healthy.threshold))},
               {"notes", d.notes},
               {"malfunctioning", d.alarmed()},
               {"ever_alarmed", d.ever_alarmed()},
               {"verdict", name_of(d.verdict())},
               {"alarms", alarms_json(d)},
               {"sentence", sentence(d)}};
  json["windows"] = Json::array();
  for (std::size_t i = 0; i < d.windows.size(); ++i) json["windows"].push_back(window_json(d, i));
  out << json.dump(1) << '\n';
}

}  // namespace mote::diagnose
