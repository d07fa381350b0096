#include "mote/compiler/plan/order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace mote::plan {
namespace {

using testing::ElementsAre;

std::vector<int> given_order(const Work& work) {
  std::vector<int> order(work.steps.size());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

/// Buffer 0 goes in. Two branches, each 0 -> wide (100 B) -> narrow (1 B); the file computes both
/// wide ones first. Step 4 joins the narrow ones.
const Work kBranches = {.buffers = {{.size = 10, .from_start = true},
                                    {.size = 100},
                                    {.size = 100},
                                    {.size = 1},
                                    {.size = 1},
                                    {.size = 2, .to_end = true}},
                        .steps = {{.reads = {0}, .writes = {1}},
                                  {.reads = {0}, .writes = {2}},
                                  {.reads = {1}, .writes = {3}},
                                  {.reads = {2}, .writes = {4}},
                                  {.reads = {3, 4}, .writes = {5}}}};

TEST(Peak, CountsWhatIsAliveFromTheFirstUseToTheLast) {
  EXPECT_EQ(peak_of(kBranches, given_order(kBranches)), 210) << "0, 1 and 2";
  EXPECT_EQ(peak_of(kBranches, std::vector{0, 2, 1, 3, 4}), 111) << "0, 2 and 3";
}

TEST(FindOrder, FinishesABranchBeforeItBeginsTheNext) {
  EXPECT_THAT(find_order(kBranches), ElementsAre(0, 2, 1, 3, 4));
}

TEST(FindOrder, LeavesAChainAsItIs) {
  const Work chain = {.buffers = {{.size = 5, .from_start = true}, {.size = 9}, {.size = 3}},
                      .steps = {{.reads = {0}, .writes = {1}}, {.reads = {1}, .writes = {2}}}};
  EXPECT_THAT(find_order(chain), ElementsAre(0, 1));
}

TEST(FindOrder, LeavesReadsOfAStateBetweenTheSameWrites) {
  // 1 reads the state (buffer 1) into a large buffer, 2 writes it anew: 2 may not come first.
  const Work work = {.buffers = {{.size = 50, .from_start = true},
                                 {.size = 8, .from_start = true, .to_end = true},
                                 {.size = 60},
                                 {.size = 1, .to_end = true}},
                     .steps = {{.reads = {1}, .writes = {2}},
                               {.reads = {0}, .writes = {1}},
                               {.reads = {2}, .writes = {3}}}};
  const auto order = find_order(work);
  EXPECT_LT(std::find(order.begin(), order.end(), 0), std::find(order.begin(), order.end(), 1));
}

/// A computation of `count` steps, each reading up to three earlier results.
Work random_work(int count, std::mt19937& random) {
  Work work{.buffers = {{.size = 64, .from_start = true}}, .steps = {}};
  for (int s = 0; s < count; ++s) {
    Step step;
    for (unsigned i = 0; i < 1 + random() % 3; ++i)
      if (const int b = static_cast<int>(random() % work.buffers.size());
          std::find(step.reads.begin(), step.reads.end(), b) == step.reads.end())
        step.reads.push_back(b);
    step.writes = {static_cast<int>(work.buffers.size())};
    work.buffers.push_back({.size = 16 * (1 + static_cast<std::int64_t>(random() % 50))});
    work.steps.push_back(step);
  }
  work.buffers.back().to_end = true;
  return work;
}

/// The smallest peak of all orders, tried one by one.
std::int64_t smallest_peak(const Work& work) {
  std::vector<int> order = given_order(work);
  std::int64_t best = peak_of(work, order);
  do {
    std::vector<bool> written(work.buffers.size());
    written[0] = true;
    bool valid = true;
    for (int s : order) {
      const Step& step = work.steps[static_cast<std::size_t>(s)];
      for (int b : step.reads) valid = valid && written[static_cast<std::size_t>(b)];
      written[static_cast<std::size_t>(step.writes[0])] = true;
    }
    if (valid) best = std::min(best, peak_of(work, order));
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(FindOrder, IsExactForSmallComputations) {
  std::mt19937 random(5);
  for (int problem = 0; problem < 40; ++problem) {
    const Work work = random_work(6, random);
    EXPECT_EQ(peak_of(work, find_order(work)), smallest_peak(work)) << "problem " << problem;
  }
}

TEST(FindOrder, IsNeverWorseThanTheGivenOrder) {
  std::mt19937 random(6);
  for (int problem = 0; problem < 20; ++problem) {
    const Work work = random_work(80, random);
    const auto order = find_order(work);
    std::vector<int> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, given_order(work)) << "every step once";
    EXPECT_LE(peak_of(work, order), peak_of(work, given_order(work)));
  }
}

}  // namespace
}  // namespace mote::plan
