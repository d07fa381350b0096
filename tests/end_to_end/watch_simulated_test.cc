#include <gtest/gtest.h>

#include "mote/host/diagnose/diagnose.h"
#include "mote/host/diagnose/wording.h"
#include "mote/host/simulate/machine.h"
#include "mote/host/sources/wav.h"

/// `mote simulate` through `mote watch`, both with their defaults.
namespace mote {
namespace {

diagnose::File recorded(const simulate::Machine& machine) {
  sources::Recording recording = simulate::record(machine).value();
  for (float& sample : recording.samples) sample /= static_cast<float>(simulate::kGPerCount);
  return {"machine.wav", sources::encode_wav(recording, sources::WavSample::kInt16)};
}

Result<diagnose::Diagnosis> watched(const simulate::Machine& machine) {
  return diagnose::diagnose({.recording = recorded(machine)}, {});
}

class EverySeed : public testing::TestWithParam<int> {};

TEST_P(EverySeed, FindsTheFailingBearingAfterItsOnsetAndBeforeTheEnd) {
  const auto d = watched({.seed = static_cast<std::uint64_t>(GetParam())});
  ASSERT_TRUE(d) << d.error().message;
  ASSERT_TRUE(d->alarmed());
  EXPECT_EQ(d->episodes.size(), 1u);
  const double since = d->windows[d->episodes.front().since].window.t_s;
  EXPECT_GT(since, 30);
  EXPECT_LT(since, 52);
  EXPECT_EQ(diagnose::likely_cause(*d, d->episodes.front()),
            "it knocks: a damaged bearing or gear is the usual cause");
}

TEST_P(EverySeed, LeavesTheHealthyMachineAlone) {
  const auto d = watched({.fault_onset = 1, .seed = static_cast<std::uint64_t>(GetParam())});
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_FALSE(d->ever_alarmed()) << diagnose::sentence(*d);
}

INSTANTIATE_TEST_SUITE_P(Simulated, EverySeed, testing::Range(1, 4));

TEST(WatchSimulated, JudgesAnotherDayByAHealthyOne) {
  const simulate::Machine healthy{.seconds = 20, .fault_onset = 1, .seed = 11};
  const diagnose::Inputs inputs{
      .recording = recorded({.seconds = 10, .fault_onset = 0, .seed = 12}),
      .baselines = {recorded(healthy)}};
  const auto d = diagnose::diagnose(inputs, {.shaft_rpm = 1480});
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_TRUE(d->alarmed());
}

}  // namespace
}  // namespace mote
