#pragma once

#include "mote/core/base/math.h"

namespace mote::learn {

/// Where entry (row, column <= row) of a symmetric matrix lies in its packed lower triangle.
constexpr int packed(int row, int column) { return row * (row + 1) / 2 + column; }

/// Replaces the packed lower triangle of a positive definite matrix A by L, where A = L * L^T.
///
/// @returns false, leaving `a` half done, when A is not positive definite.
inline bool cholesky(float* a, int dims) {
  for (int i = 0; i < dims; ++i)
    for (int j = 0; j <= i; ++j) {
      double sum = a[packed(i, j)];
      for (int k = 0; k < j; ++k)
        sum -= static_cast<double>(a[packed(i, k)]) * static_cast<double>(a[packed(j, k)]);
      if (i == j && !(sum > 0)) return false;
      a[packed(i, j)] =
          static_cast<float>(i == j ? sqrt(sum) : sum / static_cast<double>(a[packed(j, j)]));
    }
  return true;
}

/// x^T * A^-1 * x for A = L * L^T, by forward substitution; overwrites x with L^-1 * x.
inline float inverse_quadratic(const float* factor, int dims, float* x) {
  float total = 0;
  for (int i = 0; i < dims; ++i) {
    float sum = x[i];
    for (int k = 0; k < i; ++k) sum -= factor[packed(i, k)] * x[k];
    x[i] = sum / factor[packed(i, i)];
    total += x[i] * x[i];
  }
  return total;
}

}  // namespace mote::learn
