#include "mote/core/signal/dct.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace mote::signal {
namespace {

TEST(Dct, EqualsTheDefinitionInDoublePrecision) {
  const int size = 40, count = 10;
  std::vector<float> in(size), table(size * count), out(count);
  for (int n = 0; n < size; ++n) in[n] = static_cast<float>(std::sin(0.7 * n) - 0.1 * n);
  make_dct(size, count, table.data());
  dct(in.data(), table.data(), size, count, out.data());
  for (int c = 0; c < count; ++c) {
    double expected = 0;
    for (int n = 0; n < size; ++n)
      expected += in[n] * std::cos(std::numbers::pi / size * c * (n + 0.5));
    expected *= std::sqrt(2.0 / size);
    EXPECT_NEAR(out[c], expected, 1e-5) << "coefficient " << c;
  }
}

TEST(Dct, OfAConstantIsAllInTheFirstCoefficient) {
  float in[4] = {1, 1, 1, 1}, table[16], out[4];
  make_dct(4, 4, table);
  dct(in, table, 4, 4, out);
  EXPECT_NEAR(out[0], 4 * std::sqrt(0.5), 1e-6);
  for (int c = 1; c < 4; ++c) EXPECT_NEAR(out[c], 0.0, 1e-6);
}

}  // namespace
}  // namespace mote::signal
