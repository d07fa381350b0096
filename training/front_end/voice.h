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

/// Per-channel energy normalisation of `clips` sounds, each from its own beginning.
///
///   energies  clips * frames * mote_voice_bands() entries
///   features  as many; may be `energies`
void mote_voice_normalize(const float* energies, int clips, int frames, float* features);
}
