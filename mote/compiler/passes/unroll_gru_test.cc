#include "mote/compiler/passes/unroll_gru.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>

#include "mote/compiler/model/tflite.h"
#include "tests/support/gru_networks.h"
#include "tests/support/programs.h"

namespace mote::passes {
namespace {

using testing::HasSubstr;
using tests::GraphBuilder;
using tests::GruForm;

std::vector<float> outputs_of(const graph::Model& model, const std::vector<float>& input) {
  auto interpreter = tests::interpreter_of(model);
  if (testing::Test::HasFailure()) return {};
  std::vector<float> all;
  for (int run = 0; run < 2; ++run) {
    EXPECT_TRUE(interpreter.input(0).write_real(input));
    interpreter.run();
    const auto out = interpreter.output(0).read_real();
    all.insert(all.end(), out.begin(), out.end());
  }
  return all;
}

void expect_near(const std::vector<float>& made, const std::vector<float>& expected) {
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 1e-6f) << i;
}

int count_of(const graph::Model& model, std::string_view op) {
  const auto& nodes = model.graphs[0].nodes;
  return static_cast<int>(std::count_if(nodes.begin(), nodes.end(),
                                        [&](const graph::Node& node) { return node.op == op; }));
}

TEST(UnrollGru, GivesWhatTheLayerGivesAndIsFoundAgain) {
  for (bool linear : {false, true})
    for (bool time_major : {false, true}) {
      const auto network = tests::gru_network(
          {.linear_before_reset = linear, .time_major = time_major, .zeroed = true});
      graph::Model model = network.model;
      const auto changes = unroll_gru(model);
      ASSERT_TRUE(changes) << changes.error().message;
      ASSERT_EQ(changes->lines.size(), 1u);
      EXPECT_THAT(changes->lines[0], HasSubstr("unrolled into"));
      EXPECT_EQ(count_of(model, "GRU"), 0);
      const auto expected = outputs_of(network.model, network.input);
      expect_near(outputs_of(model, network.input), expected);

      // All of it is TensorFlow Lite's.
      const auto file = model::write_tflite(model);
      ASSERT_TRUE(file) << file.error().message;
      auto read = model::read_tflite(std::make_shared<const std::vector<std::byte>>(*file), "file");
      ASSERT_TRUE(read) << read.error().message;
      expect_near(outputs_of(*read, network.input), expected);

      const auto found = recognise_gru(*read);
      ASSERT_TRUE(found) << found.error().message;
      ASSERT_EQ(found->lines.size(), 1u);
      EXPECT_THAT(found->lines[0], HasSubstr("recognised in 5 steps"));
      EXPECT_EQ(count_of(*read, "GRU"), 1);
      EXPECT_EQ(read->graphs[0].nodes.size(), 2u) << "and what zeroes its state";
      EXPECT_EQ(read->graphs[0].nodes[1].attrs.integer("linear_before_reset"), int{linear});
      EXPECT_EQ(outputs_of(*read, network.input), expected);
    }
}

TEST(UnrollGru, RefusesWhatTensorFlowLiteCannotSay) {
  auto model = tests::gru_network(GruForm{}).model;
  auto changes = unroll_gru(model);
  ASSERT_FALSE(changes);
  EXPECT_THAT(changes.error().message, HasSubstr("it keeps its state from run to run"));
  model = tests::gru_network({.type = DType::kInt8, .zeroed = true}).model;
  changes = unroll_gru(model);
  ASSERT_FALSE(changes);
  EXPECT_THAT(changes.error().message, HasSubstr("it is quantised"));
  EXPECT_EQ(count_of(model, "GRU"), 1);
}

/// What Keras' converter makes of GRU(units, unroll=True) and Dense behind its last state: time
/// first, a dense layer a step, and no state in the first, where it is zero.
class KerasGru {
 public:
  static constexpr int kBatch = 2, kTimes = 4, kFeatures = 3, kUnits = 5;
  GraphBuilder b;
  std::vector<float> input;
  bool is_linear;
  int odd_step = -1;  ///< whose recurrent weights are others
  bool sorted = true;

  explicit KerasGru(bool linear)
      : input(random_.floats(kBatch * kTimes * kFeatures)), is_linear(linear) {
    weights_ = random(3 * kUnits, kFeatures), bias_ = random(3 * kUnits);
    state_bias_values_ = random_.floats(3 * kUnits);
    const int gates = linear ? 3 : 2;
    recurrent_ = random(gates * kUnits, kUnits), other_ = random(gates * kUnits, kUnits);
    state_bias_ = linear ? b.constant(state_bias_values_, {3 * kUnits}) : graph::kNoTensor;
    candidate_ = random(kUnits, kUnits);
    one_ = b.constant(std::vector<float>{1}, {});
    last_axis_ = b.constant(std::vector<std::int32_t>{-1}, {});
    sizes_ =
        b.constant(std::vector<std::int32_t>(static_cast<std::size_t>(gates), kUnits), {gates});
  }

  graph::Model build() {
    const int in = b.input(DType::kFloat32, {kBatch, kTimes, kFeatures});
    const int by_time = b.value(DType::kFloat32, {kTimes, kBatch, kFeatures});
    b.node("TRANSPOSE", {in, b.constant(std::vector<std::int32_t>{1, 0, 2}, {3})}, {by_time});
    std::vector<int> parts;
    for (int t = 0; t < kTimes; ++t) parts.push_back(b.value(DType::kFloat32, {kBatch, kFeatures}));
    b.node("UNPACK", {by_time}, parts, {{"num", std::int64_t{kTimes}}, {"axis", std::int64_t{0}}});
    if (!sorted) std::swap(parts[1], parts[2]);
    int state = graph::kNoTensor;
    for (int t = 0; t < kTimes; ++t) state = step(parts[static_cast<std::size_t>(t)], state, t);
    const int out = b.value(DType::kFloat32, {kBatch, 2});
    b.node("FULLY_CONNECTED", {state, random(2, kUnits), random(2)}, {out});
    b.output(out);
    return b.build();
  }

