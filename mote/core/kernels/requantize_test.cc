#include "mote/core/kernels/requantize.h"

#include <gmock/gmock.h>

#include <limits>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

/// Zero points 3 and -1, a quarter of the scale.
constexpr program::RescaleAttrs kQuarter = {.input_offset = -3,
                                            .output_offset = -1,
                                            .multiplier = 1 << 30,
                                            .shift = -1,
                                            .act_min = -128,
                                            .act_max = 127};

TEST(Rescale, RoundsHalvesAwayFromZeroAndSaturates) {
  const int16_t in[] = {3, 7, 13, -3, 32767};  // 0, 4, 10, -6, 32764
  int8_t fixed[5], dynamic[5];
  rescale_s16_s8<Scalar>(kQuarter, view<5>(in), view<5>(fixed));
  rescale_s16_s8<Scalar>(kQuarter, TensorView<const int16_t>{in, Extents(5)},
                         TensorView<int8_t>{dynamic, Extents(5)});
  EXPECT_THAT(fixed, ElementsAre(-1, 0, 2, -3, 127));  // -1 + 0, 1, 3, -2
  EXPECT_THAT(dynamic, ElementsAre(-1, 0, 2, -3, 127));
}

TEST(Quantize, RoundsHalvesAwayFromZeroAndSaturates) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float in[] = {0, 0.25f, -0.75f, 1e30f, -kInfinity, std::numeric_limits<float>::quiet_NaN()};
  int8_t out[6];
  quantize_f32_s8<Scalar>(program::ScaleAttrs{.scale = 0.5f, .zero_point = 10}, view<6>(in),
                          view<6>(out));
  EXPECT_THAT(out, ElementsAre(10, 11, 8, 127, -128, -128));
}

TEST(FlipSign, MakesS8OfU8AndBackInPlace) {
  const uint8_t unsigned_bytes[] = {0, 1, 127, 128, 255};
  int8_t bytes[5];
  for (int i = 0; i < 5; ++i) bytes[i] = static_cast<int8_t>(unsigned_bytes[i]);
  flip_sign_s8<Scalar>(program::NoAttrs{}, view<5>(static_cast<const int8_t*>(bytes)),
                       view<5>(bytes));
  EXPECT_THAT(bytes, ElementsAre(-128, -127, -1, 0, 127)) << "each less 128";
  flip_sign_s8<Scalar>(program::NoAttrs{}, view<5>(static_cast<const int8_t*>(bytes)),
                       view<5>(bytes));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(static_cast<uint8_t>(bytes[i]), unsigned_bytes[i]);
}

TEST(Dequantize, GivesRealNumbers) {
  const uint8_t in[] = {0, 128, 255};
  float out[3];
  dequantize_u8_f32<Scalar>(program::ScaleAttrs{.scale = 0.5f, .zero_point = 128}, view<3>(in),
                            view<3>(out));
  EXPECT_THAT(out, ElementsAre(-64, 0, 63.5f));
}

}  // namespace
}  // namespace mote::kernels
