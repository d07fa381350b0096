#include "mote/core/base/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace mote {
namespace {

/// What the interpreter does with a real number.
template <class T>
T in_doubles(float value, float scale, int zero_point) {
  const double rounded = std::round(double{value} / double{scale} + zero_point);
  if (rounded <= std::numeric_limits<T>::min()) return std::numeric_limits<T>::min();
  if (rounded >= std::numeric_limits<T>::max()) return std::numeric_limits<T>::max();
  return static_cast<T>(rounded);
}

template <class T>
int wrong_near_all_middles(float scale, int zero_point) {
  int wrong = 0;
  for (int code = std::numeric_limits<T>::min(); code <= std::numeric_limits<T>::max(); ++code)
    for (double middle : {code - 0.5, double(code), code + 0.5}) {
      auto value = static_cast<float>((middle - zero_point) * double{scale});
      value = std::nextafter(std::nextafter(value, -1e30f), -1e30f);
      for (int step = 0; step < 5; ++step, value = std::nextafter(value, 1e30f))
        wrong += quantize<T>(value, scale, zero_point) != in_doubles<T>(value, scale, zero_point);
    }
  return wrong;
}

constexpr float kScales[] = {1.0f, 0.5f, 0.1f, 0.584703f, 0x1p-8f, 1.7e-7f, 3e20f, 0x1.fffffep-9f};

TEST(Quantize, IsExactNearEveryMiddle) {
  for (float scale : kScales)
    for (int zero_point : {0, -128, 127, 83, -1, 5}) {
      EXPECT_EQ(wrong_near_all_middles<std::int8_t>(scale, zero_point), 0) << scale;
      EXPECT_EQ(wrong_near_all_middles<std::uint8_t>(scale, zero_point + 128), 0) << scale;
    }
  for (float scale : kScales)
    for (int zero_point : {0, -32768, 1234})
      EXPECT_EQ(wrong_near_all_middles<std::int16_t>(scale, zero_point), 0) << scale;
}

TEST(Quantize, IsExactForAnyFloatAndScale) {
  std::mt19937 random(1);
  int wrong = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    float any;
    std::memcpy(&any, &bits, sizeof any);
    const float scale = std::ldexp(1.0f + static_cast<float>(random() % 8388608) / 8388608,
                                   static_cast<int>(random() % 40) - 30);
    const auto code = static_cast<float>(static_cast<int>(random() % 1024) - 512);
    const int zero_point = static_cast<int>(random() % 256) - 128;
    for (float value : {std::isnan(any) ? 0.0f : any, code / 2 * scale})
      wrong += quantize<std::int8_t>(value, scale, zero_point) !=
               in_doubles<std::int8_t>(value, scale, zero_point);
  }
  EXPECT_EQ(wrong, 0);
}

TEST(Quantize, SaturatesAndTakesWhatIsNoNumberAsZero) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(quantize<std::int8_t>(kInfinity, 0.1f, 3), 127);
  EXPECT_EQ(quantize<std::int8_t>(-kInfinity, 0.1f, 3), -128);
  EXPECT_EQ(quantize<std::int8_t>(std::nanf(""), 0.1f, 3), 3);
  EXPECT_EQ(quantize<std::uint8_t>(-1.0f, 0.1f, 0), 0);
  static_assert(quantize<std::int8_t>(1.25f, 0.5f, -3) == -1, "2.5 - 3 is midway: away from zero");
  static_assert(quantize<std::int8_t>(1.75f, 0.5f, -3) == 1);
}

TEST(Dequantize, IsWhatTheInterpreterReads) {
  for (float scale : kScales)
    for (int code = -32768; code < 32768; ++code)
      ASSERT_EQ(dequantize<std::int16_t>(static_cast<std::int16_t>(code), scale, 77),
                static_cast<float>((double(code) - 77) * double{scale}));
}

}  // namespace
}  // namespace mote
