#include "mote/compiler/convert/unroll_lstm.h"

#include <gmock/gmock.h>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/model/tflite.h"
#include "mote/compiler/onnx/import.h"
#include "mote/support/file.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"

namespace mote::convert {
namespace {

using testing::HasSubstr;

graph::Model lstm() {
  const auto file = mote::read_file(MOTE_SOURCE_DIR "/tests/onnx/lstm.onnx");
  EXPECT_TRUE(file) << file.error().message;
  auto model = onnx::read_onnx(*file, "lstm.onnx");
  EXPECT_TRUE(model) << model.error().message;
  return *model;
}

/// Written as .tflite and read again.
graph::Model as_tflite(graph::Model model, LstmForm form) {
  const auto lines = rewrite_lstms(model, form);
  EXPECT_TRUE(lines) << lines.error().message;
  graph::compact(model);
  auto bytes = model::write_tflite(model);
  EXPECT_TRUE(bytes) << bytes.error().message;
  auto again = model::read_tflite(std::make_shared<const std::vector<std::byte>>(std::move(*bytes)),
                                  "again");
  EXPECT_TRUE(again) << again.error().message;
  return *again;
}

std::vector<float> outputs(runtime::Interpreter& network, const std::vector<float>& in) {
  const auto to = network.input(0).as<float>();
  std::copy(in.begin(), in.end(), to->begin());
  network.run();
  return network.output(0).read_real();
}

TEST(UnrolledLstm, GivesTheSameInEveryRun) {
  auto whole = tests::interpreter_of(lstm());
  auto steps = tests::interpreter_of(as_tflite(lstm(), LstmForm::kUnrolled));
  tests::Random random(1);
  for (int run = 0; run < 3; ++run) {
    const auto in = random.floats(20 * 10);
    const auto expected = outputs(whole, in), made = outputs(steps, in);
    ASSERT_EQ(made.size(), expected.size());
    for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 1e-6f) << run;
  }
}

TEST(StatefulLstm, GivesTheSameInTheFirstRunAndKeepsItsState) {
  auto whole = tests::interpreter_of(lstm());
  auto stateful = tests::interpreter_of(as_tflite(lstm(), LstmForm::kStateful));
  const auto in = tests::Random(1).floats(20 * 10);
  EXPECT_EQ(outputs(stateful, in), outputs(whole, in));
  EXPECT_NE(outputs(stateful, in), outputs(whole, in));
}

TEST(UnrolledLstm, IsToldInASentence) {
  graph::Model model = lstm();
  const auto lines = rewrite_lstms(model, LstmForm::kUnrolled);
  ASSERT_TRUE(lines) << lines.error().message;
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_THAT(lines->at(0), HasSubstr("written as 20 steps of 239 operators in all"));
}

TEST(UnrolledLstm, IsRefusedWhereItHasAProjection) {
  graph::Model model = lstm();
  for (graph::Node& node : model.graphs[0].nodes)
    if (node.op == "UNIDIRECTIONAL_SEQUENCE_LSTM") node.inputs[16] = node.inputs[5];
  const auto lines = rewrite_lstms(model, LstmForm::kUnrolled);
  ASSERT_FALSE(lines);
  EXPECT_THAT(lines.error().message, HasSubstr("a projection"));
  EXPECT_THAT(lines.error().message, HasSubstr("(behind node "));
}

}  // namespace
}  // namespace mote::convert
