#include "mote/host/hear/hear.h"

#include <algorithm>
#include <memory>

#include "mote/core/listen/voice_window.h"
#include "mote/support/cat.h"

namespace mote::hear {
namespace {

using CepstralWindow = listen::FeatureWindow<listen::KeywordFrontEnd>;
using VoiceWindow = listen::VoiceWindow<listen::VoiceFrontEnd>;
using Samples = sources::PrivateVector<float>;

// So that what is read and padded does not depend on the model.
constexpr int kHop = listen::KeywordFrontEnd::hop;
static_assert(kHop == listen::VoiceFrontEnd::hop &&
              kWindowSamples == listen::VoiceFrontEnd::window_hops * kHop &&
              kSampleRateHz == listen::VoiceFrontEnd::sample_rate_hz);

double seconds_of(std::int64_t samples) { return static_cast<double>(samples) / kSampleRateHz; }

Result<void> check_clip_length(const sources::AudioReader& audio) {
  if (audio.position() <= kWindowSamples) return {};
  return bad_input(cat("'", audio.path(),
                       "' is longer than a second, the most that a clip has; "
                       "leave --clip out to slide over it, or cut it"));
}

/// Reads until `samples` is full or the recording ends.
Result<void> fill(sources::AudioReader& audio, std::span<float> samples) {
  while (!samples.empty()) {
    const auto count = audio.next(samples);
    if (!count) return tl::unexpected<Error>(count.error());
    if (*count == 0) break;
    samples = samples.subspan(static_cast<std::size_t>(*count));
  }
  return {};
}

/// The words of a recording whose sound a Window turns into features.
template <class Window, class... Arguments>
Result<std::vector<Word>> words_in(sources::AudioReader& audio, KeywordModel& model,
                                   float threshold, Arguments... window) {
  using Listener = listen::Listener<KeywordModel, Window>;
  const listen::ListenerSettings settings = {
      .gate = {.classes = model.labels().count(),
               .words = model.labels().words,
               .threshold = threshold,
               .release = std::min(threshold, listen::GateSettings{}.release)}};
  const auto listener = std::make_unique<Listener>(model, settings, window...);
  std::vector<Word> words;
  const auto keep = [&](const listen::Event& event) {
    words.push_back(
        {.time_s = seconds_of(event.sample), .label = event.word, .score = event.score});
  };
  Samples block(kHop);
  for (;;) {
    const auto count = audio.next(block);
    if (!count) return tl::unexpected<Error>(count.error());
    if (*count == 0) break;
    listener->push(block.data(), *count, keep);
  }
  listener->finish(keep);
  return words;
}

/// The features of one window of sound.
template <class Window, class... Arguments>
Samples features_of(const Samples& samples, Arguments... arguments) {
  const auto window = std::make_unique<Window>(arguments...);
  for (int n = 0; n < kWindowSamples; n += kHop) window->push(&samples[n]);
  Samples features(Window::kFeatures);
  window->features(features.data());
  window->wipe();
  return features;
}

}  // namespace

Result<Hearing> hear(sources::AudioReader& audio, KeywordModel& model, const Options& options) {
  auto words =
      model.front_end() == FrontEnd::kVoice
          ? words_in<VoiceWindow>(audio, model, options.threshold)
          : words_in<CepstralWindow>(audio, model, options.threshold, options.normalization);
  if (!words) return tl::unexpected(words.error());
  Hearing hearing{.words = std::move(*words),
                  .seconds = seconds_of(audio.position()),
                  .padded = audio.position() < kWindowSamples};
  // Near an end, the middle of the windows may lie outside the recording.
  for (Word& word : hearing.words) word.time_s = std::clamp(word.time_s, 0.0, hearing.seconds);
  MOTE_TRY(model.check_scores());
  return hearing;
}

Result<Clip> hear_clip(sources::AudioReader& audio, KeywordModel& model, const Options& options) {
  Samples samples(kWindowSamples + 1);
  MOTE_TRY(fill(audio, samples));
  MOTE_TRY(check_clip_length(audio));
  const Samples features = model.front_end() == FrontEnd::kVoice
                               ? features_of<VoiceWindow>(samples)
                               : features_of<CepstralWindow>(samples, options.normalization);
  std::vector<float> scores(listen::kMaxClasses);
  model.classify(features.data(), scores.data());
  MOTE_TRY(model.check_scores());
  const auto best = std::max_element(scores.begin(), scores.begin() + model.labels().count());
  return Clip{.label = static_cast<int>(best - scores.begin()),
              .score = *best,
              .seconds = seconds_of(audio.position()),
              .padded = audio.position() < kWindowSamples};
}

}  // namespace mote::hear
