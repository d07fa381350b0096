#include "mote/core/kernels/fully_connected.h"

#include <gmock/gmock.h>

#include <utility>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/core/kernels/quantize_rows.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::FloatActivationAttrs;
using program::FullyConnectedAttrs;
using program::NoAttrs;
using testing::ElementsAre;

constexpr int32_t kHalf[] = {1 << 30, 1 << 30}, kTwice[] = {1, 1};
constexpr FloatActivationAttrs kNoActivation = {-1e9f, 1e9f};

TEST(FullyConnected, MultipliesEachRowWithTheFilter) {
  const int8_t in[] = {1, 2, 3, 4, 5, 6}, filter[] = {1, 0, -1, 2, 2, 2};
  const int32_t bias[] = {10, -10};
  int8_t out[4];
  fully_connected_s8<Scalar>(FullyConnectedAttrs{.act_min = -128, .act_max = 127}, view<2, 3>(in),
                             view<2, 3>(filter), Rescale{bias, kHalf, kTwice}, view<2, 2>(out));
  EXPECT_THAT(out, ElementsAre(10 + 1 - 3, -10 + 2 * 6, 10 + 4 - 6, -10 + 2 * 15));
}

TEST(FullyConnected, TakesAllZeroPointsAndBounds) {
  const int8_t in[] = {3, 4}, filter[] = {1, -1, 2, 2};
  const int32_t bias[] = {0, 0};
  const FullyConnectedAttrs attrs = {
      .input_offset = 1, .filter_offset = 2, .output_offset = -5, .act_min = -128, .act_max = 20};
  int8_t out[2];
  fully_connected_s8<Scalar>(attrs, view<1, 2>(in), view<2, 2>(filter),
                             Rescale{bias, kHalf, kTwice}, view<1, 2>(out));
  EXPECT_THAT(out, ElementsAre(4 * 3 + 5 * 1 - 5, 20)) << "4 * 4 + 5 * 4 - 5 = 31, held to 20";
}

TEST(FullyConnected, SumsMoreThan32BitsOf16BitActivations) {
  // 2000 * 32767 * 127 = 8.3e9; times 2^-19 (about 15874).
  static int16_t in[2000];
  static int8_t filter[2000];
  for (int i = 0; i < 2000; ++i) in[i] = 32767, filter[i] = 127;
  const int64_t bias[] = {0};
  const int32_t multiplier[] = {1 << 30}, shift[] = {-18};
  int16_t out[1];
  fully_connected_s16<Scalar>(
      FullyConnectedAttrs{.act_min = -32768, .act_max = 32767}, view<1, 2000>(std::as_const(in)),
      view<1, 2000>(std::as_const(filter)), Rescale64{bias, multiplier, shift}, view<1, 1>(out));
  EXPECT_EQ(out[0], (int64_t{2000} * 32767 * 127 + (1 << 18)) >> 19);
}

TEST(FullyConnected, WrapsSumsOf32BitsWhereTheModelAsksForThem) {
  const int16_t in[] = {1};
  const int8_t filter[] = {1};
  const int32_t bias[] = {kInt32Max}, multiplier[] = {1 << 30}, shift[] = {-15};
  int16_t out[1];
  fully_connected_s16_acc32<Scalar>(FullyConnectedAttrs{.act_min = -32768, .act_max = 32767},
                                    view<1, 1>(in), view<1, 1>(filter),
                                    Rescale{bias, multiplier, shift}, view<1, 1>(out));
  EXPECT_EQ(out[0], -32768);
}

// The arithmetic of LiteRT's hybrid FULLY_CONNECTED (EvalHybridDense): each row of the input
// becomes int8; sums are whole numbers; one product of scales a sum brings them back to reals.
TEST(FullyConnected, FollowsLitertsHybridArithmeticWithSymmetricInputs) {
  const float in[] = {-1, 0.5f, 0.25f};  // scale 1/127: -127, 63.5 -> 64, 31.75 -> 32
  const int8_t filter[] = {100, 50, -20};
  const float filter_scale[] = {0.01f}, bias[] = {3};
  int8_t q[3];
  float scale[1], out[1];
  int32_t zero_point[1];
  quantize_rows_symmetric_f32<Scalar>(NoAttrs{}, view<1, 3>(in), view<1, 3>(q), view<1>(scale),
                                      view<1>(zero_point));
  EXPECT_THAT(q, ElementsAre(-127, 64, 32));
  EXPECT_EQ(zero_point[0], 0);
  EXPECT_FLOAT_EQ(scale[0], 1.0f / 127);
  fully_connected_hybrid<Scalar>(kNoActivation, view<1, 3>(std::as_const(q)),
                                 view<1>(std::as_const(scale)), view<1>(std::as_const(zero_point)),
                                 view<1, 3>(filter), view<1>(filter_scale), view<1>(bias),
                                 view<1, 1>(out));
  EXPECT_FLOAT_EQ(out[0], (-12700 + 3200 - 640) * (0.01f * (1.0f / 127)) + 3);
}

