#include "mote/core/learn/cholesky.h"

#include <gtest/gtest.h>

namespace mote::learn {
namespace {

TEST(Cholesky, FactorsTheTextbooksMatrix) {
  float a[] = {4, 12, 37, -16, -43, 98};  // 4 12 -16 | 12 37 -43 | -16 -43 98
  ASSERT_TRUE(cholesky(a, 3));
  const float expected[] = {2, 6, 1, -8, 5, 3};
  for (int i = 0; i < 6; ++i) EXPECT_FLOAT_EQ(a[i], expected[i]) << "entry " << i;
}

TEST(Cholesky, RefusesAMatrixThatIsNotPositiveDefinite) {
  float a[] = {1, 2, 1};
  EXPECT_FALSE(cholesky(a, 2));
}

TEST(InverseQuadratic, EqualsTheInverseWrittenOut) {
  float a[] = {2, 1, 3};  // inverse: (3 -1; -1 2) / 5
  ASSERT_TRUE(cholesky(a, 2));
  float x[] = {1, -2};
  EXPECT_NEAR(inverse_quadratic(a, 2, x), (3 * 1 + 2 * 2 + 2 * 4) / 5.0, 1e-5);
}

}  // namespace
}  // namespace mote::learn
