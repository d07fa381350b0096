#include "mote/core/listen/framer.h"

#include <gtest/gtest.h>

#include <vector>

namespace mote::listen {
namespace {

struct Settings {
  static constexpr int frame = 5, hop = 3;
};

TEST(Framer, GivesAFrameAHopLateWithTheBeginningOfTheNext) {
  Framer<Settings> framer;
  std::vector<float> samples(12);
  for (int n = 0; n < 12; ++n) samples[n] = static_cast<float>(n + 1);
  EXPECT_EQ(framer.push(&samples[0]), nullptr);
  for (int f = 0; f < 3; ++f) {
    const float* frame = framer.push(&samples[3 * (f + 1)]);
    ASSERT_NE(frame, nullptr);
    for (int n = 0; n < 5; ++n) EXPECT_EQ(frame[n], samples[3 * f + n]) << "frame " << f;
  }
}

TEST(Framer, BeginsAnewAfterWipe) {
  Framer<Settings> framer;
  const float hop[3] = {1, 2, 3};
  framer.push(hop);
  framer.wipe();
  EXPECT_EQ(framer.push(hop), nullptr);
}

}  // namespace
}  // namespace mote::listen
