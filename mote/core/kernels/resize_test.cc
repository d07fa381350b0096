#include "mote/core/kernels/resize.h"

#include <gmock/gmock.h>

#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

const int8_t kIn[] = {1, 2, 3, 4, 5, 6};

TEST(ResizeNearest, TakesThePixelsThatTheTablesName) {
  const int32_t row[] = {0, 0, 2}, column[] = {1};
  std::vector<int8_t> dynamic_out(3), static_out(3);
  resize_nearest_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{kIn, Extents(1, 3, 2, 1)},
                            TensorView<const int32_t>{row, Extents(3)},
                            TensorView<const int32_t>{column, Extents(1)},
                            TensorView<int8_t>{dynamic_out.data(), Extents(1, 3, 1, 1)});
  resize_nearest_s8<Scalar>(NoAttrs{}, view<1, 3, 2, 1>(kIn), view<3>(row), view<1>(column),
                            view<1, 3, 1, 1>(static_out.data()));
  EXPECT_THAT(dynamic_out, ElementsAre(2, 2, 6));
  EXPECT_EQ(dynamic_out, static_out);
}

TEST(ResizeBilinear, MixesFourNeighboursAndRoundsHalvesAwayFromZero) {
  const int8_t in[] = {0, 4, -8, -5};                   // [2, 2]
  const int32_t row[] = {0, 1, 0, 0, 1, 512, 1, 1, 0};  // at 0, 1/2 and 1
  const int32_t column[] = {0, 1, 256, 1, 1, 0};        // at 1/4 and 1
  std::vector<int8_t> dynamic_out(6), static_out(6);
  resize_bilinear_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{in, Extents(1, 2, 2, 1)},
                             TensorView<const int32_t>{row, Extents(3, 3)},
                             TensorView<const int32_t>{column, Extents(2, 3)},
                             TensorView<int8_t>{dynamic_out.data(), Extents(1, 3, 2, 1)});
  resize_bilinear_s8<Scalar>(NoAttrs{}, view<1, 2, 2, 1>(in), view<3, 3>(row), view<2, 3>(column),
                             view<1, 3, 2, 1>(static_out.data()));
  EXPECT_THAT(dynamic_out, ElementsAre(1, 4, -3, -1, -7, -5)) << "-0.5 and -7.25 among them";
  EXPECT_EQ(dynamic_out, static_out);
}

TEST(ResizeBilinear, MixesWhatWasUnsignedInFloatAndRoundsHalvesUpwards) {
  const int8_t in[] = {-128, -127, -126, -124};  // 0, 1, 2, 4
  const float half[] = {0.5f};
  const int32_t both[] = {0, 1}, row_weights_of_nobody[] = {0, 0};
  int8_t out[1], upper[1];
  const float none[] = {0.0f};
  resize_bilinear_s8_real<Scalar>(NoAttrs{}, view<1, 2, 2, 1>(in), view<1, 2>(both),
                                  view<1, 2>(both), view<1>(half), view<1>(half),
                                  view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], 2 - 128) << "7/4 + 1/2";
  resize_bilinear_s8_real<Scalar>(NoAttrs{}, view<1, 2, 2, 1>(in),
                                  view<1, 2>(row_weights_of_nobody), view<1, 2>(both),
                                  view<1>(none), view<1>(half), view<1, 1, 1, 1>(upper));
  EXPECT_EQ(upper[0], 1 - 128) << "1/2 + 1/2";
}

TEST(ResizeBilinear, MixesFloatsByTheirWeights) {
  const float in[] = {0, 4, 8, 16}, half[] = {0.5f}, quarter[] = {0.25f};
  const int32_t both[] = {0, 1};
  float out = 0;
  resize_bilinear_f32<Scalar>(NoAttrs{}, view<1, 2, 2, 1>(in), view<1, 2>(both), view<1, 2>(both),
                              view<1>(half), view<1>(quarter), view<1, 1, 1, 1>(&out));
  EXPECT_EQ(out, 5.5f) << "(0 * 3/4 + 4 / 4) / 2 + (8 * 3/4 + 16 / 4) / 2";
}

}  // namespace
}  // namespace mote::kernels