 private:
  int random(int rows, int columns) {
    return b.constant(random_.floats(rows * columns), {rows, columns});
  }
  int random(int count) { return b.constant(random_.floats(count), {count}); }
  int emit(const char* op, std::vector<int> inputs, int width = kUnits) {
    const int out = b.value(DType::kFloat32, {kBatch, width});
    b.node(op, std::move(inputs), {out});
    return out;
  }
  std::vector<int> values(int count) {
    std::vector<int> list;
    for (int i = 0; i < count; ++i) list.push_back(b.value(DType::kFloat32, {kBatch, kUnits}));
    return list;
  }
  /// The gates' parts from the state: from nothing, their biases.
  std::vector<int> from_state(int state, int t) {
    const int gates = is_linear ? 3 : 2;
    if (state == graph::kNoTensor) {
      std::vector<int> list;
      for (int g = 0; g < gates; ++g) {
        std::vector<float> rows;
        for (int n = 0; n < kBatch; ++n)
          rows.insert(rows.end(), state_bias_values_.begin() + g * kUnits,
                      state_bias_values_.begin() + (g + 1) * kUnits);
        list.push_back(is_linear ? b.constant(rows, {kBatch, kUnits}) : graph::kNoTensor);
      }
      return list;
    }
    const int all = emit("FULLY_CONNECTED",
                         {state, t == odd_step ? other_ : recurrent_, state_bias_}, gates * kUnits);
    const auto list = values(gates);
    b.node("SPLIT_V", {all, sizes_, last_axis_}, list, {{"num_splits", std::int64_t{gates}}});
    return list;
  }
  int sum(int a, int c) { return c == graph::kNoTensor ? a : emit("ADD", {a, c}); }

  int step(int x, int state, int t) {
    const int all = emit("FULLY_CONNECTED", {x, weights_, bias_}, 3 * kUnits);
    const auto from_input = values(3);
    b.node("SPLIT", {last_axis_, all}, from_input, {{"num_splits", std::int64_t{3}}});
    const auto held = from_state(state, t);
    const int update = emit("LOGISTIC", {sum(from_input[0], held[0])});
    int let_in = graph::kNoTensor;
    if (is_linear) {
      const int reset = emit("LOGISTIC", {sum(from_input[1], held[1])});
      let_in = emit("MUL", {reset, held[2]});
    } else if (state != graph::kNoTensor) {
      const int reset = emit("LOGISTIC", {sum(from_input[1], held[1])});
      let_in = emit("FULLY_CONNECTED", {emit("MUL", {reset, state}), candidate_, graph::kNoTensor});
    }
    const int candidate = emit("TANH", {sum(from_input[2], let_in)});
    const int added = emit("MUL", {emit("SUB", {one_, update}), candidate});
    return state == graph::kNoTensor ? added : emit("ADD", {emit("MUL", {update, state}), added});
  }

  tests::Random random_{3};
  std::vector<float> state_bias_values_;
  int weights_, bias_, recurrent_, other_, state_bias_, candidate_, one_, last_axis_, sizes_;
};

TEST(RecogniseGru, FindsWhatKerasWrites) {
  for (bool linear : {false, true}) {
    KerasGru keras(linear);
    graph::Model model = keras.build();
    const auto expected = outputs_of(model, keras.input);
    const auto changes = recognise_gru(model);
    ASSERT_TRUE(changes) << changes.error().message;
    ASSERT_EQ(changes->lines.size(), 1u);
    EXPECT_EQ(count_of(model, "GRU"), 1);
    EXPECT_EQ(count_of(model, "LOGISTIC"), 0);
    EXPECT_EQ(count_of(model, "FULLY_CONNECTED"), 1) << "the one behind the GRU";
    expect_near(outputs_of(model, keras.input), expected);
  }
}

TEST(RecogniseGru, LeavesWhatIsNone) {
  for (bool linear : {false, true}) {
    KerasGru odd(linear), unsorted(linear);
    odd.odd_step = 2, unsorted.sorted = false;
    for (KerasGru* keras : {&odd, &unsorted}) {
      graph::Model model = keras->build();
      const auto changes = recognise_gru(model);
      ASSERT_TRUE(changes);
      EXPECT_TRUE(changes->empty());
      EXPECT_EQ(count_of(model, "GRU"), 0);
    }
  }
}

TEST(RecogniseGru, LeavesAStateThatBeginsOtherwise) {
  graph::Model model = tests::gru_network({.zeroed = true}).model;
  ASSERT_TRUE(unroll_gru(model));
  for (graph::Tensor& tensor : model.graphs[0].tensors)
    if (tensor.is_constant() && tensor.shape == std::vector<int>{2, 11}) {
      model.storage.push_back(
          std::make_shared<const std::vector<std::byte>>(tensor.data.size(), std::byte{0x3f}));
      tensor.data = *model.storage.back();
    }
  const auto changes = recognise_gru(model);
  ASSERT_TRUE(changes);
  EXPECT_TRUE(changes->empty());
}

}  // namespace
}  // namespace mote::passes
