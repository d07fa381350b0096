#include "mote/core/kernels/pool_2d.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

/// 2 x 2 windows with stride 2 over a 3 x 3 image, padded behind: the last ones are 2 x 1, 1 x 2,
/// 1 x 1.
constexpr program::Pool2DAttrs kAttrs = {
    .stride_h = 2, .stride_w = 2, .filter_h = 2, .filter_w = 2, .act_min = -128, .act_max = 127};
const int8_t kImage[] = {1, 2, 3, 4, 6, 6, -7, -8, -128};

std::vector<int8_t> average(const program::Pool2DAttrs& attrs) {
  std::vector<int8_t> out(4);
  average_pool_2d_s8<Scalar>(attrs, TensorView<const int8_t>{kImage, Extents(1, 3, 3, 1)},
                             TensorView<int8_t>{out.data(), Extents(1, 2, 2, 1)});
  return out;
}

TEST(AveragePool2D, DividesByWhatLiesWithinTheInputAndRoundsHalvesAwayFromZero) {
  // (1 + 2 + 4 + 6) / 4 = 3.25, (3 + 6) / 2 = 4.5, (-7 - 8) / 2 = -7.5
  EXPECT_THAT(average(kAttrs), ElementsAre(3, 5, -8, -128));
}

TEST(AveragePool2D, KeepsToTheActivationsBounds) {
  auto attrs = kAttrs;
  attrs.act_min = -3, attrs.act_max = 4;
  EXPECT_THAT(average(attrs), ElementsAre(3, 4, -3, -3));
}

TEST(AveragePool2D, LeavesPaddingInFrontOut) {
  auto attrs = kAttrs;
  attrs.pad_top = attrs.pad_left = 1;  // windows of 1, 2, 2 and 4 elements
  EXPECT_THAT(average(attrs), ElementsAre(1, 3, -2, -31)) << "5/2, -3/2, (6 + 6 - 8 - 128)/4";
}

TEST(AveragePool2D, RoundsHalvesUpwardsForWhatWasUnsigned) {
  const int8_t in[] = {-2, -1, 1, 2, -128, -127, 126, 127};  // 126, 127; 129, 130; 0, 1; 254, 255
  int8_t out[4];
  auto attrs = kAttrs;
  attrs.filter_h = attrs.stride_h = 1;
  average_pool_2d_s8_half_up<Scalar>(attrs, view<1, 1, 8, 1>(in), view<1, 1, 4, 1>(out));
  EXPECT_THAT(out, ElementsAre(-1, 2, -127, 127)) << "127, 130, 1 and 255 less 128";
}

TEST(AveragePool2D, DividesWithoutDividing) {
  for (int count = 1; count <= 5000; count += count < 300 ? 1 : 97) {
    const detail::Divider by(count);
    const std::int64_t most = std::int64_t{32768} * count + count / 2;
    for (std::int64_t n = 0; n <= most; n += 1 + n / 7)
      for (std::int64_t near : {std::max<std::int64_t>(n - n % count - 1, 0), n - n % count, n}) {
        ASSERT_EQ(by(static_cast<std::int32_t>(near)), near / count) << near << " / " << count;
      }
    ASSERT_EQ(by(static_cast<std::int32_t>(most)), most / count);
  }
}

TEST(MaxPool2D, TakesTheLargestOfEachChannel) {
  std::vector<int16_t> in(2 * 2 * 18), out(18);
  for (int i = 0; i < 4 * 18; ++i)
    in[static_cast<std::size_t>(i)] = static_cast<int16_t>(i % 18 == 17 ? -i : i);
  auto attrs = kAttrs;
  attrs.act_min = -32768, attrs.act_max = 32767;
  max_pool_2d_s16<Scalar>(attrs, TensorView<const int16_t>{in.data(), Extents(1, 2, 2, 18)},
                          TensorView<int16_t>{out.data(), Extents(1, 1, 1, 18)});
  EXPECT_EQ(out[0], 54);
  EXPECT_EQ(out[16], 70);
  EXPECT_EQ(out[17], -17) << "the last channel falls, so its first pixel is the largest";
}

struct Static {
  static constexpr int stride_h = 2, stride_w = 2, filter_h = 2, filter_w = 2, pad_top = 0,
                       pad_left = 1, act_min = -128, act_max = 127;
};
struct StaticFloat : Static {
  static constexpr float act_min = 0, act_max = 6;
};

TEST(Pool2D, GivesTheSameWithStaticExtents) {
  auto attrs = kAttrs;
  attrs.pad_left = 1;
  const auto dynamic_out = average(attrs);
  std::vector<int8_t> static_out(4);
  average_pool_2d_s8<Scalar>(Static{}, view<1, 3, 3, 1>(kImage),
                             view<1, 2, 2, 1>(static_out.data()));
  EXPECT_EQ(dynamic_out, static_out);
  const float in[] = {1, 2.5f, -3, 8};
  float average_out = 0, max_out = 0;
  average_pool_2d_f32<Scalar>(StaticFloat{}, view<1, 2, 2, 1>(in), view<1, 1, 1, 1>(&average_out));
  max_pool_2d_f32<Scalar>(StaticFloat{}, view<1, 2, 2, 1>(in), view<1, 1, 1, 1>(&max_out));
  EXPECT_EQ(average_out, 0) << "(1 - 3) / 2, at least 0";
  EXPECT_EQ(max_out, 1);
}

}  // namespace
}  // namespace mote::kernels
