#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// The telephone's dial tones (ITU-T Q.23) and a small network that hears which key was pressed.
///
/// Nothing is trained: the weights follow from the eight frequencies, so that the project has a
/// model of its own whose every number can be explained.
namespace mote::models {

inline constexpr int kDialRateHz = 8000;
inline constexpr int kDialSamples = 256;  ///< one window: 32 ms
inline constexpr char kDialKeys[] = "123A456B789C*0#D";
inline constexpr int kDialKeyCount = 16;

/// `kDialSamples` samples of a key's two tones, each with `amplitude` in (0, 0.5], and white noise.
///
///   key      index into kDialKeys
///   phase    of both tones, radians
///   noise    largest magnitude of the noise, full scale 1
std::vector<float> dial_tone(int key, float amplitude, float phase, float noise,
                             std::uint32_t seed);

/// int8 [1, 256] samples -> int8 [1, 17] probabilities of the 16 keys and of silence:
///
///   FULLY_CONNECTED  correlates the window with cosine and sine of each frequency, under a Hann
///   window MUL              squares: the energies FULLY_CONNECTED  adds up the four energies of
///   each key's two tones; silence has a fixed score SOFTMAX
graph::Model dial_tones_model();

}  // namespace mote::models
