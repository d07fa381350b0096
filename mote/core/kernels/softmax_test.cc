#include "mote/core/kernels/softmax.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::Each;
using testing::ElementsAre;

/// exp(-i) for a scale of 1, as far as it counts.
std::vector<int32_t> exponentials() {
  std::vector<int32_t> table = {kInt32Max};
  for (int i = 1; i < 32; ++i) table.push_back(exp_of_negative<5>(-i << 26));
  return table;
}

TEST(Softmax, SharesEquallyAmongEqualInputs) {
  const std::vector<int32_t> table = exponentials();
  const int8_t in[] = {-128, -128, -128, -128};
  int8_t out[4];
  softmax_s8<Scalar>(NoAttrs{}, view<1, 4>(in), view<32>(table.data()), view<1, 4>(out));
  EXPECT_THAT(out, Each(-64));  // 64 / 256
}

TEST(Softmax, GivesEachRowItsShares) {
  const std::vector<int32_t> table = exponentials();
  const int8_t in[] = {0, 1, 2, 127, -128, 127};
  int8_t fixed[6], dynamic[6];
  softmax_s8<Scalar>(NoAttrs{}, view<2, 3>(in), view<32>(table.data()), view<2, 3>(fixed));
  softmax_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{in, Extents(2, 3)},
                     TensorView<const int32_t>{table.data(), Extents(32)},
                     TensorView<int8_t>{dynamic, Extents(2, 3)});
  // 0.0900, 0.2447 and 0.6652 of 256; 1/2, 0, 1/2
  EXPECT_THAT(fixed, ElementsAre(-105, -65, 42, 0, -128, 0));
  EXPECT_THAT(dynamic, ElementsAre(-105, -65, 42, 0, -128, 0));
}

TEST(Softmax, NeverLeavesItsRangeHoweverLongTheRow) {
  const std::vector<int32_t> table = exponentials();
  const std::vector<int8_t> in(5000, 3);
  std::vector<int8_t> out(5000);
  softmax_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{in.data(), Extents(1, 5000)},
                     TensorView<const int32_t>{table.data(), Extents(32)},
                     TensorView<int8_t>{out.data(), Extents(1, 5000)});
  EXPECT_THAT(out, Each(-128));
}

TEST(LogSoftmax, IsTheLogarithmOfTheShares) {
  const std::vector<int32_t> table = exponentials();
  const int8_t in[] = {0, 1, 2};
  int8_t out[3];
  const program::LogSoftmaxAttrs attrs = {.multiplier = 1 << 30,
                                          .shift = 27,
                                          .inverse_multiplier = 1 << 30,
                                          .inverse_shift = -25,
                                          .diff_min = -31};
  log_softmax_s8<Scalar>(attrs, view<1, 3>(in), view<32>(table.data()), view<1, 3>(out));
  EXPECT_THAT(out, ElementsAre(88, 104, 120));  // 127 + 16 * (-2.408, -1.408, -0.408)
}

TEST(LogSoftmax, TakesFloats) {
  const float in[] = {0, 0, 0, 0};
  float out[4];
  log_softmax_f32<Scalar>(NoAttrs{}, view<1, 4>(in), view<1, 4>(out));
  EXPECT_THAT(out, Each(testing::FloatEq(-std::log(4.0f))));
}

}  // namespace
}  // namespace mote::kernels
