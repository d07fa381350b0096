#pragma once

namespace mote::learn {

/// The value that `rank` others of `values` do not exceed from below: rank 0 is the smallest.
///
/// Hoare's selection, O(count) on average; reorders `values`.
///
///   values  count finite numbers
///   rank    in [0, count)
inline float select_rank(float* values, int count, int rank) {
  int low = 0, high = count - 1;
  while (low < high) {
    const float pivot = values[low + (high - low) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) ++i;
      while (pivot < values[j]) --j;
      if (i > j) break;
      const float t = values[i];
      values[i++] = values[j];
      values[j--] = t;
    }
    if (rank <= j)
      high = j;
    else if (rank >= i)
      low = i;
    else
      break;
  }
  return values[rank];
}

/// The middle value, or the mean of the middle two; reorders `values`. count >= 1.
inline float median(float* values, int count) {
  const float upper = select_rank(values, count, count / 2);
  if (count % 2 == 1) return upper;
  return 0.5f * (upper + select_rank(values, count, count / 2 - 1));
}

}  // namespace mote::learn
