#include "mote/host/runtime/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>
#include <vector>

namespace mote::runtime {
namespace {

std::unique_ptr<WorkerPool> pool_of(int helpers) {
  auto pool = WorkerPool::create(helpers);
  EXPECT_TRUE(pool) << pool.error().message;
  return std::move(*pool);
}

/// Adds 1 to the part's own number: not atomic, so that two threads at one would show.
void count_up(const void* context, int part) {
  ++static_cast<int*>(const_cast<void*>(context))[part];
}

TEST(WorkerPool, RunsEachPartOnceAndSeesWhatItWrote) {
  const auto pool = pool_of(3);
  std::vector<int> counts(64);
  for (int run = 1; run <= 2000; ++run) {
    const int parts = 1 + run % 64;
    std::fill(counts.begin(), counts.end(), 0);
    pool->run(parts, count_up, counts.data());
    ASSERT_EQ(std::accumulate(counts.begin(), counts.end(), 0), parts) << "run " << run;
    ASSERT_EQ(counts[static_cast<std::size_t>(parts - 1)], 1) << "run " << run;
  }
}

TEST(WorkerPool, WakesThreadsThatHaveGoneToSleep) {
  const auto pool = pool_of(2);
  int sums[3] = {};
  for (int run = 0; run < 5; ++run) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    pool->run(3, count_up, sums);
  }
  EXPECT_EQ(sums[0] + sums[1] + sums[2], 15);
}

TEST(WorkerPool, EndsItsThreadsWhetherTheyWorkedOrNot) {
  for (int run = 0; run < 50; ++run) {
    const auto pool = pool_of(1 + run % 4);
    int done[2] = {};
    if (run % 2 == 0) pool->run(2, count_up, done);
    EXPECT_EQ(done[0] + done[1], run % 2 == 0 ? 2 : 0);
  }
}

}  // namespace
}  // namespace mote::runtime
