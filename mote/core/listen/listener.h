#pragma once

#include <stdint.h>

#include "mote/core/base/wipe.h"
#include "mote/core/listen/feature_window.h"
#include "mote/core/listen/word_gate.h"

namespace mote::listen {

struct ListenerSettings {
  int step_hops = 4;  ///< hops between two runs of the model, >= 1: 80 ms
  GateSettings gate;
};

/// A word, when it was heard, and how sure the model was.
struct Event {
  int word;        ///< class
  float score;     ///< smoothed, in [threshold, 1]
  int64_t sample;  ///< the middle of the windows that were averaged, counted from the first sample
};

/// Sound in, words out: frames -> features -> model -> smoothing -> events.
///
/// `Model` has `void classify(const float* features, float* scores)`: the interpreter on a PC, the
/// emitted struct behind quantize() on a microcontroller. `features` are those of `Window`
/// (FeatureWindow or VoiceWindow of a front end), `scores` one number in [0, 1] a class.
///
/// Of the sound, it keeps the last hop and the last second's band energies; wipe() overwrites them.
template <class Model, class Window = FeatureWindow<KeywordFrontEnd>>
class Listener {
  using Settings = typename Window::FrontEnd;

 public:
  /// `window`: what Window is made with, if anything.
  template <class... WindowArguments>
  Listener(Model& model, const ListenerSettings& settings, WindowArguments... window)
      : model_(model), settings_(settings), window_(window...), gate_(settings.gate) {}
  ~Listener() { wipe(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Takes the next `count` samples at Settings::sample_rate_hz, in [-1, 1], and calls
  /// `on_event(const Event&)` for each word that they complete.
  template <class OnEvent>
  void push(const float* samples, int count, OnEvent&& on_event) {
    for (int n = 0; n < count; ++n) {
      hop_[filled_++] = samples[n];
      if (filled_ < Settings::hop) continue;
      filled_ = 0;
      window_.push(hop_);
      ++hops_;
      if (window_.full() && (hops_ - Settings::window_hops) % settings_.step_hops == 0)
        classify(on_event);
    }
  }

  /// Tells that the sound has ended: half a window of silence follows it, so that a last word gets
  /// to the middle of a window, and at least as much as the first window lacks.
  template <class OnEvent>
  void finish(OnEvent&& on_event) {
    const float silence[Settings::hop] = {};
    const int64_t end = hops_ + 1 + Settings::window_hops / 2;
    while (hops_ < end || !window_.full()) push(silence, Settings::hop, on_event);
    Detection detection;
    if (gate_.finish(&detection)) on_event(event_of(detection));
  }

  /// Overwrites all that is left of the sound.
  void wipe() {
    window_.wipe();
    mote::wipe(hop_, Settings::hop);
    mote::wipe(features_, Window::kFeatures);
    filled_ = 0;
  }

 private:
  template <class OnEvent>
  void classify(OnEvent&& on_event) {
    float scores[kMaxClasses];
    window_.features(features_);
    model_.classify(features_, scores);
    if (windows_ < settings_.gate.smoothing) ++windows_;
    Detection detection;
    if (gate_.push(scores, &detection)) on_event(event_of(detection));
  }

  Event event_of(const Detection& detection) const {
    const int64_t last =
        (hops_ - Settings::window_hops) / settings_.step_hops * settings_.step_hops;
    // Windows that lie after the middle of those averaged, in half steps.
    const int64_t half_steps = 2 * detection.age + windows_ - 1;
    const int64_t middle = Settings::window_hops * Settings::hop / 2;
    const int64_t sample =
        last * Settings::hop - half_steps * settings_.step_hops * Settings::hop / 2 + middle;
    return {.word = detection.word, .score = detection.score, .sample = sample};
  }

  Model& model_;
  ListenerSettings settings_;
  Window window_;
  WordGate gate_;
  float hop_[Settings::hop] = {};
  float features_[Window::kFeatures] = {};
  int filled_ = 0, windows_ = 0;
  int64_t hops_ = 0;
};

}  // namespace mote::listen
