#include "mote/compiler/passes/unroll_loops.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>

#include "mote/compiler/model/tflite.h"
#include "mote/compiler/passes/passes.h"
#include "tests/support/loop_networks.h"
#include "tests/support/programs.h"

namespace mote::passes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::GraphBuilder;
using tests::LoopForm;
using tests::LoopNetwork;

const compiler::Options kLoops = {.loops = Loops()};

std::vector<float> outputs_of(const graph::Model& model, const std::vector<float>& input) {
  auto interpreter = tests::interpreter_of(model, kLoops);
  if (testing::Test::HasFailure()) return {};
  std::vector<float> all;
  for (int run = 0; run < 2; ++run) {  // which begin alike
    EXPECT_TRUE(interpreter.input(0).write_real(input));
    interpreter.run();
    all = interpreter.output(0).read_real();
  }
  return all;
}

void expect_near(const std::vector<float>& made, const std::vector<double>& expected) {
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 2e-6) << i;
}

int count_of(const graph::Model& model, std::string_view op) {
  const auto& nodes = model.graphs[0].nodes;
  return static_cast<int>(std::count_if(nodes.begin(), nodes.end(),
                                        [&](const graph::Node& node) { return node.op == op; }));
}

std::string error_of(const graph::Model& model) {
  compiler::with_gru();
  const auto program = compiler::compile(model, kLoops);
  return program ? "" : program.error().message;
}

std::vector<LoopForm> all_forms() {
  using enum LoopForm::SetItem;
  std::vector<LoopForm> forms;
  for (bool reset_after : {true, false})
    for (bool two : {false, true})
      for (int batches : {1, 2}) {
        for (bool sequences : {false, true})
          for (auto set_item : {kSlices, kUpdate})
            forms.push_back({.set_item = set_item,
                             .reset_after = reset_after,
                             .sequences = sequences,
                             .has_two_counters = two,
                             .batches = batches});
        forms.push_back({.set_item = kOnlyLast, .reset_after = reset_after, .batches = batches});
      }
  return forms;
}

TEST(UnrollLoops, RunsWhatKerasWritesAsOneGru) {
  for (const LoopForm& form : all_forms()) {
    const LoopNetwork network(form);
    const graph::Model model = network.b.build();
    ASSERT_TRUE(graph::verify(model)) << graph::verify(model).error().message;
    expect_near(outputs_of(model, network.input), network.expected());

    graph::Model written_out = model;
    std::vector<std::string> lines;
    const auto note = [&](const Pass&, const Changes& changes, const graph::Model&) {
      lines.insert(lines.end(), changes.lines.begin(), changes.lines.end());
    };
    const auto done = write_out_loops(written_out, {}, note);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(count_of(written_out, "GRU"), 1);
    EXPECT_EQ(count_of(written_out, "LOGISTIC"), 0);
    EXPECT_EQ(written_out.graphs.size(), 1u) << "nothing runs the loop's subgraphs any more";
    ASSERT_GE(lines.size(), 2u);
    EXPECT_THAT(lines[0], HasSubstr("WHILE 't14': unrolled, 5 rounds, "));
    EXPECT_THAT(lines.back(), HasSubstr("recognised in 5 steps"));
  }
}

TEST(UnrollLoops, GivesTheSameFromAFile) {
  const LoopNetwork network({.sequences = true, .has_two_counters = true});
  const auto file = model::write_tflite(network.b.build());
  ASSERT_TRUE(file) << file.error().message;
  const auto read =
      model::read_tflite(std::make_shared<const std::vector<std::byte>>(*file), "file");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->graphs.size(), 3u);
  expect_near(outputs_of(*read, network.input), network.expected());
}

TEST(UnrollLoops, GivesStepsThatOtherFormatsHave) {
  const LoopNetwork network({});
  graph::Model model = network.b.build();
  const auto changes = unroll_loops.run(model, {});
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(count_of(model, "TANH"), 5);
  EXPECT_EQ(count_of(model, "CONCATENATION") + count_of(model, "SLICE"), 0)
      << "the list is put together once";
  const auto file = model::write_tflite(model);
  ASSERT_TRUE(file) << file.error().message;
  const auto read =
      model::read_tflite(std::make_shared<const std::vector<std::byte>>(*file), "file");
  ASSERT_TRUE(read) << read.error().message;
  auto interpreter = tests::interpreter_of(*read);
  ASSERT_TRUE(interpreter.input(0).write_real(network.input));
  interpreter.run();
  expect_near(interpreter.output(0).read_real(), network.expected());
}

/// sum = 0; for (i = first; compare(i, last); i += step) sum += x[i], of x [4, 2].
struct SumLoop {
  int first = 0, last = 3, step = 1;
  const char* compare = "LESS";
  const char* add = "ADD";          ///< what adds to the sum
  bool counts_in_vectors = false;   ///< of one number
  bool ends_with_an_input = false;  ///< `last` is known only when the model runs
  DType sum_in_body = DType::kFloat32;
  std::int64_t condition = 1, body = 2;

