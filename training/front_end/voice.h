#pragma once

/// The C functions through which training hears what a device hears (training/README.md).
extern "C" {

/// Features of a frame.
int mote_voice_bands();

/// Frames in so many samples at 16 kHz: 49 in a second.
int mote_voice_frames(int samples);

/// The magnitudes in mel bands of each frame, which augmentation may change.
///
///   samples   count entries in [-1, 1] at 16 kHz
///   energies  mote_voice_frames(count) * mote_voice_bands() entries
void mote_voice_energies(const float* samples, int count, float* energies);

/// What MLPerf Tiny's keyword models take of one second (listen::KeywordFrontEnd, normalised to its
/// peak): for a published network to teach by.
///
///   samples   16000 entries
///   features  49 * 10 entries
void mote_cepstral_features(const float* samples, float* features);

/// Per-channel energy normalisation of `clips` sounds, each from its own beginning.
///
///   energies  clips * frames * mote_voice_bands() entries
///   features  as many; may be `energies`
void mote_voice_normalize(const float* energies, int clips, int frames, float* features);
}
