#pragma once

namespace mote::learn {

/// Tells a lasting change from a knock: the third largest and the third smallest of the last five
/// scores, so that three windows out of five must agree before anything is believed.
class Sustained {
 public:
  static constexpr int kMemory = 5, kMajority = 3;

  void push(float score) {
    scores_[next_] = score;
    next_ = (next_ + 1) % kMemory;
    if (count_ < kMemory) ++count_;
  }
  void clear() { count_ = next_ = 0; }
  /// False until three scores were pushed.
  bool ready() const { return count_ >= kMajority; }
  /// What three of the last five scores reach or exceed; 0 until ready.
  float high() const { return ready() ? ranked(count_ - kMajority) : 0; }
  /// What three of the last five scores stay at or below; 0 until ready.
  float low() const { return ready() ? ranked(kMajority - 1) : 0; }

 private:
  float ranked(int rank) const {
    float sorted[kMemory];
    for (int i = 0; i < count_; ++i) {
      int j = i;
      for (; j > 0 && sorted[j - 1] > scores_[i]; --j) sorted[j] = sorted[j - 1];
      sorted[j] = scores_[i];
    }
    return sorted[rank];
  }

  float scores_[kMemory] = {};
  int count_ = 0, next_ = 0;
};

}  // namespace mote::learn
