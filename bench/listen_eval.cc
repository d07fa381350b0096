// Prints how well words are heard in continuous sound, and how many are invented:
//   mote_listen_eval FOLDER MODEL LABELS
//
// The folder has an index.csv (columns path, kind, word, split) and recordings at 16 kHz; words are
// those of the split "test", which must be in no training set.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/core/listen/voice_window.h"
#include "mote/host/diagnose/recording_index.h"
#include "mote/host/hear/hear.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

using Samples = std::vector<float>;
using hear::kSampleRateHz;

/// A word that is said in a stream; time in samples.
struct Spoken {
  int label;
  std::int64_t begin, end;
};

/// Sound to listen to, and what is known to be said in it.
struct Stream {
  std::string name;
  Samples samples;
  std::vector<Spoken> words;

  double hours() const { return static_cast<double>(samples.size()) / kSampleRateHz / 3600; }
};

Result<Samples> read_samples(const std::string& path) {
  auto encoded = sources::read_encoded(path);
  MOTE_TRY(encoded);
  auto audio = sources::AudioReader::open(std::move(*encoded), kSampleRateHz);
  MOTE_TRY(audio);
  Samples samples;
  for (Samples block(4096);;) {
    const auto count = audio->next(block);
    MOTE_TRY(count);
    if (*count == 0) return samples;
    samples.insert(samples.end(), block.begin(), block.begin() + *count);
  }
}

/// A room at -66 dBFS: without it the gaps between recordings would be quieter than any real one.
void add_hiss(Samples& samples, std::mt19937& random) {
  std::normal_distribution<float> hiss(0.0f, 5e-4f);
  for (float& sample : samples) sample += hiss(random);
}

/// The recordings of `rows`, one after another with gaps of 0.7 to 1.7 s, in a random order.
Result<Stream> string_up(const std::string& name, const std::string& folder,
                         std::vector<diagnose::RecordingIndex::Row> rows,
                         const hear::Labels& labels) {
  std::mt19937 random(1);
  std::shuffle(rows.begin(), rows.end(), random);
  std::uniform_int_distribution<int> gap(7 * kSampleRateHz / 10, 17 * kSampleRateHz / 10);
  Stream stream{.name = name, .samples = Samples(kSampleRateHz), .words = {}};
  for (const auto& row : rows) {
    const auto samples = read_samples(cat(folder, "/", row.path()));
    MOTE_TRY(samples);
    const auto begin = static_cast<std::int64_t>(stream.samples.size());
    const auto label = std::find(labels.names.begin(), labels.names.end(), row.text("word"));
    stream.samples.insert(stream.samples.end(), samples->begin(), samples->end());
    if (label != labels.names.end())
      stream.words.push_back({.label = static_cast<int>(label - labels.names.begin()),
                              .begin = begin,
                              .end = static_cast<std::int64_t>(stream.samples.size())});
    stream.samples.resize(stream.samples.size() + static_cast<std::size_t>(gap(random)));
  }
  add_hiss(stream.samples, random);
  return stream;
}

Result<std::vector<Stream>> streams(const std::string& folder, const hear::Labels& labels) {
  const std::string path = folder + "/index.csv";
  const auto bytes = read_file(path);
  MOTE_TRY(bytes);
  const auto index = diagnose::RecordingIndex::parse(path, *bytes);
  MOTE_TRY(index);
  std::vector<diagnose::RecordingIndex::Row> commands, others, speech, noise;
  for (const auto& row : index->rows()) {
    const std::string kind = row.text("kind"), word = row.text("word");
    if (kind == "longspeech") speech.push_back(row);
    if (kind == "noise") noise.push_back(row);
    if (kind != "words" || row.text("split") != "test") continue;
    const auto label = std::find(labels.names.begin(), labels.names.end(), word);
    const bool command =
        label != labels.names.end() && (labels.words >> (label - labels.names.begin()) & 1) != 0;
    (command ? commands : others).push_back(row);
  }
  std::vector<Stream> list;
  for (const auto& [name, rows] :
       {std::pair{"the commands", &commands}, std::pair{"other words", &others},
        std::pair{"fluent speech", &speech}, std::pair{"noises", &noise}}) {
    auto stream = string_up(name, folder, *rows, labels);
    MOTE_TRY(stream);
    list.push_back(std::move(*stream));
  }
  return list;
}

