#include "mote/host/diagnose/feature_table.h"

#include <algorithm>
#include <cmath>

#include "mote/core/learn/sustained.h"
#include "mote/core/signal/window.h"
#include "mote/host/sources/csv.h"
#include "mote/support/cat.h"

namespace mote::diagnose {
namespace {

using watch::FeaturePlan;

/// The place of the column `name` in a header, or -1.
int column_of(const std::vector<std::string>& header, const char* name) {
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? -1 : static_cast<int>(found - header.begin());
}

Result<double> number_at(const std::string& file, const sources::Table& table, std::size_t row,
                         int column) {
  double value = 0;
  const auto& cells = table.rows[row];
  if (cells.size() != table.rows.front().size() ||
      !sources::parse_number(cells[static_cast<std::size_t>(column)], value))
    return bad_input(cat("'", file, "' line ", table.lines[row],
                         " has no finite number in column '",
                         table.rows.front()[static_cast<std::size_t>(column)], "'"));
  return value;
}

/// The first frame of every window, and which segment it is in.
struct Place {
  std::int64_t frame, segment, offset;
};

std::vector<Place> cut_windows(std::int64_t frames, std::int64_t segment_frames, int window) {
  const std::int64_t segment = segment_frames > 0 ? segment_frames : frames;
  std::vector<Place> places;
  for (std::int64_t s = 0; (s + 1) * segment <= frames; ++s)
    for (std::int64_t offset = 0; offset + window <= segment; offset += window / 2)
      places.push_back({s * segment + offset, s, offset});
  return places;
}

Result<void> check_shape(const sources::Recording& r, const FeaturePlan& plan, const Cut& cut,
                         const Times& times) {
  if (r.channels() > 3)
    return bad_input(
        cat("'", r.name, "' has ", r.channels(), " channels, expected one to three axes"));
  const std::int64_t segment = cut.segment_frames;
  if (segment > 0 && segment < plan.window)
    return bad_input(cat("'", r.name, "': segments of ", segment,
                         " frames are shorter than a window of ", plan.window,
                         "; try a smaller --window"));
  if (segment > 0 && r.frames() % segment != 0)
    return bad_input(cat("'", r.name, "' has ", r.frames(), " frames, no multiple of the ", segment,
                         " of a segment; it is cut, or --segment-frames is wrong"));
  const std::size_t windows = cut_windows(r.frames(), segment, plan.window).size();
  if (windows < learn::Sustained::kMajority)
    return bad_input(cat("'", r.name, "' has ", r.frames(), " frames, which is ", windows,
                         " windows of ", plan.window,
                         ", expected 3 or more; record longer or try a "
                         "smaller --window"));
  if (!times.t_s.empty() && static_cast<std::int64_t>(times.t_s.size()) * segment != r.frames())
    return bad_input(cat("'", r.name, "' has ", r.frames() / segment,
                         " segments, but the table of times ", times.t_s.size(), " rows"));
  return {};
}

/// A sensor that gives one and the same value throughout is not connected.
Result<void> check_alive(const sources::Recording& r) {
  const std::size_t axes = r.axes.size();
  for (std::size_t a = 0; a < axes; ++a) {
    bool moves = false;
    for (std::size_t i = a; i < r.samples.size() && !moves; i += axes)
      moves = r.samples[i] != r.samples[a];
    if (!moves)
      return bad_input(cat("'", r.name, "': axis ", r.axes[a], " is ", r.samples[a],
                           " throughout; is its sensor connected?"));
  }
  return {};
}

Window place_in_time(const Place& place, const FeaturePlan& plan, const Times& times) {
  const double rate = static_cast<double>(plan.sample_rate_hz);
  Window window{.frame = place.frame, .t_s = static_cast<double>(place.frame) / rate};
  const std::size_t segment = static_cast<std::size_t>(place.segment);
  const double within = static_cast<double>(place.offset) / rate;
  if (!times.t_s.empty()) window.t_s = times.t_s[segment] + within;
  if (!times.remaining_s.empty()) window.remaining_s = times.remaining_s[segment] - within;
  return window;
}

/// Buffers of the extraction, on the heap.
struct Buffers {
  std::vector<float> hann, samples, frames;
  std::vector<signal::Complex> twiddles, spectrum;

