#include "mote/core/signal/window.h"

#include <gtest/gtest.h>

#include <vector>

namespace mote::signal {
namespace {

TEST(MakeHann, IsPeriodicSoThatItsSecondHalfMirrorsAllButTheFirstSample) {
  const int length = 480;
  std::vector<float> window(length);
  make_hann(length, window.data());
  EXPECT_EQ(window[0], 0.0f);
  EXPECT_FLOAT_EQ(window[length / 2], 1.0f);
  for (int n = 1; n < length; ++n) EXPECT_NEAR(window[n], window[length - n], 1e-7) << n;
}

TEST(MakeHann, OfFourSamplesIsZeroHalfOneHalf) {
  float window[4];
  make_hann(4, window);
  EXPECT_NEAR(window[0], 0.0, 1e-7);
  EXPECT_NEAR(window[1], 0.5, 1e-7);
  EXPECT_NEAR(window[2], 1.0, 1e-7);
  EXPECT_NEAR(window[3], 0.5, 1e-7);
}

TEST(MakeHann, AddsUpToOneWhenShiftedByHalfItsLength) {
  const int length = 64;
  std::vector<float> window(length);
  make_hann(length, window.data());
  for (int n = 0; n < length / 2; ++n)
    EXPECT_NEAR(window[n] + window[n + length / 2], 1.0, 1e-6) << n;
}

}  // namespace
}  // namespace mote::signal
