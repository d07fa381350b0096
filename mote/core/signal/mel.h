#pragma once

#include <stdint.h>

#include "mote/core/base/math.h"

namespace mote::signal {

/// The mel scale of HTK and TensorFlow: 1127 * ln(1 + hz/700).
inline double mel_of_hz(double hz) { return 1127.0 * log(1.0 + hz / 700.0); }

/// Which bands a bank of triangular filters has, and over which spectrum.
struct MelBank {
  int bands;  ///< >= 1
  int bins;   ///< of the spectrum: fft length/2 + 1
  double sample_rate_hz;
  double low_hz, high_hz;  ///< the lowest band's lower and the highest band's upper edge
};

/// Where one bin of the spectrum lies between the bands' edges.
///
/// The triangles are linear in mel and share their edges, so a bin lies on at most two of them: on
/// the rising side of `band` and on the falling side of `band - 1`, with weights that add up to
/// one.
struct MelPlace {
  int16_t band;  ///< 0..bands (the last has no rising side); -1: in no band
  float rise;    ///< weight in `band`, in [0, 1]
};

/// Fills `places`, bank.bins entries. The DC bin is in no band, whatever low_hz is.
///
/// The same weights as TensorFlow's `tf.signal.linear_to_mel_weight_matrix`, without its zeros:
/// 8 bytes a bin instead of 4 bytes a bin and band.
inline void make_mel_places(const MelBank& bank, MelPlace* places) {
  const double low = mel_of_hz(bank.low_hz);
  const double edge_step = (mel_of_hz(bank.high_hz) - low) / (bank.bands + 1);
  const double bin_hz = bank.sample_rate_hz / (2.0 * (bank.bins - 1));
  for (int k = 0; k < bank.bins; ++k) {
    const double position = (mel_of_hz(bin_hz * k) - low) / edge_step;
    places[k] = {-1, 0.0f};
    if (k == 0 || position < 0.0 || position >= bank.bands + 1) continue;
    const int band = static_cast<int>(position);
    places[k] = {static_cast<int16_t>(band), static_cast<float>(position - band)};
  }
}

/// energies[b] = sum over bins of weight[bin][b] * spectrum[bin].
///
///   spectrum  bins entries, magnitude or power
///   places    from make_mel_places
///   energies  bands entries; must not overlap `spectrum`
inline void mel_energies(const float* spectrum, const MelPlace* places, int bins, int bands,
                         float* energies) {
  for (int b = 0; b < bands; ++b) energies[b] = 0.0f;
  for (int k = 0; k < bins; ++k) {
    const int band = places[k].band;
    if (band < 0) continue;
    if (band < bands) energies[band] += places[k].rise * spectrum[k];
    if (band > 0) energies[band - 1] += (1.0f - places[k].rise) * spectrum[k];
  }
}

}  // namespace mote::signal
