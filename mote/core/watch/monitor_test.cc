#include "mote/core/watch/monitor.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "mote/core/learn/cross_validation.h"

namespace mote::watch {
namespace {

constexpr int kWindow = 256, kAxes = 3, kTrained = 60;
constexpr FeaturePlan kPlan{.window = kWindow, .axes = kAxes, .sample_rate_hz = 1000};
constexpr int kDims = kPlan.dims();

std::vector<float> noise(std::mt19937& random, float spread) {
  std::normal_distribution<float> gaussian(0, spread);
  std::vector<float> frames(kWindow * kAxes);
  for (float& f : frames) f = gaussian(random);
  return frames;
}

/// What a device does: learns from its first windows, all memory static, then watches.
struct Device {
  float rows[kTrained * kDims], memory[learn::baseline_floats(kDims)];
  float scratch[learn::fit_scratch_floats(kTrained, kDims)];
  learn::Baseline baseline = learn::make_baseline(kDims, memory);

  float learn_from(std::mt19937& random) {
    Monitor<kWindow, kDims> learner(kPlan, baseline, 0);
    for (int i = 0; i < kTrained; ++i) {
      learner.process(noise(random, 1).data());
      for (int j = 0; j < kDims; ++j) rows[i * kDims + j] = learner.features()[j];
    }
    const int ends[] = {kTrained};
    const learn::Rows all{rows, kTrained, kDims};
    const float held_out = learn::held_out_score(all, {ends, 1}, kFloorDb, scratch, baseline);
    learn::fit_baseline(all, kFloorDb, scratch, baseline);
    return kMargin * held_out;
  }
};

TEST(Monitor, LearnsAndWatchesInStaticMemory) {
  static Device device;
  std::mt19937 random(1);
  Monitor<kWindow, kDims> monitor(kPlan, device.baseline, device.learn_from(random));
  for (int i = 0; i < 200; ++i)
    ASSERT_EQ(monitor.process(noise(random, 1).data()).verdict, Verdict::kNormal) << "window " << i;
  WindowResult last{};
  for (int i = 0; i < 5; ++i) last = monitor.process(noise(random, 4).data());
  EXPECT_EQ(last.verdict, Verdict::kAlarm);
  EXPECT_GT(last.score, 5);
}

TEST(Monitor, TakesTheMemoryThatItsHeaderSays) {
  using Big = Monitor<4096, 48>;
  EXPECT_LE(sizeof(Big), 64 * 1024 + 48 * 8 + 256);
}

}  // namespace
}  // namespace mote::watch
