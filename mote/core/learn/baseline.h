#pragma once

#include <stdint.h>

#include "mote/core/base/math.h"
#include "mote/core/learn/cholesky.h"
#include "mote/core/learn/order_statistics.h"

namespace mote::learn {

/// Observations, one a row, in memory that somebody else owns.
struct Rows {
  const float* data;
  int count, dims;
  const float* operator[](int row) const { return data + row * dims; }
};

/// What healthy looks like: where each feature lies, how far it wanders, and what moves together.
struct Baseline {
  int dims;
  float* center;  ///< [dims] mean of the typical rows
  float* spread;  ///< [dims] standard deviation, with the floor added in quadrature
  float* factor;  ///< [dims*(dims+1)/2] packed Cholesky factor of the shrunk covariance
};

/// Floats of memory that a baseline of `dims` features takes.
constexpr int baseline_floats(int dims) { return 2 * dims + packed(dims, 0); }

/// Lays a baseline out in `memory`, which has baseline_floats(dims) entries.
constexpr Baseline make_baseline(int dims, float* memory) {
  return {dims, memory, memory + dims, memory + 2 * dims};
}

/// Floats of scratch that fit_baseline wants for `count` rows of `dims` features.
constexpr int fit_scratch_floats(int count, int dims) { return 2 * count + dims; }

/// The features of `row` in spreads from their centre: z[dims].
inline void standardize(const Baseline& baseline, const float* row, float* z) {
  for (int j = 0; j < baseline.dims; ++j) z[j] = (row[j] - baseline.center[j]) / baseline.spread[j];
}

/// How far `row` is from healthy: sqrt(z^T * C^-1 * z / dims), the Mahalanobis distance in spreads
/// per feature; about 1 for a row like those learned from. `z` is dims entries of scratch.
inline float score(const Baseline& baseline, const float* row, float* z) {
  standardize(baseline, row, z);
  const float squared = inverse_quadratic(baseline.factor, baseline.dims, z);
  return sqrtf(squared / static_cast<float>(baseline.dims));
}

/// score() as a type, for what takes another measure as well (Reconstruction).
struct Mahalanobis {
  float operator()(const Baseline& baseline, const float* row, float* z) const {
    return score(baseline, row, z);
  }
};

/// distances[i] = RMS over the features of (row i - median) / robust spread, which the odd start-up
/// or knock among the rows cannot pull towards itself. `column` is rows.count entries of scratch.
inline void robust_distances(Rows rows, float floor, float* column, float* distances) {
  for (int i = 0; i < rows.count; ++i) distances[i] = 0;
  for (int j = 0; j < rows.dims; ++j) {
    for (int i = 0; i < rows.count; ++i) column[i] = rows[i][j];
    const float center = median(column, rows.count);
    for (int i = 0; i < rows.count; ++i) column[i] = fabsf(rows[i][j] - center);
    const float deviation = 1.4826f * median(column, rows.count);  // of a Gaussian: its sigma
    const float variance = deviation * deviation + floor * floor;
    for (int i = 0; i < rows.count; ++i) {
      const float d = rows[i][j] - center;
      distances[i] += d * d / variance;
    }
  }
  for (int i = 0; i < rows.count; ++i)
    distances[i] = sqrtf(distances[i] / static_cast<float>(rows.dims));
}

/// Marks in keep[count] (1 or 0) the rows no farther out than three times the median distance.
/// `scratch` is rows.count floats. @returns how many are kept: at least half.
inline int keep_typical(Rows rows, float floor, float* scratch, float* keep) {
  robust_distances(rows, floor, scratch, keep);
  for (int i = 0; i < rows.count; ++i) scratch[i] = keep[i];
  const float limit = 3.0f * median(scratch, rows.count);
  int kept = 0;
  for (int i = 0; i < rows.count; ++i) {
    keep[i] = keep[i] <= limit ? 1.0f : 0.0f;
    kept += keep[i] > 0;
  }
  return kept;
}

namespace internal {

inline void fit_center_and_spread(Rows rows, const float* keep, int kept, float floor,
                                  const Baseline& baseline) {
  for (int j = 0; j < rows.dims; ++j) {
    double sum = 0, squares = 0;
    for (int i = 0; i < rows.count; ++i) sum += static_cast<double>(keep[i] * rows[i][j]);
    const double mean = sum / kept;
    for (int i = 0; i < rows.count; ++i) {
      const double d = static_cast<double>(rows[i][j]) - mean;
      squares += static_cast<double>(keep[i]) * d * d;
    }
    const double variance = kept > 1 ? squares / (kept - 1) : 0;
    baseline.center[j] = static_cast<float>(mean);
    baseline.spread[j] = static_cast<float>(
        sqrt(variance + static_cast<double>(floor) * static_cast<double>(floor)));
  }
}

/// Adds z * z^T of every kept row up in baseline.factor. @returns sum |z|^4, which Ledoit-Wolf
/// needs.
inline double sum_outer_products(Rows rows, const float* keep, const Baseline& baseline, float* z) {
  const int d = rows.dims;
  double fourth = 0;
  for (int k = 0; k < packed(d, 0); ++k) baseline.factor[k] = 0;
  for (int i = 0; i < rows.count; ++i) {
    if (!(keep[i] > 0)) continue;
    standardize(baseline, rows[i], z);
    double norm = 0;
    for (int a = 0; a < d; ++a) {
      norm += static_cast<double>(z[a]) * static_cast<double>(z[a]);
      for (int b = 0; b <= a; ++b) baseline.factor[packed(a, b)] += z[a] * z[b];
    }
    fourth += norm * norm;
  }
  return fourth;
}

}  // namespace internal

/// Added to every variance (of features standardised to about 1), so that single precision can
/// factor the covariance whatever the rows were: it then cannot fail.
inline constexpr double kRidge = 1e-4;

/// Shrinks the sample covariance S (packed) towards its mean variance times the identity, by the
/// weight that minimises the expected squared error (Ledoit and Wolf, "A well-conditioned estimator
/// for large-dimensional covariance matrices", J. Multivariate Analysis 88, 2004): usable even from
/// fewer rows than features. @returns the weight, in [0, 1].
///
///   fourth_moment  sum over the `count` rows of |z|^4
inline double shrink_covariance(float* s, int dims, int count, double fourth_moment) {
  double trace = 0, squares = 0;
  for (int a = 0; a < dims; ++a) {
    trace += static_cast<double>(s[packed(a, a)]);
    for (int b = 0; b <= a; ++b) {
      const double v = static_cast<double>(s[packed(a, b)]);
      squares += (a == b ? 1 : 2) * v * v;
    }
  }
  const double mean = trace / dims;
  const double distance = squares - dims * mean * mean;  // |S - mean * I|^2
  const double error = (fourth_moment / count - squares) / count;
  const double weight = distance > 0 && error < distance ? (error > 0 ? error / distance : 0) : 1;
  for (int k = 0; k < packed(dims, 0); ++k) s[k] *= static_cast<float>(1 - weight);
  for (int a = 0; a < dims; ++a) s[packed(a, a)] += static_cast<float>(weight * mean + kRidge);
  return weight;
}

/// Learns from `rows` what healthy looks like: odd rows are left out, every feature is
/// standardised, and the covariance is shrunk as far as the number of rows demands.
///
/// O(count * dims^2 + dims^3) time, no memory of its own.
///
///   rows      count >= 3
///   floor     > 0: spread below which a feature's wandering means nothing, in the features' unit
///   scratch   fit_scratch_floats(count, dims)
///   baseline  laid out by make_baseline(dims, ...)
///
/// @returns how many rows were typical and used.
inline int fit_baseline(Rows rows, float floor, float* scratch, const Baseline& baseline) {
  float* keep = scratch;
  float* column = scratch + rows.count;
  const int kept = keep_typical(rows, floor, column, keep);
  internal::fit_center_and_spread(rows, keep, kept, floor, baseline);
  const double fourth = internal::sum_outer_products(rows, keep, baseline, column);
  for (int k = 0; k < packed(rows.dims, 0); ++k) baseline.factor[k] /= static_cast<float>(kept);
  shrink_covariance(baseline.factor, rows.dims, kept, fourth);
  cholesky(baseline.factor, rows.dims);
  return kept;
}

}  // namespace mote::learn
