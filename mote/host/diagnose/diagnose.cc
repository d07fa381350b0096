#include "mote/host/diagnose/diagnose.h"

#include <algorithm>
#include <cmath>

#include "mote/core/learn/reconstruction.h"
#include "mote/host/diagnose/recording_index.h"
#include "mote/support/cat.h"

namespace mote::diagnose {
namespace {

/// A recording and how to cut it.
struct Source {
  sources::Recording recording;
  Cut cut;
};

/// A recording of which more than this share of samples stands at its extreme values is overdriven.
constexpr double kClippedShare = 0.001;

Result<Source> read_source(const File& file, const std::optional<RecordingIndex>& index,
                           const Options& options) {
  auto recording = sources::parse_recording(file.name, file.bytes, {options.csv_rate_hz});
  if (!recording) return tl::unexpected(recording.error());
  Source source{std::move(*recording), {options.segment_frames, options.scale}};
  if (!index) return source;
  auto row = index->find(file.name);
  MOTE_TRY(row);
  auto scale = row->scale();
  MOTE_TRY(scale);
  auto segment = row->number("segment_frames", 0);
  MOTE_TRY(segment);
  source.cut.scale = *scale;
  if (options.segment_frames == 0) source.cut.segment_frames = static_cast<std::int64_t>(*segment);
  const auto axes = row->axes();
  if (axes.size() == source.recording.axes.size()) source.recording.axes = axes;
  return source;
}

Result<void> check_same_machine(const sources::Recording& recording,
                                const sources::Recording& baseline) {
  if (baseline.sample_rate_hz != recording.sample_rate_hz)
    return bad_input(cat("the baseline '", baseline.name, "' has ", baseline.sample_rate_hz,
                         " frames a second, the recording ", recording.sample_rate_hz,
                         "; they must be the same"));
  if (baseline.channels() != recording.channels())
    return bad_input(cat("the baseline '", baseline.name, "' has ", baseline.channels(),
                         " axes, the recording ", recording.channels(), "; they must be the same"));
  return {};
}

Result<watch::FeaturePlan> make_plan(const Source& source, const Options& options) {
  const double rate = source.recording.sample_rate_hz;
  const int window =
      options.window > 0 ? options.window : default_window(rate, source.cut.segment_frames);
  using Plan = watch::FeaturePlan;
  if (window < Plan::kShortestWindow || window > Plan::kLongestWindow ||
      (window & (window - 1)) != 0)
    return bad_input(cat("a window of ", window, " frames is no power of two from ",
                         Plan::kShortestWindow, " to ", Plan::kLongestWindow));
  const double shaft_hz = options.shaft_rpm / 60;
  if (shaft_hz > rate / 4)
    return bad_input(
        cat("a shaft at ", options.shaft_rpm, " rpm is too fast for ", rate, " frames a second"));
  return Plan{.window = window,
              .axes = source.recording.channels(),
              .sample_rate_hz = static_cast<float>(rate),
              .shaft_hz = static_cast<float>(shaft_hz)};
}

/// How many of the recording's first windows are its healthy part.
Result<std::size_t> healthy_windows(const FeatureTable& table, const Options& options) {
  const double begin = table.windows.front().t_s, length = table.windows.back().t_s - begin;
  const double healthy = options.baseline_seconds.value_or(
      options.baseline_fraction.value_or(kDefaultFraction) * length);
  const auto count = static_cast<std::size_t>(
      std::count_if(table.windows.begin(), table.windows.end(),
                    [&](const Window& w) { return w.t_s - begin <= healthy; }));
  if (table.windows.size() - count < learn::Sustained::kMajority)
    return bad_input(cat("the baseline of ", healthy, " s leaves ", table.windows.size() - count,
                         " windows of '", table.name, "' to judge, expected 3 or more"));
  return count;
}

std::string percent(double share) { return cat(std::round(share * 1000) / 10, " %"); }

/// Says what a person should know of the data before believing the verdict.
void add_notes(const Source& source, Diagnosis& d) {
  const auto& samples = source.recording.samples;
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  const auto clipped = std::count_if(samples.begin(), samples.end(),
                                     [&](float s) { return s == *low || s == *high; });
  const double share = static_cast<double>(clipped) / static_cast<double>(samples.size());
  if (share > kClippedShare && samples.size() > 1000)
    d.notes.push_back(cat(percent(share),
                          " of the samples stand at the recording's extreme values; "
                          "the sensor is overdriven"));
  if (d.healthy.held_out > 3)
    d.notes.push_back(cat("the baseline is uneven: its later part scores ",
                          std::round(d.healthy.held_out * 10) / 10,
                          " against its earlier part "
                          "(about 1 is even), so the threshold is high; give a baseline for each "
                          "speed and load"));
}

Score score_of(const Options& options) {
  if (!options.autoencoder) return learn::Mahalanobis();
  return learn::Reconstruction(*options.autoencoder);
}

/// Learns from the other recordings; the whole recording is then judged.
Result<Healthy> learn_from(const std::vector<File>& files,
                           const std::optional<RecordingIndex>& index, const Options& options,
                           const Source& source, const watch::FeaturePlan& plan) {
  HealthyRows rows;
  for (const File& file : files) {
    auto baseline = read_source(file, index, options);
    if (!baseline) return tl::unexpected(baseline.error());
    MOTE_TRY(check_same_machine(source.recording, baseline->recording));
    auto table = extract_table(baseline->recording, plan, baseline->cut, {});
    if (!table) return tl::unexpected(table.error());
    rows.add(*table, table->windows.size());
  }
  return learn_healthy(rows, score_of(options));
}

std::string describe_baseline(const Inputs& inputs, const Options& options) {
  if (inputs.baselines.size() == 1) return cat("'", inputs.baselines.front().name, "'");
  if (!inputs.baselines.empty()) return cat(inputs.baselines.size(), " recordings");
  if (options.baseline_seconds) return cat("the first ", *options.baseline_seconds, " s");
  return cat("the first ", percent(options.baseline_fraction.value_or(kDefaultFraction)));
}

Result<std::optional<RecordingIndex>> read_index(const Inputs& inputs) {
  if (!inputs.index) return std::optional<RecordingIndex>();
  auto index = RecordingIndex::parse(inputs.index->name, inputs.index->bytes);
  if (!index) return tl::unexpected(index.error());
  return std::optional<RecordingIndex>(std::move(*index));
}

Result<Times> read_times(const Inputs& inputs, const Cut& cut) {
  if (!inputs.times) return Times{};
  if (cut.segment_frames == 0)
    return bad_input(cat("'", inputs.times->name,
                         "' gives the times of segments, but how long these "
                         "are is not known; give --segment-frames"));
  return parse_times(inputs.times->name, inputs.times->bytes, cut.segment_frames);
}

}  // namespace

Result<Diagnosis> diagnose(const Inputs& inputs, const Options& options) {
  auto index = read_index(inputs);
  if (!index) return tl::unexpected(index.error());
  auto source = read_source(inputs.recording, *index, options);
  if (!source) return tl::unexpected(source.error());
  auto plan = make_plan(*source, options);
  MOTE_TRY(plan);
  if (options.autoencoder) MOTE_TRY(options.autoencoder->check_fits(*plan));
  auto times = read_times(inputs, source->cut);
  MOTE_TRY(times);
  auto table = extract_table(source->recording, *plan, source->cut, *times);
  if (!table) return tl::unexpected(table.error());

  std::size_t first_judged = 0;
  if (inputs.baselines.empty()) {
    auto count = healthy_windows(*table, options);
    MOTE_TRY(count);
    first_judged = *count;
  }
  HealthyRows own;
  if (first_judged > 0) own.add(*table, first_judged);
  auto healthy = inputs.baselines.empty()
                     ? learn_healthy(own, score_of(options))
                     : learn_from(inputs.baselines, *index, options, *source, *plan);
  MOTE_TRY(healthy);

  Diagnosis d{.name = source->recording.name,
              .axes = source->recording.axes,
              .baseline_text = describe_baseline(inputs, options)};
  d.healthy = std::move(*healthy);
  if (inputs.baselines.empty() && !options.baseline_seconds && !options.baseline_fraction)
    d.notes.push_back(
        "no --baseline was given: the first 10 % of the recording is taken as healthy");
  judge(*table, d.healthy, score_of(options), first_judged, d);
  add_notes(*source, d);
  return d;
}

}  // namespace mote::diagnose
