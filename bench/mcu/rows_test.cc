#include "bench/mcu/rows.h"

#include <gmock/gmock.h>

#include "bench/mcu/report.h"

namespace mote::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kText =
    "compiler=arm-none-eabi-g++ 12.2.1\n"
    "board=mps2-an386 model=kws_ref_model instructions=15400000 stack_bytes=212 flash_bytes=4704 "
    "const_bytes=29572 ram_bytes=16212 weighted=29056369\n"
    "board=microbit model=kws_ref_model missing=region `RAM' overflowed by 8 bytes\n";

Counts with_instructions(std::int64_t count) {
  Counts counts = parse_counts(kText).value();
  counts.rows[0].instructions = count;
  return counts;
}

TEST(Counts, ComeFromLines) {
  const auto counts = parse_counts(kText);
  ASSERT_TRUE(counts) << counts.error().message;
  EXPECT_THAT(counts->compilers, ElementsAre("arm-none-eabi-g++ 12.2.1"));
  ASSERT_EQ(counts->rows.size(), 2u);
  EXPECT_EQ(counts->rows[0].weighted, 29056369);
  EXPECT_EQ(counts->rows[1].missing, "region `RAM' overflowed by 8 bytes");
}

TEST(Counts, RefuseANumberThatIsNone) {
  EXPECT_EQ(parse_counts("board=a model=b instructions=12x\n").error().message,
            "instructions is '12x', expected a whole number");
}

TEST(Counts, ReadBackWhatTheyWrote) {
  const Counts counts = parse_counts(kText).value();
  const auto back = from_json(to_json(counts, "script/bench --mcu"));
  ASSERT_TRUE(back) << back.error().message;
  const Differences found = compare(counts, *back);
  EXPECT_THAT(found.grown, IsEmpty());
  EXPECT_THAT(found.changed, IsEmpty());
  EXPECT_EQ(back->rows[1].missing, counts.rows[1].missing);
  EXPECT_EQ(back->compilers, counts.compilers);
}

TEST(Counts, MayGrowByTwoPercent) {
  const Differences found = compare(with_instructions(100), with_instructions(102));
  EXPECT_THAT(found.grown, IsEmpty());
  EXPECT_THAT(found.changed, ElementsAre("kws_ref_model on mps2-an386: instructions were 100, now "
                                         "they are 102"));
}

TEST(Counts, MayNotGrowByMore) {
  const Differences found = compare(with_instructions(100), with_instructions(103));
  EXPECT_THAT(found.grown, ElementsAre(HasSubstr("were 100, now they are 103")));
}

TEST(Counts, MayNotGetLost) {
  Counts measured = with_instructions(100);
  measured.rows[0].missing = "too little RAM";
  EXPECT_THAT(compare(with_instructions(100), measured).grown,
              ElementsAre(HasSubstr("no figures any more: too little RAM")));
}

TEST(Report, SetsThePeersFigureBesideOurs) {
  const std::string text = markdown(with_instructions(15'400'000));
  // TensorFlow Lite Micro takes 7.70 M instructions there.
  EXPECT_THAT(text, HasSubstr("| mps2-an386 | 15.4 M (0.50) |"));
}

}  // namespace
}  // namespace mote::bench
