#include "mote/core/kernels/arg_extreme.h"

#include <gmock/gmock.h>

#include <limits>
#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs_movement.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using testing::ElementsAre;

TEST(ArgExtreme, FindsTheFirstOfEqualsAlongTheMiddleAxis) {
  const int8_t in[] = {1, 9, 5, 9, 5, -2};  // [1, 3, 2]: columns 1 5 5 and 9 9 -2
  std::vector<int32_t> out(2);
  const TensorView<const int8_t> source = {in, Extents(1, 3, 2)};
  const TensorView<int32_t> target = {out.data(), Extents(1, 2)};
  arg_extreme_s8<Scalar>(program::ArgExtremeAttrs{.is_max = 1}, source, target);
  EXPECT_THAT(out, ElementsAre(1, 0));
  arg_extreme_s8<Scalar>(program::ArgExtremeAttrs{.is_max = 0}, source, target);
  EXPECT_THAT(out, ElementsAre(0, 2));
}

struct StaticArg {
  static constexpr int is_max = 1;
};

TEST(ArgExtreme, LetsAnyNumberBeatWhatIsNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float in[] = {nan, -3, nan, -1, nan};
  int32_t dynamic_out = -1, static_out = -1;
  arg_extreme_f32<Scalar>(program::ArgExtremeAttrs{.is_max = 1},
                          TensorView<const float>{in, Extents(1, 5, 1)},
                          TensorView<int32_t>{&dynamic_out, Extents(1, 1)});
  arg_extreme_f32<Scalar>(StaticArg{}, view<1, 5, 1>(in), view<1, 1>(&static_out));
  EXPECT_EQ(dynamic_out, 3);
  EXPECT_EQ(static_out, 3);
}

}  // namespace
}  // namespace mote::kernels
