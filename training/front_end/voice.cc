// The sound front end of listen::VoiceFrontEnd for Python's ctypes: networks are trained on what the
// very code makes that runs on the device.

#include "training/front_end/voice.h"

#include <memory>

#include "mote/core/listen/feature_window.h"
#include "mote/core/listen/voice_window.h"

namespace {

using Settings = mote::listen::VoiceFrontEnd;

}  // namespace

int mote_voice_bands() { return Settings::bands; }

int mote_voice_frames(int samples) {
  return samples < Settings::frame ? 0 : (samples - Settings::frame) / Settings::hop + 1;
}

void mote_voice_energies(const float* samples, int count, float* energies) {
  static thread_local mote::signal::MelSpectrum<Settings> spectrum;
  for (int f = 0; f < mote_voice_frames(count); ++f)
    spectrum.push(samples + f * Settings::hop, energies + f * Settings::bands);
}

void mote_cepstral_features(const float* samples, float* features) {
  using FrontEnd = mote::listen::KeywordFrontEnd;
  const auto window = std::make_unique<mote::listen::FeatureWindow<FrontEnd>>();
  for (int h = 0; h < FrontEnd::window_hops; ++h) window->push(samples + h * FrontEnd::hop);
  window->features(features);
}

void mote_voice_normalize(const float* energies, int clips, int frames, float* features) {
  for (int c = 0; c < clips; ++c) {
    mote::signal::Pcen<Settings::bands> pcen(Settings::pcen);
    for (int f = 0; f < frames; ++f, energies += Settings::bands, features += Settings::bands)
      pcen.push(energies, features);
  }
}