  graph::Model build() const {
    GraphBuilder b;
    const int x = b.input(DType::kFloat32, {4, 2});
    const int end = ends_with_an_input ? b.input(DType::kInt32, shape()) : number(b, last);
    const int zeros = b.constant(std::vector<float>{0, 0}, {2});
    const std::vector<int> outs = {b.value(DType::kInt32, shape()), b.value(DType::kInt32, shape()),
                                   b.value(DType::kFloat32, {2}), b.value(DType::kFloat32, {4, 2})};
    b.node("WHILE", {number(b, first), end, zeros, x}, outs,
           {{"cond_subgraph_index", condition}, {"body_subgraph_index", body}});
    b.output(outs[2]);
    add_condition(b);
    add_body(b);
    return b.build();
  }

 private:
  std::vector<int> shape() const {
    return counts_in_vectors ? std::vector<int>{1} : std::vector<int>{};
  }
  int number(GraphBuilder& b, int value) const {
    return b.constant(std::vector<std::int32_t>{value}, shape());
  }
  std::vector<int> arguments(GraphBuilder& b) const {
    b.next_subgraph();
    return {b.input(DType::kInt32, shape()), b.input(DType::kInt32, shape()),
            b.input(sum_in_body, {2}), b.input(DType::kFloat32, {4, 2})};
  }
  void add_condition(GraphBuilder& b) const {
    const auto in = arguments(b);
    const int goes_on = b.value(DType::kBool, shape());
    b.node(compare, {in[0], in[1]}, {goes_on});
    b.output(goes_on);
  }
  void add_body(GraphBuilder& b) const {
    const auto in = arguments(b);
    int at = in[0];
    if (counts_in_vectors) {
      at = b.value(DType::kInt32, {});
      b.node("SQUEEZE", {in[0]}, {at});
    }
    const int row = b.value(DType::kFloat32, {2}), sum = b.value(DType::kFloat32, {2}),
              next = b.value(DType::kInt32, shape());
    b.node("GATHER", {in[3], at}, {row});
    b.node(add, {in[2], row}, {sum});
    b.node("ADD", {in[0], number(b, step)}, {next});
    for (int output : {next, in[1], sum, in[3]}) b.output(output);
  }
};

TEST(UnrollLoops, RunsLoopsThatCount) {
  const std::vector<float> x = {1, 2, 10, 20, 100, 200, 1000, 2000};
  EXPECT_THAT(outputs_of(SumLoop{}.build(), x), ElementsAre(111, 222));
  EXPECT_THAT(outputs_of(SumLoop{.counts_in_vectors = true}.build(), x), ElementsAre(111, 222));
  EXPECT_THAT(outputs_of(SumLoop{.first = 1, .last = 4, .step = 2}.build(), x),
              ElementsAre(1010, 2020));
  EXPECT_THAT(
      outputs_of(SumLoop{.first = 3, .last = 1, .step = -1, .compare = "GREATER_EQUAL"}.build(), x),
      ElementsAre(1110, 2220));
  EXPECT_THAT(outputs_of(SumLoop{.first = 2, .last = 2, .compare = "EQUAL"}.build(), x),
              ElementsAre(100, 200));
  EXPECT_THAT(outputs_of(SumLoop{.last = 0}.build(), x), ElementsAre(0, 0)) << "no round";
}

TEST(UnrollLoops, GivesCountersAndWhatPassesThroughAsOutputs) {
  graph::Model model = SumLoop{.step = 2}.build();
  model.graphs[0].outputs.push_back(model.graphs[0].nodes[0].outputs[0]);
  model.graphs[0].outputs.push_back(model.graphs[0].nodes[0].outputs[3]);
  auto interpreter = tests::interpreter_of(model, kLoops);
  const std::vector<float> x = {1, 2, 10, 20, 100, 200, 1000, 2000};
  ASSERT_TRUE(interpreter.input(0).write_real(x));
  interpreter.run();
  EXPECT_THAT(interpreter.output(0).read_real(), ElementsAre(101, 202));
  EXPECT_THAT(interpreter.output(1).read_real(), ElementsAre(4));
  EXPECT_EQ(interpreter.output(2).read_real(), x);
}

TEST(UnrollLoops, SaysWhichLoopHasNoKnownEnd) {
  EXPECT_THAT(error_of(SumLoop{.ends_with_an_input = true}.build()),
              HasSubstr("test: node 0 WHILE 't3': whether it goes on behind round 0 is known only "
                        "when the model runs"));
}

TEST(UnrollLoops, StopsWhereLoopsAreTooLong) {
  SumLoop endless{.step = 0};
  EXPECT_THAT(error_of(endless.build()),
              HasSubstr("node 0 WHILE 't3': it runs more than 16384 rounds"));
  LoopForm form{.set_item = LoopForm::SetItem::kOnlyLast, .times = 6000, .features = 1, .units = 1};
  EXPECT_THAT(error_of(LoopNetwork(form).b.build()),
              HasSubstr("the model has more than 65536 operators"));
  form.set_item = LoopForm::SetItem::kSlices;  // 6000 rows, 6000 times
  EXPECT_THAT(error_of(LoopNetwork(form).b.build()), HasSubstr("more than 33554432 steps"));
}

