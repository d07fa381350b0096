#include "mote/host/hear/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

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
  for (const Word& word : hearing.words) {
    Json::Object row;
    row.emplace_back("time_s", thousandths(word.time_s));
    row.emplace_back("word", labels.names[word.label]);
    row.emplace_back("score", thousandths(word.score));
    words.emplace_back(std::move(row));
  }
  Json::Object object;
  object.emplace_back("seconds", thousandths(hearing.seconds));
  object.emplace_back("padded", hearing.padded);
  object.emplace_back("words", std::move(words));
  out << dump(std::move(object));
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
  for (const NamedClip& named : clips) {
    Json::Object row;
    row.emplace_back("recording", named.recording);
    row.emplace_back("label", labels.names[named.clip.label]);
    row.emplace_back("score", thousandths(named.clip.score));
    row.emplace_back("seconds", thousandths(named.clip.seconds));
    row.emplace_back("padded", named.clip.padded);
    rows.emplace_back(std::move(row));
  }
  Json::Object object;
  object.emplace_back("clips", std::move(rows));
  out << dump(std::move(object));
}

}  // namespace mote::hear