TEST(FullyConnected, FollowsLitertsHybridArithmeticWithAsymmetricInputs) {
  const float in[] = {-1, 0, 4.1f};  // scale 5.1/255 = 0.02, zero point -128 + 50
  const int8_t filter[] = {10, 20, 30};
  const float filter_scale[] = {0.5f}, bias[] = {0};
  int8_t q[3];
  float scale[1], out[1];
  int32_t zero_point[1];
  quantize_rows_asymmetric_f32<Scalar>(NoAttrs{}, view<1, 3>(in), view<1, 3>(q), view<1>(scale),
                                       view<1>(zero_point));
  EXPECT_EQ(zero_point[0], -78);
  EXPECT_THAT(q, ElementsAre(-128, -78, 127));
  fully_connected_hybrid<Scalar>(kNoActivation, view<1, 3>(std::as_const(q)),
                                 view<1>(std::as_const(scale)), view<1>(std::as_const(zero_point)),
                                 view<1, 3>(filter), view<1>(filter_scale), view<1>(bias),
                                 view<1, 1>(out));
  EXPECT_FLOAT_EQ(out[0], (-50 * 10 + 0 * 20 + 205 * 30) * (0.5f * scale[0]));
}

TEST(QuantizeRows, GivesEachRowAScaleOfItsOwn) {
  const float in[] = {1, -1, 254, 127};
  int8_t q[4];
  float scale[2];
  int32_t zero_point[2];
  quantize_rows_symmetric_f32<Scalar>(NoAttrs{}, view<2, 2>(in), view<2, 2>(q), view<2>(scale),
                                      view<2>(zero_point));
  EXPECT_THAT(q, ElementsAre(127, -127, 127, 64)) << "63.5 is rounded away from zero";
  EXPECT_FLOAT_EQ(scale[1], 2);
}

TEST(QuantizeRows, HasScaleOneForARowOfZeros) {
  const float in[] = {0, 0};
  int8_t q[] = {1, 1};
  float scale[1];
  int32_t zero_point[1] = {7};
  quantize_rows_symmetric_f32<Scalar>(NoAttrs{}, view<1, 2>(in), view<1, 2>(q), view<1>(scale),
                                      view<1>(zero_point));
  EXPECT_THAT(q, ElementsAre(0, 0));
  EXPECT_EQ(scale[0], 1);
  quantize_rows_asymmetric_f32<Scalar>(NoAttrs{}, view<1, 2>(in), view<1, 2>(q), view<1>(scale),
                                       view<1>(zero_point));
  EXPECT_THAT(q, ElementsAre(0, 0));
  EXPECT_EQ(scale[0], 1);
  EXPECT_EQ(zero_point[0], 0);
}

TEST(QuantizeRows, KeepsZeroExactWhereAllInputsAreOfOneSign) {
  const float in[] = {2, 5.1f};
  int8_t q[2];
  float scale[1];
  int32_t zero_point[1];
  quantize_rows_asymmetric_f32<Scalar>(NoAttrs{}, view<1, 2>(in), view<1, 2>(q), view<1>(scale),
                                       view<1>(zero_point));
  EXPECT_EQ(zero_point[0], -128) << "the range reaches from 0 to 5.1";
  EXPECT_THAT(q, ElementsAre(-128 + 100, 127));
}

TEST(QuantizeRows, GivesSomeNumberForWhatIsNone) {
  const float in[] = {__builtin_nanf(""), __builtin_inff(), 1};
  int8_t q[3];
  float scale[1];
  int32_t zero_point[1];
  quantize_rows_symmetric_f32<Scalar>(NoAttrs{}, view<1, 3>(in), view<1, 3>(q), view<1>(scale),
                                      view<1>(zero_point));
  quantize_rows_asymmetric_f32<Scalar>(NoAttrs{}, view<1, 3>(in), view<1, 3>(q), view<1>(scale),
                                       view<1>(zero_point));
  SUCCEED() << "no undefined conversion: the sanitised build looks";
}

TEST(FullyConnected, IsTheSameWithStaticAndDynamicShapes) {
  const float in[] = {1, 2, 3, 4, 5, 6}, filter[] = {1, 0, -1, 2, 2, 2}, bias[] = {0.5f, 0.25f};
  float fixed[4], dynamic[4];
  fully_connected_f32<Scalar>(kNoActivation, view<2, 3>(in), view<2, 3>(filter), view<2>(bias),
                              view<2, 2>(fixed));
  fully_connected_f32<Scalar>(kNoActivation, TensorView<const float>{in, Extents(2, 3)},
                              TensorView<const float>{filter, Extents(2, 3)},
                              TensorView<const float>{bias, Extents(2)},
                              TensorView<float>{dynamic, Extents(2, 2)});
  EXPECT_THAT(fixed, ElementsAre(-1.5f, 12.25f, -1.5f, 30.25f));
  EXPECT_THAT(dynamic, testing::ElementsAreArray(fixed));
}

}  // namespace
}  // namespace mote::kernels
