#include "bench/measure/svg.h"

#include <gmock/gmock.h>

namespace mote::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(BarPlot, DrawsLengthsInProportion) {
  const std::string svg =
      draw(BarPlot{.series = {"s"}, .groups = {{"half", {{1, "1"}}}, {"whole", {{2, "2"}}}}});
  EXPECT_THAT(svg, HasSubstr("width=\"230\""));
  EXPECT_THAT(svg, HasSubstr("width=\"460\""));
}

TEST(BarPlot, LabelsStandClearOfTheMark) {
  const auto drawn = [](double mark) {
    BarPlot plot{.series = {"s"}, .groups = {{"g", {{1, "label"}}, mark}, {"whole", {{2, "2"}}}}};
    plot.mark = "aim";
    return draw(plot);
  };
  EXPECT_THAT(drawn(1.9), HasSubstr("x=\"426\""));  // 190 + 230 + 6
  EXPECT_THAT(drawn(1.1), HasSubstr("x=\"414\""));  // 190 + 230 - 6: within the bar
}

TEST(BarPlot, EscapesWhatNamesContain) {
  const std::string svg = draw(BarPlot{.series = {"a<b & c"}, .groups = {{"g", {{1, "1"}}}}});
  EXPECT_THAT(svg, HasSubstr("a&lt;b &amp; c"));
  EXPECT_THAT(svg, Not(HasSubstr("a<b")));
}

TEST(LogPlot, LabelsPowersOfTenWithUnits) {
  const std::string svg = draw(LogPlot{.series = {{"s", {{1e3, 1}, {1e6, 100}}}}});
  for (const char* label : {">1 k<", ">10 k<", ">100 k<", ">1 M<", ">100<"})
    EXPECT_THAT(svg, HasSubstr(label));
}

}  // namespace
}  // namespace mote::bench
