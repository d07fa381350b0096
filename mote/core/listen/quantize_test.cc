#include "mote/core/listen/quantize.h"

#include <gtest/gtest.h>

namespace mote::listen {
namespace {

TEST(Quantize, TakesTheNearestStepAndAHalfAwayFromZero) {
  EXPECT_EQ(quantize(1.24f, 0.5f, 0), 2);
  EXPECT_EQ(quantize(1.25f, 0.5f, 0), 3);
  EXPECT_EQ(quantize(-1.25f, 0.5f, 0), -3);
  EXPECT_EQ(quantize(-49.0f, 0.584702909f, 83), -1) << "-49 / 0.5847 = -83.80";
}

TEST(Quantize, SaturatesAtBothEnds) {
  EXPECT_EQ(quantize(1e9f, 0.5f, 83), 127);
  EXPECT_EQ(quantize(-1e9f, 0.5f, 83), -128);
}

TEST(Dequantize, UndoesQuantizeForEveryByte) {
  for (int q = -128; q <= 127; ++q)
    EXPECT_EQ(quantize(dequantize(static_cast<int8_t>(q), 0.584702909f, 83), 0.584702909f, 83), q);
}

}  // namespace
}  // namespace mote::listen
