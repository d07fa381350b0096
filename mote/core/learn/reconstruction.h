#pragma once

#include "mote/core/base/math.h"
#include "mote/core/learn/baseline.h"

namespace mote::learn {

/// Beyond so many spreads a network is shown no more: it need not know how far a fault goes.
inline constexpr float kFarthestShown = 8.0f;

/// How far a row is from healthy by a trained network: what is left of its features when those that
/// the network makes of them are taken away, in spreads a feature (Hawkins, He, Williams and
/// Baxter, "Outlier detection using replicator neural networks", 2002). An autoencoder passes what
/// moves together on healthy machines (load, temperature, speed) and nothing else.
///
/// `Model` has
///   int width() const                             features it takes and gives: those of one axis
///   void reconstruct(const float* z, float* out)  that many standardised features each
/// and is asked once for each width() features of a row.
template <class Model>
class Reconstruction {
 public:
  /// `model` must outlive it. Needs rows whose dims are a multiple of model.width().
  explicit Reconstruction(Model& model) : model_(&model) {}

  /// The root of the mean square of what is left; `z` is baseline.dims entries of scratch.
  float operator()(const Baseline& baseline, const float* row, float* z) const {
    standardize(baseline, row, z);
    float squares = 0;
    for (int first = 0; first < baseline.dims; first += model_->width()) {
      float shown[kMostFeatures], made[kMostFeatures];
      for (int j = 0; j < model_->width(); ++j) shown[j] = clamped(z[first + j]);
      model_->reconstruct(shown, made);
      for (int j = 0; j < model_->width(); ++j) {
        const float left = z[first + j] - made[j];
        squares += left * left;
      }
    }
    return sqrtf(squares / static_cast<float>(baseline.dims));
  }

  /// The most features that an axis may have.
  static constexpr int kMostFeatures = 32;

 private:
  static float clamped(float z) {
    return z < -kFarthestShown ? -kFarthestShown : z > kFarthestShown ? kFarthestShown : z;
  }
  Model* model_;
};

}  // namespace mote::learn
