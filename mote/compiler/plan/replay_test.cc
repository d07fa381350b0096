#include "mote/compiler/plan/replay.h"

#include <gmock/gmock.h>

namespace mote::plan {
namespace {

using testing::HasSubstr;

std::string error_of(const Schedule& wanted, const Schedule& planned) {
  const auto valid = replay(wanted, planned);
  return valid ? "" : valid.error().message;
}

/// Step 0 makes bytes 0..8 of the input at 100..108, step 1 carries them to 200, step 2 makes
/// 208..216 of the input, step 3 makes 300 of 200..216.
Schedule wanted() {
  return {.motions = {{.step = 0, .reads = {{0, 8}}, .writes = {{100, 8}}},
                      {.step = 1, .reads = {{100, 8}}, .writes = {{200, 8}}, .carries = true},
                      {.step = 2, .reads = {{0, 8}}, .writes = {{208, 8}}},
                      {.step = 3, .reads = {{200, 16}}, .writes = {{300, 4}}, .is_in_place = true}},
          .at_start = {{0, 8}},
          .at_end = {{300, 4}}};
}

/// The same without the copy: step 0 writes where step 3 reads.
Schedule planned() {
  return {.motions = {{.step = 0, .reads = {{0, 8}}, .writes = {{16, 8}}},
                      {.step = 2, .reads = {{0, 8}}, .writes = {{24, 8}}},
                      {.step = 3, .reads = {{16, 16}}, .writes = {{0, 4}}, .is_in_place = true}},
          .at_start = {{0, 8}},
          .at_end = {{0, 4}}};
}

TEST(Replay, AcceptsACopyThatIsLeftOutWhereItsBytesAreThereAnyway) {
  EXPECT_EQ(error_of(wanted(), wanted()), "");
  EXPECT_EQ(error_of(wanted(), planned()), "");
}

TEST(Replay, RefusesAPieceAtTheWrongOffset) {
  Schedule plan = planned();
  plan.motions[0].writes = {{17, 8}};
  EXPECT_THAT(error_of(wanted(), plan), HasSubstr("step 3 would read something else"));
}

TEST(Replay, RefusesWhatIsOverwrittenBeforeItIsRead) {
  Schedule plan = planned();
  plan.motions[1].writes = {{20, 8}};  // into the first piece
  EXPECT_THAT(error_of(wanted(), plan), HasSubstr("step 3 would read something else"));
  plan = planned();
  plan.motions[0].writes = {{7, 8}};  // over the last byte of the input, which step 2 reads
  EXPECT_THAT(error_of(wanted(), plan), HasSubstr("step 0 writes over what it reads"));
}

TEST(Replay, RefusesPiecesThatChangedPlaces) {
  Schedule plan = planned();
  std::swap(plan.motions[0].writes, plan.motions[1].writes);
  EXPECT_THAT(error_of(wanted(), plan), HasSubstr("step 3 would read something else"));
}

TEST(Replay, RefusesAStepThatComputesToBeLeftOut) {
  Schedule plan = planned();
  plan.motions.erase(plan.motions.begin());
  EXPECT_THAT(error_of(wanted(), plan), HasSubstr("step 0 is left out, though it computes"));
}

TEST(Replay, RefusesStepsInAnotherOrder) {
  Schedule plan = planned();
  std::swap(plan.motions[0], plan.motions[1]);
  EXPECT_NE(error_of(wanted(), plan), "");
}

TEST(Replay, RefusesAnOutputThatIsNotLeft) {
  Schedule plan = planned();
  plan.at_end = {{2, 4}};
  EXPECT_THAT(error_of(wanted(), plan), HasSubstr("span 0 of those read at the end"));
}

/// One step that makes 8 bytes of 8 bytes, and reads them once more.
Schedule one_step(Span out, bool is_in_place) {
  return {.motions = {{.step = 0, .reads = {{0, 8}}, .writes = {out}, .is_in_place = is_in_place}},
          .at_start = {{0, 8}},
          .at_end = {out}};
}

TEST(Replay, LetsOnlyStepsThatMayWriteOverWhatTheyReadAndOnlyTheSameBytes) {
  const Schedule wanted = one_step({100, 8}, true);
  EXPECT_EQ(error_of(wanted, one_step({0, 8}, true)), "");
  EXPECT_THAT(error_of(wanted, one_step({0, 8}, false)), HasSubstr("writes over what it reads"));
  EXPECT_THAT(error_of(wanted, one_step({1, 8}, true)), HasSubstr("writes over what it reads"));
}

TEST(Replay, RefusesAnInPlaceStepWhoseInputIsReadAgain) {
  Schedule want = one_step({100, 8}, true);
  want.motions.push_back({.step = 1, .reads = {{0, 8}}, .writes = {{200, 8}}});
  Schedule plan = one_step({0, 8}, true);
  plan.motions.push_back({.step = 1, .reads = {{0, 8}}, .writes = {{16, 8}}});
  EXPECT_THAT(error_of(want, plan), HasSubstr("step 1 would read something else"));
}

TEST(Replay, TakesAStepThatWritesInPartToNeedTheRest) {
  const Schedule want = {.motions = {{.step = 0, .reads = {}, .writes = {{100, 8}}},
                                     {.step = 1, .reads = {}, .writes = {{200, 8}}},
                                     {.step = 2, .reads = {}, .writes = {}, .updates = {{100, 8}}}},
                         .at_start = {},
                         .at_end = {{100, 8}}};
  Schedule plan = want;
  plan.motions[1].writes = {{96, 8}};
  EXPECT_THAT(error_of(want, plan), HasSubstr("step 2 would read something else"));
}

TEST(Replay, LetsAStepWriteOverWhatItHasReadWhereItsLeadAllows) {
  const auto schedule = [](std::int64_t read) {
    return Schedule{
        .motions =
            {{.step = 0, .reads = {{read, 8}}, .writes = {{100, 16}}, .updates = {}, .lead = 4}},
        .at_start = {{read, 8}},
        .at_end = {{100, 16}}};
  };
  EXPECT_EQ(error_of(schedule(0), schedule(104)), "");
  EXPECT_EQ(error_of(schedule(0), schedule(112)), "");
  EXPECT_THAT(error_of(schedule(0), schedule(103)), HasSubstr("writes over what it reads"));
  EXPECT_THAT(error_of(schedule(0), schedule(96)), HasSubstr("writes over what it reads"));
}

TEST(Replay, KeepsStateFromRunToRun) {
  const Schedule want = {.motions = {{.step = 0, .reads = {}, .writes = {{100, 8}}}},
                         .at_start = {{0, 8}},
                         .at_end = {{0, 8}}};
  Schedule plan = want;
  EXPECT_EQ(error_of(want, plan), "");
  plan.motions[0].writes = {{4, 8}};
  EXPECT_THAT(error_of(want, plan), HasSubstr("at the end holds something else"));
}

TEST(Replay, AsksNothingOfBytesThatWereNeverWritten) {
  const Schedule want = {.motions = {{.step = 0, .reads = {}, .writes = {{0, 4}}},
                                     {.step = 1, .reads = {{8, 4}}, .writes = {{16, 4}}}},
                         .at_start = {},
                         .at_end = {{16, 4}}};
  Schedule plan = want;
  plan.motions[1].reads = {{0, 4}};
  EXPECT_EQ(error_of(want, plan), "");
}

}  // namespace
}  // namespace mote::plan
