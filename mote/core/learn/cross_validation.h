#pragma once

#include <stdint.h>

#include "mote/core/learn/baseline.h"
#include "mote/core/learn/sustained.h"

namespace mote::learn {

/// Blocks of time that the healthy rows are cut into, and the first that is scored and not only
/// learned from.
inline constexpr int kBlocks = 6, kFirstScored = 3;

/// The fewest rows of one run whose blocks all hold the three that Sustained wants.
inline constexpr int kFewestRows = kBlocks * Sustained::kMajority;

/// Which recording each row is from: rows [start(i), start(i + 1)) belong to run i. Scores of
/// different runs are never smoothed together.
struct Runs {
  const int* ends;  ///< [count] ascending; the last is the number of rows
  int count;
  int start(int run) const { return run == 0 ? 0 : ends[run - 1]; }
  int rows() const { return ends[count - 1]; }
};

/// The first row of block `block` (kBlocks: the end): whole runs where there are enough, else equal
/// shares of the rows.
inline int block_start(Runs runs, int block) {
  if (runs.count < kBlocks) return static_cast<int>(int64_t{1} * runs.rows() * block / kBlocks);
  // The smallest run r with r * kBlocks / count >= block.
  return runs.start((block * runs.count + kBlocks - 1) / kBlocks);
}

/// The largest sustained score of rows [begin, end), each run smoothed on its own.
template <class Score>
float largest_sustained(const Baseline& baseline, Rows rows, Runs runs, int begin, int end,
                        float* z, Score&& score) {
  float largest = 0;
  for (int run = 0; run < runs.count; ++run) {
    const int first = runs.start(run) > begin ? runs.start(run) : begin;
    const int last = runs.ends[run] < end ? runs.ends[run] : end;
    Sustained sustained;
    for (int i = first; i < last; ++i) {
      sustained.push(score(baseline, rows[i], z));
      if (sustained.high() > largest) largest = sustained.high();
    }
  }
  return largest;
}

/// How far healthy rows get from a baseline that has not seen them: the largest sustained score
/// when each block of the second half of `rows` is scored by what all blocks before it teach.
///
/// Always forward in time, as in use: what a machine's settling, warming and restarts did to the
/// features between the earlier and the later healthy rows, they may do again. Leaving out random
/// rows, or blocks in the middle, measures interpolation and gives thresholds that a healthy
/// machine crosses.
///
///   rows      in order of time; runs.rows() == rows.count >= kFewestRows
///   scratch   fit_scratch_floats(count, dims)
///   baseline  laid out by make_baseline; overwritten
///   score     what is measured, as Mahalanobis
template <class Score = Mahalanobis>
float held_out_score(Rows rows, Runs runs, float floor, float* scratch, const Baseline& baseline,
                     Score&& score = {}) {
  float largest = 0;
  for (int block = kFirstScored; block < kBlocks; ++block) {
    const int begin = block_start(runs, block), end = block_start(runs, block + 1);
    if (begin >= end) continue;
    fit_baseline({rows.data, begin, rows.dims}, floor, scratch, baseline);
    const float held_out = largest_sustained(baseline, rows, runs, begin, end, scratch, score);
    if (held_out > largest) largest = held_out;
  }
  return largest;
}

}  // namespace mote::learn
