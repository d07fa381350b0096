#include "mote/core/kernels/lookup.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

TEST(Lookup, FindsEachElementAtItsByte) {
  int8_t table[256];  // x / 2
  for (int x = -128; x < 128; ++x) table[static_cast<uint8_t>(x)] = static_cast<int8_t>(x / 2);
  const int8_t in[] = {-128, -1, 0, 1, 127};
  int8_t fixed[5], dynamic[5];
  lookup_s8<Scalar>(NoAttrs{}, view<5>(in), view<256>(static_cast<const int8_t*>(table)),
                    view<5>(fixed));
  lookup_s8<Scalar>(NoAttrs{}, TensorView<const int8_t>{in, Extents(5)},
                    TensorView<const int8_t>{table, Extents(256)},
                    TensorView<int8_t>{dynamic, Extents(5)});
  EXPECT_THAT(fixed, ElementsAre(-64, 0, 0, 0, 63));
  EXPECT_THAT(dynamic, ElementsAre(-64, 0, 0, 0, 63));
}

}  // namespace
}  // namespace mote::kernels
