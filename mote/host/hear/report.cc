#include "mote/host/hear/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mote/support/json.h"

namespace mote::hear {
namespace {

double thousandths(double value) { return std::round(value * 1000) / 1000; }

template <class... Values>
std::string formatted(const char* format, Values... values) {
  char text[128];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace

void print(const Hearing& hearing, const Labels& labels, std::ostream& out) {
  for (const Word& word : hearing.words)
    out << formatted("%8.2f s  %.2f  ", word.time_s, static_cast<double>(word.score))
        << labels.names[word.label] << '\n';
  const std::size_t count = hearing.words.size();
  out << (count == 0 ? "no word" : std::to_string(count) + (count == 1 ? " word" : " words"))
      << formatted(" in %.2f s\n", hearing.seconds);
  if (hearing.padded)
    out << "the recording is shorter than the model's window: padded with silence to 1 s\n";
}

void print_json(const Hearing& hearing, const Labels& labels, std::ostream& out) {
  Json::Array words;
  for (const Word& word : hearing.words)
    words.push_back(Json::Object{{"time_s", thousandths(word.time_s)},
                                 {"word", labels.names[word.label]},
                                 {"score", thousandths(word.score)}});
  out << dump(Json::Object{
      {"seconds", thousandths(hearing.seconds)}, {"padded", hearing.padded}, {"words", words}});
}

void print(const std::vector<NamedClip>& clips, const Labels& labels, std::ostream& out) {
  for (const NamedClip& named : clips)
    out << labels.names[named.clip.label]
        << formatted("\t%.3f\t", static_cast<double>(named.clip.score)) << named.recording << '\n';
  const auto padded = std::count_if(clips.begin(), clips.end(),
                                    [](const auto& named) { return named.clip.padded; });
  if (padded > 0)
    out << "# " << padded << " of " << clips.size()
        << " shorter than the model's window: padded with silence to 1 s\n";
}

void print_json(const std::vector<NamedClip>& clips, const Labels& labels, std::ostream& out) {
  Json::Array rows;
  for (const NamedClip& named : clips)
    rows.push_back(Json::Object{{"recording", named.recording},
                                {"label", labels.names[named.clip.label]},
                                {"score", thousandths(named.clip.score)},
                                {"seconds", thousandths(named.clip.seconds)},
                                {"padded", named.clip.padded}});
  out << dump(Json::Object{{"clips", rows}});
}

}  // namespace mote::hear
