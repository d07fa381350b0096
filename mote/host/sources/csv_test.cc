#include "mote/host/sources/csv.h"

#include <gtest/gtest.h>

#include <string_view>

namespace mote::sources {
namespace {

Result<Recording> parse(std::string_view text, double rate_hz = 0) {
  return parse_csv("a.csv", std::as_bytes(std::span(text)), rate_hz);
}

std::string error_of(std::string_view text, double rate_hz = 0) {
  const auto recording = parse(text, rate_hz);
  return recording ? "no error" : recording.error().message;
}

TEST(ParseCsv, ReadsBareNumbersAtTheRateThatWasGiven) {
  const auto r = parse("1,2\n-3,4e-1\n", 100);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->axes, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(r->samples, (std::vector<float>{1, 2, -3, 0.4f}));
  EXPECT_EQ(r->sample_rate_hz, 100);
}

TEST(ParseCsv, ReadsNamesUnitsAndTheRateFromItsTimes) {
  const auto r = parse("# a comment\r\nt; h [g]; v [g]\r\n0.00;1;2\r\n0.01;3;4\r\n0.02;5;6\r\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->axes, (std::vector<std::string>{"h", "v"}));
  EXPECT_EQ(r->unit, "g");
  EXPECT_NEAR(r->sample_rate_hz, 100, 1e-9);
  EXPECT_EQ(r->frames(), 3);
}

TEST(ParseCsv, ReadsTheRateFromItsColumn) {
  EXPECT_EQ(parse("x\tsample_rate_hz\n1\t2000\n2\t2000\n")->sample_rate_hz, 2000);
  EXPECT_EQ(error_of("x,rate\n1,2000\n2,1000\n"),
            "'a.csv': the column of rates says both 2000 and 1000 Hz");
}

TEST(ParseCsv, RefusesAHoleInTheTimes) {
  EXPECT_EQ(
      error_of("t,x\n0,1\n0.1,2\n0.2,3\n0.5,4\n0.6,5\n"),
      "'a.csv' line 5: the time goes from 0.2 s to 0.5 s, expected a step of 0.1 s; the recording "
      "has a hole there: cut it in two");
}

TEST(ParseCsv, RefusesTimesThatStandStillOrGoBack) {
  EXPECT_NE(error_of("t,x\n0,1\n0,2\n0,3\n"), "no error");
  EXPECT_NE(error_of("t,x\n0,1\n0.1,2\n0.05,3\n0.3,4\n"), "no error");
}

TEST(ParseCsv, NamesTheLineOfAHoleInTheCells) {
  EXPECT_EQ(error_of("x,y\n1,2\n3,\n5,6\n", 100),
            "'a.csv' line 3 column 2 is '', expected a finite number");
  EXPECT_EQ(error_of("x,y\n1,2\n3\n", 100), "'a.csv' line 3 has 1 cells, expected 2");
  EXPECT_EQ(error_of("1,2\n3,4,5\n", 100), "'a.csv' line 2 has 3 cells, expected 2");
}

TEST(ParseCsv, RefusesWhatIsNoFiniteNumber) {
  for (const char* cell : {"nan", "inf", "-inf", "1e999", "0x10", "1,5x", "one"})
    EXPECT_NE(error_of(std::string("x\n1\n") + cell + "\n", 100), "no error") << cell;
  EXPECT_EQ(error_of("nan,nan\n1,2\n", 100),
            "'a.csv' line 1 column 1 is 'nan', expected a finite number");
}

TEST(ParseCsv, RefusesARecordingWithoutARate) {
  EXPECT_EQ(
      error_of("x\n1\n2\n"),
      "'a.csv' does not say how many frames a second it has; add a column 't' in seconds or give "
      "--rate HZ");
}

TEST(ParseCsv, RefusesAxesOfDifferentUnits) {
  EXPECT_EQ(error_of("x [g],y [m/s2]\n1,2\n", 100),
            "'a.csv': column 'y [m/s2]' is in 'm/s2', the first axis in 'g'; all axes must have "
            "one unit");
}

TEST(ParseCsv, RefusesTablesWithoutSamples) {
  EXPECT_EQ(error_of("", 100), "'a.csv' has no rows");
  EXPECT_EQ(error_of("x,y\n", 100), "'a.csv' holds no samples");
  EXPECT_EQ(error_of("t\n0\n1\n"), "'a.csv' has no column of samples");
  EXPECT_EQ(error_of("x,\n1,2\n", 100), "'a.csv': a column of the header has no name");
}

TEST(ParseTable, KeepsSeparatorsWithinQuotes) {
  const std::string_view text = "a,b\n\"1,5\",2\n";
  const Table table = parse_table(std::as_bytes(std::span(text)));
  EXPECT_EQ(table.rows[1], (std::vector<std::string>{"1,5", "2"}));
  EXPECT_EQ(table.lines, (std::vector<int>{1, 2}));
}

}  // namespace
}  // namespace mote::sources
