#include <gmock/gmock.h>

#include <cmath>

#include "mote/compiler/ops/op.h"
#include "tests/support/gru_networks.h"
#include "tests/support/programs.h"

namespace mote::ops {
namespace {

using testing::HasSubstr;
using tests::GruForm;
using tests::GruNetwork;

std::vector<double> outputs_of(const GruNetwork& network, int runs) {
  auto interpreter = tests::interpreter_of(network.model);
  std::vector<double> all;
  for (int run = 0; run < runs; ++run) {
    auto port = interpreter.input(0);
    EXPECT_TRUE(port.write_real(network.input));
    interpreter.run();
    for (float y : interpreter.output(0).read_real()) all.push_back(double{y});
  }
  return all;
}

TEST(Gru, FollowsItsDefinitionAndKeepsItsState) {
  for (DType type : {DType::kFloat32, DType::kInt16, DType::kInt8})
    for (bool linear : {false, true})
      for (bool time_major : {false, true}) {
        const GruNetwork network = tests::gru_network(
            {.type = type, .linear_before_reset = linear, .time_major = time_major});
        const auto made = outputs_of(network, 2);
        const auto expected = network.expected(2);
        ASSERT_EQ(made.size(), expected.size());
        const double tolerance = type == DType::kFloat32 ? 2e-6
                                 : type == DType::kInt16 ? 0.002
                                                         : 0.011;
        for (std::size_t i = 0; i < made.size(); ++i)
          ASSERT_NEAR(made[i], expected[i], tolerance) << name_of(type) << linear << i;
      }
}

std::string said_of(const graph::Model& model) {
  const auto result = check_node(model.graphs[0], model.graphs[0].nodes[0]);
  return result ? "" : result.error().message;
}

TEST(GruCheck, RefusesOtherForms) {
  GruNetwork network = tests::gru_network(GruForm{.type = DType::kInt8});
  graph::Graph& graph = network.model.graphs[0];
  const auto tensor = [&](std::size_t input) -> graph::Tensor& {
    return graph.tensors[static_cast<std::size_t>(graph.nodes[0].inputs[input])];
  };
  const graph::Graph whole = graph;
  EXPECT_EQ(said_of(network.model), "");
  tensor(5).is_variable = false;
  EXPECT_THAT(said_of(network.model), HasSubstr("is no variable"));
  graph = whole, tensor(5).quant.scale = {0.01f};
  EXPECT_THAT(said_of(network.model), HasSubstr("the hidden state's scale is 0.01, expected"));
  graph = whole, tensor(1).quant.zero_point = {0, 1, 0};
  EXPECT_THAT(said_of(network.model), HasSubstr("have zero point 1, expected 0"));
  graph = whole, tensor(2).quant.scale = {3000, 1, 1};
  EXPECT_THAT(said_of(network.model), HasSubstr("is 3000, too large"));
  graph = whole, tensor(2).shape[2] += 1;
  EXPECT_THAT(said_of(network.model), HasSubstr("has shape"));
  graph = whole, graph.nodes[0].inputs[3] = graph::kNoTensor;
  EXPECT_THAT(said_of(network.model), HasSubstr("its input 3 is left out"));
}

}  // namespace
}  // namespace mote::ops
