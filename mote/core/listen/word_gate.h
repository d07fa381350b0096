#pragma once

#include <stdint.h>

namespace mote::listen {

/// The most classes that a model may have; words are kept as the bits of one integer.
inline constexpr int kMaxClasses = 64;

/// The most windows that a posterior is averaged over.
inline constexpr int kMaxSmoothing = 16;

/// How scores become events.
struct GateSettings {
  int classes;              ///< of the model, in [1, kMaxClasses]
  uint64_t words;           ///< bit c: class c is a word, not silence or "anything else"
  int smoothing = 4;        ///< windows averaged, in [1, kMaxSmoothing]
  float threshold = 0.75f;  ///< a word is heard when its average reaches this
  float release = 0.4f;     ///< and may be heard again when its average has been below this
  int patience = 4;      ///< windows to wait for a better peak, or a better word, before saying it
  int shortest_gap = 6;  ///< windows between two words' peaks, at least
};

/// A word that was heard.
struct Detection {
  int word;     ///< class
  float score;  ///< the average's peak, in [threshold, 1]
  int age;      ///< windows since that peak's middle
};

/// The mean of each class's last scores (posterior smoothing: Chen, Parada and Heigold 2014).
class Smoother {
 public:
  /// Adds `scores` and leaves in `mean` the average over the last `smoothing` windows, or over all
  /// where there were fewer. Both have `classes` entries.
  void push(const float* scores, int classes, int smoothing, float* mean) {
    for (int c = 0; c < classes; ++c) history_[next_][c] = scores[c];
    next_ = next_ + 1 >= smoothing ? 0 : next_ + 1;
    if (filled_ < smoothing) ++filled_;
    for (int c = 0; c < classes; ++c) {
      float sum = 0.0f;
      for (int i = 0; i < filled_; ++i) sum += history_[i][c];
      mean[c] = sum / static_cast<float>(filled_);
    }
  }

 private:
  float history_[kMaxSmoothing][kMaxClasses] = {};
  int next_ = 0, filled_ = 0;
};

/// Says each word once: it waits for the peak of the smoothed scores, then holds still until the
/// word is gone (hysteresis) or a different one is as clear.
///
///            threshold reached        no better peak for `patience` windows
///    quiet ───────────────────► rising ───────────────────────────────────► said
///      ▲                           ▲        another word reaches threshold    │
///      │                           └──────────────────────────────────────────┤
///      └───────────────────────── all words below `release` ──────────────────┘
class WordGate {
 public:
  explicit WordGate(const GateSettings& settings) : settings_(settings) {}

  /// Takes the next window's scores. @returns whether a word was heard, then in `detection`.
  bool push(const float* scores, Detection* detection) {
    float mean[kMaxClasses];
    smoother_.push(scores, settings_.classes, settings_.smoothing, mean);
    if (since_peak_ < kLong) ++since_peak_;
    const int best = best_word(mean);
    if (best < 0) return false;
    if (state_ == State::kSaid) leave_said(mean, best);
    if (state_ == State::kQuiet && mean[best] >= settings_.threshold) {
      state_ = State::kRising;
      peak_ = 0.0f;
    }
    if (state_ != State::kRising) return false;
    follow_peak(mean[best], best);
    return since_peak_ >= settings_.patience && say(detection);
  }

  /// Says a word that is still rising when the sound ends.
  bool finish(Detection* detection) { return state_ == State::kRising && say(detection); }

 private:
  enum class State : unsigned char { kQuiet, kRising, kSaid };
  static constexpr int kLong = 1 << 20;

  int best_word(const float* mean) const {
    int best = -1;
    for (int c = 0; c < settings_.classes; ++c)
      if ((settings_.words >> c & 1) && (best < 0 || mean[c] > mean[best])) best = c;
    return best;
  }

  void follow_peak(float score, int word) {
    if (score < peak_) return;
    // Saturated scores make flat peaks, whose middle is when the word was.
    flat_ = score == peak_ && word == word_ ? flat_ + since_peak_ : 0;
    peak_ = score;
    word_ = word;
    since_peak_ = 0;
  }

  void leave_said(const float* mean, int best) {
    const bool gone = mean[best] < settings_.release;
    const bool another = best != word_ && mean[best] >= settings_.threshold;
    if ((gone || another) && since_peak_ >= settings_.shortest_gap) state_ = State::kQuiet;
  }

  bool say(Detection* detection) {
    *detection = {.word = word_, .score = peak_, .age = since_peak_ + flat_ / 2};
    state_ = State::kSaid;
    return true;
  }

  GateSettings settings_;
  Smoother smoother_;
  State state_ = State::kQuiet;
  int word_ = -1;
  float peak_ = 0.0f;
  int since_peak_ = kLong;  ///< windows since the last that reached the peak
  int flat_ = 0;            ///< windows from the first that reached it to the last
};

}  // namespace mote::listen
