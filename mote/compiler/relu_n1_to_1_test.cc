// RELU_N1_TO_1 as an operator of its own.

#include <gmock/gmock.h>

#include "tests/support/programs.h"

namespace mote::compiler {
namespace {

using testing::ElementsAre;
using tests::GraphBuilder;

template <class T>
std::vector<T> clamped(const std::vector<T>& values, tests::Quant from, tests::Quant to) {
  GraphBuilder b;
  const std::vector<int> shape = {static_cast<int>(values.size())};
  const int in = b.input(dtype_of<T>, shape, std::move(from));
  const int out = b.value(dtype_of<T>, shape, std::move(to));
  b.node("RELU_N1_TO_1", {in}, {out});
  b.output(out);
  auto interpreter = tests::interpreter_of(b);
  const auto input = *interpreter.input(0).template as<T>();
  std::copy(values.begin(), values.end(), input.begin());
  interpreter.run();
  const auto output = *interpreter.output(0).template as<T>();
  return {output.begin(), output.end()};
}

TEST(ReluN1To1, BoundsFloats) {
  EXPECT_THAT(clamped<float>({-2, -1, -0.5f, 0.25f, 1, 3}, {}, {}),
              ElementsAre(-1, -1, -0.5f, 0.25f, 1, 1));
}

TEST(ReluN1To1, BringsInt8ToTheOutputsScale) {
  EXPECT_THAT(clamped<std::int8_t>({-128, -20, 3, 13, 23, 127}, {0.1f, 3}, {0.05f, -7}),
              ElementsAre(-27, -27, -7, 13, 13, 13));
}

TEST(ReluN1To1, TakesUint8) {
  EXPECT_THAT(clamped<std::uint8_t>({0, 108, 131, 141, 255}, {0.1f, 131}, {0.05f, 121}),
              ElementsAre(101, 101, 121, 141, 141));
}

}  // namespace
}  // namespace mote::compiler