TEST(UnrollLoops, RefusesLoopsThatContradictThemselves) {
  EXPECT_THAT(error_of(SumLoop{.last = 9}.build()), HasSubstr("it takes row 4 of "));
  EXPECT_THAT(error_of(SumLoop{.condition = 0}.build()), HasSubstr("cond_subgraph_index is 0"));
  EXPECT_THAT(error_of(SumLoop{.body = 3}.build()), HasSubstr("body_subgraph_index is 3"));
  EXPECT_THAT(error_of(SumLoop{.body = -1}.build()), HasSubstr("body_subgraph_index is -1"));
  EXPECT_THAT(error_of(SumLoop{.condition = 2}.build()),
              HasSubstr("its condition has 4 outputs, expected one"));
  EXPECT_THAT(error_of(SumLoop{.body = 1}.build()), HasSubstr("its body 4 inputs and 1 outputs"));
  graph::Model torn = SumLoop{.counts_in_vectors = true}.build();
  graph::Node& next = torn.graphs[2].nodes[3];
  next.op = "GATHER", next.inputs.pop_back();
  EXPECT_THAT(error_of(torn), HasSubstr("behind round 1 is known only when the model runs"));
  EXPECT_THAT(error_of(SumLoop{.sum_in_body = DType::kInt32}.build()),
              HasSubstr("its value 2 is FLOAT32 in some places"));
}

TEST(UnrollLoops, RefusesLoopsInLoops) {
  graph::Model model = SumLoop{}.build();
  model.graphs[2].nodes.push_back(model.graphs[0].nodes[0]);  // which runs subgraph 2 again
  graph::Node& inner = model.graphs[2].nodes.back();
  inner.inputs = model.graphs[2].inputs, inner.outputs = {};
  for (int i = 0; i < 4; ++i) {
    auto& tensors = model.graphs[2].tensors;
    tensors.push_back(tensors[static_cast<std::size_t>(inner.inputs[static_cast<std::size_t>(i)])]);
    inner.outputs.push_back(static_cast<int>(tensors.size()) - 1);
  }
  EXPECT_THAT(error_of(model), HasSubstr("subgraph 2, which it runs, has node 0 WHILE"));
  graph::Model variable = SumLoop{}.build();
  variable.graphs[2].tensors[4].is_variable = true;
  variable.graphs[2].nodes[0].outputs[0] = 5;
  variable.graphs[2].nodes.resize(1), variable.graphs[2].outputs[2] = 2;
  variable.graphs[2].outputs[0] = 0;
  EXPECT_THAT(error_of(variable), HasSubstr("has the variable"));
}

TEST(UnrollLoops, SaysWhatLacksInside) {
  EXPECT_THAT(error_of(SumLoop{.add = "FLOOR_MOD"}.build()),
              HasSubstr("added FLOOR_MOD 't5/0' and 2 more"));
}

TEST(UnrollLoops, LeavesModelsWithoutLoops) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 2}), out = b.value(DType::kFloat32, {1, 2});
  b.node("RELU", {in}, {out});
  b.output(out);
  graph::Model model = b.build();
  EXPECT_FALSE(has_loops(model));
  const auto changes = unroll_loops.run(model, {});
  ASSERT_TRUE(changes);
  EXPECT_TRUE(changes->empty());
}

/// What Keras writes for states of zeros: their number of rows is the input's.
TEST(UnrollLoops, ComputesWhatDependsOnShapesAlone) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {2, 3}), shape = b.value(DType::kInt32, {2}),
            zeros = b.value(DType::kFloat32, {1, 1}), out = b.value(DType::kFloat32, {2, 3});
  b.node("SHAPE", {in}, {shape});
  b.node("FILL", {shape, b.constant(std::vector<float>{0.5f}, {})}, {zeros});
  b.node("ADD", {in, zeros}, {out});
  b.output(out);
  EXPECT_THAT(tests::error_of(b), HasSubstr("computed at run time, expected a constant"));
  EXPECT_THAT(outputs_of(b.build(), {1, 2, 3, 4, 5, 6}),
              ElementsAre(1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f));
}

TEST(UnrollLoops, RunsOnlyWhereItIsAskedFor) {
  const LoopNetwork network({});
  EXPECT_THAT(tests::error_of(network.b),
              HasSubstr("WHILE 't14': loops run in programs that set LoadOptions::loops"));
}

/// A chain that the file itself has is recognised where that is asked for.
TEST(RecogniseGru, LeavesTheFilesOwnChainsUnlessAsked) {
  graph::Model model = LoopNetwork({}).b.build();
  ASSERT_TRUE(unroll_loops.run(model, {}));
  for (graph::Node& node : model.graphs[0].nodes) node.index = 1;
  graph::Model own = model, asked = model;
  ASSERT_TRUE(write_out_loops(own, {}, nullptr));
  EXPECT_EQ(count_of(own, "GRU"), 0);
  ASSERT_TRUE(write_out_loops(asked, {.loops = Loops{.recognise_gru = true}}, nullptr));
  EXPECT_EQ(count_of(asked, "GRU"), 1);
}

}  // namespace
}  // namespace mote::passes
