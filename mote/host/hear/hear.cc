#include "mote/host/hear/hear.h"

#include <algorithm>
#include <memory>

#include "mote/support/cat.h"

namespace mote::hear {
namespace {

constexpr int kHop = listen::KeywordFrontEnd::hop;

double seconds_of(std::int64_t samples) { return static_cast<double>(samples) / kSampleRateHz; }

Result<void> check_clip_length(const sources::AudioReader& audio) {
  if (audio.position() <= kWindowSamples) return {};
  return bad_input(cat("'", audio.path(),
                       "' is longer than a second, the most that a clip has; "
                       "leave --clip out to slide over it, or cut it"));
}

}  // namespace

Result<Hearing> hear(sources::AudioReader& audio, KeywordModel& model, const Options& options) {
  using Listener = listen::Listener<KeywordModel>;
  const listen::ListenerSettings settings = {
      .normalization = options.normalization,
      .gate = {.classes = model.labels().count(),
               .words = model.labels().words,
               .threshold = options.threshold,
               .release = std::min(options.threshold, listen::GateSettings{}.release)}};
  const auto listener = std::make_unique<Listener>(model, settings);
  Hearing hearing;
  const auto keep = [&](const listen::Event& event) {
    hearing.words.push_back(
        {.time_s = seconds_of(event.sample), .label = event.word, .score = event.score});
  };
  sources::PrivateVector<float> block(kHop);
  for (;;) {
    const auto count = audio.next(block);
    if (!count) return tl::unexpected<Error>(count.error());
    if (*count == 0) break;
    listener->push(block.data(), *count, keep);
  }
  listener->finish(keep);
  hearing.seconds = seconds_of(audio.position());
  hearing.padded = audio.position() < kWindowSamples;
  // Near an end, the middle of the windows may lie outside the recording.
  for (Word& word : hearing.words) word.time_s = std::clamp(word.time_s, 0.0, hearing.seconds);
  MOTE_TRY(model.check_scores());
  return hearing;
}

Result<Clip> hear_clip(sources::AudioReader& audio, KeywordModel& model, const Options& options) {
  using Window = listen::FeatureWindow<listen::KeywordFrontEnd>;
  const auto window = std::make_unique<Window>();
  sources::PrivateVector<float> samples(kWindowSamples + 1);
  for (std::span<float> rest = samples; !rest.empty();) {
    const auto count = audio.next(rest);
    if (!count) return tl::unexpected<Error>(count.error());
    if (*count == 0) break;
    rest = rest.subspan(static_cast<std::size_t>(*count));
  }
  MOTE_TRY(check_clip_length(audio));
  for (int n = 0; n < kWindowSamples; n += kHop) window->push(&samples[n]);
  sources::PrivateVector<float> features(Window::kFeatures);
  std::vector<float> scores(listen::kMaxClasses);
  window->features(options.normalization, features.data());
  window->wipe();
  model.classify(features.data(), scores.data());
  MOTE_TRY(model.check_scores());
  const auto best = std::max_element(scores.begin(), scores.begin() + model.labels().count());
  return Clip{.label = static_cast<int>(best - scores.begin()),
              .score = *best,
              .seconds = seconds_of(audio.position()),
              .padded = audio.position() < kWindowSamples};
}

}  // namespace mote::hear
