// GRU layers of ONNX files, against the definition.

#include <gmock/gmock.h>

#include "tests/support/gru_definition.h"
#include "tests/support/onnx_runs.h"

namespace mote::onnx {
namespace {

using tests::Array;
using tests::OnnxBuilder;

constexpr int kTimes = 4, kBatch = 2, kFeatures = 3, kUnits = 5;

/// What the layer's inputs are, of so many directions.
struct Inputs {
  Array x, weights, recurrent, bias;

  explicit Inputs(int directions)
      : x(tests::random_array({kTimes, kBatch, kFeatures}, 1)),
        weights(tests::random_array({directions, 3 * kUnits, kFeatures}, 2)),
        recurrent(tests::random_array({directions, 3 * kUnits, kUnits}, 3)),
        bias(tests::random_array({directions, 6 * kUnits}, 4)) {}

  OnnxBuilder model(const std::string& direction, int linear, const std::string& output) const {
    OnnxBuilder b;
    b.input("x", tests::longs(x.dims))
        .constant("w", tests::longs(weights.dims), weights.values)
        .constant("r", tests::longs(recurrent.dims), recurrent.values)
        .constant("b", tests::longs(bias.dims), bias.values)
        .constant("h0", {weights.dims[0], kBatch, kUnits},
                  std::vector<float>(static_cast<std::size_t>(weights.dims[0] * kBatch * kUnits)))
        .node("GRU", {"x", "w", "r", "b", "", "h0"}, {"y", "last"},
              {{"hidden_size", std::int64_t{kUnits}},
               {"direction", direction},
               {"linear_before_reset", std::int64_t{linear}}})
        .output(output);
    return b;
  }

  /// [batch, time, units] of one direction, in the order in which it goes through time.
  std::vector<double> definition(int direction, bool backwards, bool linear) const {
    const auto part = [&](const Array& all, int parts, int which) {
      const auto size = static_cast<std::ptrdiff_t>(all.values.size()) / parts;
      return std::vector<double>(all.values.begin() + which * size,
                                 all.values.begin() + (which + 1) * size);
    };
    const int directions = weights.dims[0];
    tests::GruLayer layer{.batches = kBatch,
                          .times = kTimes,
                          .features = kFeatures,
                          .units = kUnits,
                          .in = {},
                          .weights = part(weights, directions, direction),
                          .recurrent = part(recurrent, directions, direction),
                          .input_bias = part(bias, 2 * directions, 2 * direction),
                          .recurrent_bias = part(bias, 2 * directions, 2 * direction + 1)};
    for (int n = 0; n < kBatch; ++n)
      for (int t = 0; t < kTimes; ++t)
        for (int i = 0; i < kFeatures; ++i)
          layer.in.push_back(double{x.at({backwards ? kTimes - 1 - t : t, n, i})});
    std::vector<double> state(kBatch * kUnits);
    return tests::outputs_of_gru(layer, linear, state);
  }
};

class ImportGru : public testing::TestWithParam<int> {};

TEST_P(ImportGru, GivesItsDefinitionInEachDirection) {
  const bool linear = GetParam() == 1;
  for (const std::string direction : {"forward", "reverse", "bidirectional"}) {
    const int directions = direction == "bidirectional" ? 2 : 1;
    const Inputs in(directions);
    const auto is_backwards = [&](int d) { return direction == "reverse" || d == 1; };
    const auto expected = [&](int d, int t, int n, int u) {
      const auto all = in.definition(d, is_backwards(d), linear);
      const int step = is_backwards(d) ? kTimes - 1 - t : t;
      return static_cast<float>(all[static_cast<std::size_t>((n * kTimes + step) * kUnits + u)]);
    };
    SCOPED_TRACE(direction);
    tests::expect_near(
        tests::run(in.model(direction, GetParam(), "y"), in.x, false),
        tests::made_of({kTimes, directions, kBatch, kUnits},
                       [&](const auto& i) { return expected(i[1], i[0], i[2], i[3]); }),
        1e-5f);
    tests::expect_near(tests::run(in.model(direction, GetParam(), "last"), in.x, false),
                       tests::made_of({directions, kBatch, kUnits},
                                      [&](const auto& i) {
                                        const int t = is_backwards(i[0]) ? 0 : kTimes - 1;
                                        return expected(i[0], t, i[1], i[2]);
                                      }),
                       1e-5f);
  }
}

TEST_P(ImportGru, BeginsEachRunWithZeros) {
  const Inputs in(1);
  auto interpreter = tests::interpreter_of(tests::model_of(in.model("forward", GetParam(), "y")));
  const auto out_of_run = [&] {
    const auto port = interpreter.input(0).as<float>();
    EXPECT_TRUE(port);
    std::copy(in.x.values.begin(), in.x.values.end(), port->begin());
    interpreter.run();
    return interpreter.output(0).read_real();
  };
  const auto first = out_of_run();
  EXPECT_EQ(out_of_run(), first);
}

INSTANTIATE_TEST_SUITE_P(LinearBeforeReset, ImportGru, testing::Values(0, 1));

TEST(ImportGruForms, RefusesAStateThatDoesNotBeginWithZeros) {
  const Inputs in(1);
  OnnxBuilder b;
  b.input("x", tests::longs(in.x.dims))
      .constant("w", tests::longs(in.weights.dims), in.weights.values)
      .constant("r", tests::longs(in.recurrent.dims), in.recurrent.values)
      .constant("h0", {1, kBatch, kUnits}, std::vector<float>(kBatch * kUnits, 0.5f))
      .node("GRU", {"x", "w", "r", "", "", "h0"}, {"y"}, {{"hidden_size", std::int64_t{kUnits}}})
      .output("y");
  const auto model = read_onnx(b.build(13), "test");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().message, testing::HasSubstr("the initial state is not zero"));
}

}  // namespace
}  // namespace mote::onnx
