#include "mote/core/learn/reconstruction.h"

#include <gtest/gtest.h>

#include <vector>

namespace mote::learn {
namespace {

/// Passes the mean of its features, as a network with one unit in its middle can.
struct PassesTheMean {
  int runs = 0;
  int width() const { return 2; }
  void reconstruct(const float* z, float* out) {
    ++runs;
    largest = std::max({largest, z[0], z[1]});
    out[0] = out[1] = (z[0] + z[1]) / 2;
  }
  float largest = 0;
};

/// Four features around 10, with a spread of 2.
struct Healthy {
  Healthy() : baseline(make_baseline(4, memory.data())) {
    for (int j = 0; j < 4; ++j) baseline.center[j] = 10, baseline.spread[j] = 2;
  }
  std::vector<float> memory = std::vector<float>(baseline_floats(4));
  Baseline baseline;
};

TEST(Reconstruction, IsZeroForWhatTheNetworkPasses) {
  const Healthy healthy;
  PassesTheMean model;
  const float row[4] = {14, 14, 6, 6};
  float z[4];
  EXPECT_EQ(Reconstruction(model)(healthy.baseline, row, z), 0.0f);
  EXPECT_EQ(model.runs, 2);
}

TEST(Reconstruction, IsWhatIsLeftInSpreadsAFeature) {
  const Healthy healthy;
  PassesTheMean model;
  const float row[4] = {12, 8, 10, 10};  // +1, -1, 0, 0 spreads; the means are 0
  float z[4];
  EXPECT_FLOAT_EQ(Reconstruction(model)(healthy.baseline, row, z), std::sqrt(2.0f / 4));
}

TEST(Reconstruction, GrowsBeyondWhatTheNetworkIsShown) {
  const Healthy healthy;
  PassesTheMean model;
  const float far[4] = {110, 10, 10, 10}, farther[4] = {210, 10, 10, 10};
  float z[4];
  const Reconstruction score(model);
  EXPECT_LT(score(healthy.baseline, far, z), score(healthy.baseline, farther, z));
  EXPECT_EQ(model.largest, kFarthestShown);
}

}  // namespace
}  // namespace mote::learn
