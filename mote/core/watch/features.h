#pragma once

#include "mote/core/base/math.h"
#include "mote/core/signal/envelope.h"
#include "mote/core/signal/moments.h"
#include "mote/core/signal/spectrum.h"

namespace mote::watch {

/// What a feature measures. All are in decibels, so that a change means the same whatever the
/// level, the sensor's gain or the unit.
enum class FeatureKind {
  kBand,               ///< power of one octave band
  kLevel,              ///< RMS of the whole window
  kCrest,              ///< peak over RMS: single knocks
  kKurtosis,           ///< fourth moment: many knocks
  kEnvelopeVariation,  ///< how deeply the upper band is modulated
  kEnvelopeKurtosis,   ///< how spiky that modulation is
  kOrder,              ///< power at a multiple of the shaft's speed, where that is known
};

/// The shape of the problem, known before the first sample.
struct FeaturePlan {
  int window;            ///< frames, a power of two in [kShortestWindow, kLongestWindow]
  int axes;              ///< >= 1
  float sample_rate_hz;  ///< > 0
  float shaft_hz = 0;    ///< 0: not known, no order features

  static constexpr int kShortestWindow = 64, kLongestWindow = 8192;
  static constexpr int kShapes = 5, kOrders = 3;

  constexpr int bands() const { return signal::octave_bands(window); }
  constexpr int per_axis() const { return bands() + kShapes + (shaft_hz > 0 ? kOrders : 0); }
  constexpr int dims() const { return axes * per_axis(); }
};

/// Which feature stands at one place of a feature vector.
struct FeatureId {
  int axis;
  FeatureKind kind;
  int index;  ///< of the band, or the order (1 = shaft speed); 0 for the other kinds
};

constexpr FeatureId feature_id(const FeaturePlan& plan, int place) {
  const int axis = place / plan.per_axis(), i = place % plan.per_axis();
  if (i < plan.bands()) return {axis, FeatureKind::kBand, i};
  const int shape = i - plan.bands();
  if (shape >= FeaturePlan::kShapes)
    return {axis, FeatureKind::kOrder, shape - FeaturePlan::kShapes + 1};
  constexpr FeatureKind kKinds[] = {FeatureKind::kLevel, FeatureKind::kCrest,
                                    FeatureKind::kKurtosis, FeatureKind::kEnvelopeVariation,
                                    FeatureKind::kEnvelopeKurtosis};
  return {axis, kKinds[shape], 0};
}

/// Memory that the extraction works in; every array belongs to the caller.
struct FeatureWorkspace {
  const float* hann;                ///< [window] from make_hann
  const signal::Complex* twiddles;  ///< [window / 2] from make_twiddles
  float* samples;                   ///< [window] scratch
  signal::Complex* spectrum;        ///< [window / 2 + 1] scratch
};

/// 10 * log10(power), for power >= 0: silence is -200 dB and not minus infinity.
inline float decibels(float power) { return 10.0f * log10f(power + 1e-20f); }

/// The features of the axis whose plan.window samples lie in workspace.samples (overwritten), into
/// features[plan.per_axis()].
///
/// Time O(window log window): one real FFT, one complex FFT of half the length.
inline void extract_axis(const FeaturePlan& plan, const FeatureWorkspace& workspace,
                         float* features) {
  const int n = plan.window, bands = plan.bands();
  const signal::Moments m = signal::moments(workspace.samples, n);
  signal::windowed_spectrum(workspace.samples, workspace.hann, n, m.mean, workspace.twiddles,
                            workspace.spectrum);
  signal::octave_band_powers(workspace.spectrum, n, features);
  float total = 0;
  for (int b = 0; b < bands; ++b) total += features[b];
  // Parseval, one side of the spectrum, and Hann's mean square of 3/8: powers become mean squares.
  const float square = static_cast<float>(n) * static_cast<float>(n);
  const float to_mean_square = 16.0f / (3.0f * square);
  const float noise = 1e-7f * total;  // what leaks from the strongest line says nothing of a band
  for (int b = 0; b < bands; ++b) features[b] = decibels((features[b] + noise) * to_mean_square);
  float* shape = features + bands;
  if (plan.shaft_hz > 0)
    for (int order = 1; order <= FeaturePlan::kOrders; ++order) {
      const double cycles = order * n * static_cast<double>(plan.shaft_hz / plan.sample_rate_hz);
      const float power = cycles < n / 2 ? signal::power_at(workspace.samples, n, cycles) : 0;
      // A line of amplitude A through Hann: |X|^2 = (A n / 4)^2, mean square A^2 / 2.
      shape[FeaturePlan::kShapes + order - 1] = decibels((power + noise) * 8.0f / square);
    }
  signal::envelope_from_spectrum(workspace.spectrum, n, workspace.twiddles, workspace.samples);
  const signal::Moments e = signal::moments(workspace.samples, n / 2);
  shape[0] = decibels(m.rms * m.rms);
  shape[1] = decibels(m.crest * m.crest);
  shape[2] = decibels(m.kurtosis);
  shape[3] = e.mean > 0 ? decibels(e.rms * e.rms / (e.mean * e.mean) + 1e-6f) : -60.0f;
  shape[4] = decibels(e.kurtosis);
}

/// The features of one window of interleaved frames: features[plan.dims()].
///
///   frames  plan.window * plan.axes finite values; frame f, axis a at frames[f * axes + a]
inline void extract_features(const FeaturePlan& plan, const float* frames,
                             const FeatureWorkspace& workspace, float* features) {
  for (int axis = 0; axis < plan.axes; ++axis) {
    for (int f = 0; f < plan.window; ++f) workspace.samples[f] = frames[f * plan.axes + axis];
    extract_axis(plan, workspace, features + axis * plan.per_axis());
  }
}

}  // namespace mote::watch