/// Answers with the network the first time a stream is heard, and from memory after that.
class Remembering {
 public:
  explicit Remembering(hear::KeywordModel& model) : model_(model) {}
  void rewind() { next_ = 0; }
  void classify(const float* features, float* scores) {
    const auto count = static_cast<std::size_t>(model_.labels().count());
    if (next_ == scores_.size()) {
      scores_.resize(next_ + count);
      model_.classify(features, &scores_[next_]);
    }
    std::copy_n(scores_.begin() + static_cast<std::ptrdiff_t>(next_), count, scores);
    next_ += count;
  }

 private:
  hear::KeywordModel& model_;
  std::vector<float> scores_;
  std::size_t next_ = 0;
};

struct Outcome {
  int right = 0, wrong = 0, missed = 0;
  int invented = 0;  ///< heard where no command was said, or a second time
};

Outcome compare(const std::vector<Spoken>& spoken, const std::vector<listen::Event>& heard) {
  Outcome outcome;
  std::size_t next = 0;
  constexpr std::int64_t kSlack = kSampleRateHz / 4;
  for (const Spoken& word : spoken) {
    for (; next < heard.size() && heard[next].sample < word.begin - kSlack; ++next)
      ++outcome.invented;
    int said = 0;
    bool right = false;
    for (; next < heard.size() && heard[next].sample < word.end + kSlack; ++next, ++said)
      right = right || heard[next].word == word.label;
    outcome.right += right;
    outcome.wrong += !right && said > 0;
    outcome.missed += said == 0;
    outcome.invented += std::max(0, said - 1);
  }
  outcome.invented += static_cast<int>(heard.size() - next);
  return outcome;
}

template <class Window>
Outcome listen_to(const Stream& stream, Remembering& model, const listen::GateSettings& gate) {
  model.rewind();
  std::vector<listen::Event> heard;
  const auto keep = [&](const listen::Event& event) { heard.push_back(event); };
  const auto listener = std::make_unique<listen::Listener<Remembering, Window>>(
      model, listen::ListenerSettings{.gate = gate});
  listener->push(stream.samples.data(), static_cast<int>(stream.samples.size()), keep);
  listener->finish(keep);
  return compare(stream.words, heard);
}

void print_stream(const Stream& stream, hear::KeywordModel& model) {
  Remembering remembering(model);
  std::printf("%s: %.1f min\n", stream.name.c_str(), 60 * stream.hours());
  for (float threshold : {0.6f, 0.75f, 0.85f, 0.95f}) {
    const listen::GateSettings gate = {
        .classes = model.labels().count(), .words = model.labels().words, .threshold = threshold};
    using Cepstral = listen::FeatureWindow<listen::KeywordFrontEnd>;
    using Voice = listen::VoiceWindow<listen::VoiceFrontEnd>;
    const Outcome outcome = model.front_end() == hear::FrontEnd::kVoice
                                ? listen_to<Voice>(stream, remembering, gate)
                                : listen_to<Cepstral>(stream, remembering, gate);
    std::printf("  threshold %.2f: ", threshold);
    if (!stream.words.empty())
      std::printf("%d right, %d another word, %d missed of %zu; ", outcome.right, outcome.wrong,
                  outcome.missed, stream.words.size());
    std::printf("%d invented, %.0f an hour\n", outcome.invented, outcome.invented / stream.hours());
  }
  std::fflush(stdout);
}

Result<hear::KeywordModel> load(const std::string& path, const std::string& labels_path) {
  auto bytes = read_file(path), text = read_file(labels_path);
  MOTE_TRY(bytes);
  MOTE_TRY(text);
  auto labels = hear::parse_labels(*text, labels_path);
  MOTE_TRY(labels);
  const auto model =
      model::read_tflite(std::make_shared<const std::vector<std::byte>>(std::move(*bytes)), path);
  MOTE_TRY(model);
  auto program = compiler::compile(*model);
  MOTE_TRY(program);
  auto network =
      runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
  MOTE_TRY(network);
  return hear::KeywordModel::create(std::move(*network), std::move(*labels));
}

Result<void> run(const std::string& folder, const std::string& path, const std::string& labels) {
  auto model = load(path, labels);
  MOTE_TRY(model);
  const auto list = streams(folder, model->labels());
  MOTE_TRY(list);
  for (const Stream& stream : *list) print_stream(stream, *model);
  return model->check_scores();
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: mote_listen_eval FOLDER MODEL LABELS\n");
    return 2;
  }
  const auto done = mote::bench::run(argv[1], argv[2], argv[3]);
  if (!done) std::fprintf(stderr, "mote_listen_eval: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