  explicit Buffers(const FeaturePlan& plan)
      : hann(plan.window),
        samples(plan.window),
        frames(plan.window * plan.axes),
        twiddles(plan.window / 2),
        spectrum(plan.window / 2 + 1) {
    signal::make_hann(plan.window, hann.data());
    signal::make_twiddles(plan.window, twiddles.data());
  }
  watch::FeatureWorkspace workspace() {
    return {hann.data(), twiddles.data(), samples.data(), spectrum.data()};
  }
};

}  // namespace

Result<Times> parse_times(const std::string& name, std::span<const std::byte> bytes,
                          std::int64_t segment_frames) {
  const sources::Table table = sources::parse_table(bytes);
  if (table.rows.size() < 2) return bad_input(cat("'", name, "' has no rows of times"));
  const auto& header = table.rows.front();
  const int t = column_of(header, "t_s"), remaining = column_of(header, "remaining_s");
  const int start = column_of(header, "start_frame");
  if (t < 0) return bad_input(cat("'", name, "' has no column t_s"));
  Times times;
  for (std::size_t row = 1; row < table.rows.size(); ++row) {
    auto at = number_at(name, table, row, t);
    MOTE_TRY(at);
    if (!times.t_s.empty() && *at <= times.t_s.back())
      return bad_input(cat("'", name, "' line ", table.lines[row], ": ", *at,
                           " s does not come after ", times.t_s.back(), " s"));
    times.t_s.push_back(*at);
    if (remaining >= 0) {
      auto left = number_at(name, table, row, remaining);
      MOTE_TRY(left);
      times.remaining_s.push_back(*left);
    }
    if (start < 0) continue;
    auto frame = number_at(name, table, row, start);
    MOTE_TRY(frame);
    const auto expected = static_cast<std::int64_t>(row - 1) * segment_frames;
    if (*frame != static_cast<double>(expected))
      return bad_input(cat("'", name, "' line ", table.lines[row], ": segment ", row - 1,
                           " starts at frame ", *frame, ", expected ", expected));
  }
  return times;
}

int default_window(double sample_rate_hz, std::int64_t segment_frames) {
  int window = FeaturePlan::kShortestWindow;
  while (window < sample_rate_hz && window < 4096) window *= 2;
  while (segment_frames > 0 && window > segment_frames && window > FeaturePlan::kShortestWindow)
    window /= 2;
  return window;
}

Result<FeatureTable> extract_table(const sources::Recording& recording, const FeaturePlan& plan,
                                   const Cut& cut, const Times& times) {
  MOTE_TRY(check_shape(recording, plan, cut, times));
  MOTE_TRY(check_alive(recording));
  const auto places = cut_windows(recording.frames(), cut.segment_frames, plan.window);
  FeatureTable table{.name = recording.name, .plan = plan, .windows = {}, .values = {}};
  const std::size_t dims = static_cast<std::size_t>(plan.dims());
  table.values.resize(places.size() * dims);
  Buffers buffers(plan);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    const float* first = recording.samples.data() + place.frame * plan.axes;
    for (std::size_t k = 0; k < buffers.frames.size(); ++k)
      buffers.frames[k] = first[k] * static_cast<float>(cut.scale);
    watch::extract_features(plan, buffers.frames.data(), buffers.workspace(),
                            table.values.data() + i * dims);
    if (!std::all_of(table.row(i), table.row(i) + dims, [](float f) { return std::isfinite(f); }))
      return bad_input(cat("'", recording.name, "': the samples of frames ", place.frame, " to ",
                           place.frame + plan.window - 1,
                           " are too large to compute with; is the scale of ", cut.scale,
                           " right?"));
    table.windows.push_back(place_in_time(place, plan, times));
  }
  return table;
}

}  // namespace mote::diagnose
