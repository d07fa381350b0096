#include "mote/compiler/graph/graph.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "tests/support/graph_builder.h"

namespace mote::graph {
namespace {

using tests::GraphBuilder;

/// in [1, 4] --FULLY_CONNECTED with a constant filter--> out [1, 2].
Model dense() {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4}, {0.5f, 0});
  const int filter = b.constant(std::vector<std::int8_t>(8), {2, 4}, {0.5f, 0});
  const int out = b.value(DType::kInt8, {1, 2}, {0.5f, 0});
  b.node("FULLY_CONNECTED", {in, filter, kNoTensor}, {out});
  b.output(out);
  return b.build();
}

TEST(Verify, AcceptsASoundGraph) {
  const auto result = verify(dense());
  EXPECT_TRUE(result) << result.error().message;
}

struct Defect {
  const char* name;
  std::function<void(Graph&)> spoil;
  const char* message;
};

void PrintTo(const Defect& defect, std::ostream* out) { *out << defect.name; }

class VerifyRefuses : public testing::TestWithParam<Defect> {};

TEST_P(VerifyRefuses, OneDefectWithItsOwnMessage) {
  Model model = dense();
  GetParam().spoil(model.graphs[0]);
  const auto result = verify(model);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kBadInput);
  EXPECT_EQ(result.error().message, GetParam().message);
}

const Defect kDefects[] = {
    {"zero_dimension",
     [](Graph& g) {
       g.tensors[0].shape = {1, 0};
     },
     "subgraph 0 tensor 0 't0' has shape [1, 0], expected every dimension to be at least 1; "
     "export the model with a fixed input shape"},
    {"huge_tensor",
     [](Graph& g) {
       g.tensors[0].shape = {1 << 30, 1 << 30, 1 << 30};
     },
     "subgraph 0 tensor 0 't0' has shape [1073741824, 1073741824, 1073741824], more than the "
     "2147483647 B that a tensor may have"},
    {"short_constant",
     [](Graph& g) {
       g.tensors[1].shape = {2, 5};
     },
     "subgraph 0 tensor 1 't1' of type INT8 and shape [2, 5] takes 10 B, but its buffer has 8 B"},
    {"scale_without_zero_point", [](Graph& g) { g.tensors[2].quant.zero_point = {}; },
     "subgraph 0 tensor 2 't2' has 1 scales and 0 zero points, expected as many"},
    {"scale_not_a_number",
     [](Graph& g) { g.tensors[2].quant.scale = {std::numeric_limits<float>::quiet_NaN()}; },
     "subgraph 0 tensor 2 't2' has the scale nan, expected a positive number"},
    {"scales_not_one_a_channel",
     [](Graph& g) {
       g.tensors[1].quant = {{0.5f, 0.5f, 0.5f}, {0, 0, 0}, 0};
     },
     "subgraph 0 tensor 1 't1' has 3 scales along dimension 0 of its shape [2, 4], "
     "expected one a channel"},
    {"constant_variable", [](Graph& g) { g.tensors[1].is_variable = true; },
     "subgraph 0 tensor 1 't1' is both a constant and a variable"},
    {"input_out_of_range", [](Graph& g) { g.nodes[0].inputs[0] = 3; },
     "an input of subgraph 0 node 0 FULLY_CONNECTED is tensor 3, but subgraph 0 has 3 tensors"},
    {"output_out_of_range", [](Graph& g) { g.nodes[0].outputs[0] = -7; },
     "an output of subgraph 0 node 0 FULLY_CONNECTED is tensor -7, but subgraph 0 has 3 tensors"},
    {"reads_what_nobody_wrote", [](Graph& g) { g.nodes[0].inputs[0] = 2; },
     "subgraph 0 node 0 FULLY_CONNECTED reads subgraph 0 tensor 2 't2' before any node has "
     "written it"},
    {"writes_a_constant", [](Graph& g) { g.nodes[0].outputs[0] = 1; },
     "subgraph 0 node 0 FULLY_CONNECTED writes subgraph 0 tensor 1 't1', which has a value "
     "already"},
    {"constant_input", [](Graph& g) { g.inputs = {1}; },
     "subgraph 0 tensor 1 't1' is an input and a constant"},
    {"output_never_written", [](Graph& g) { g.nodes.clear(); },
     "subgraph 0 tensor 2 't2' is an output that no node writes"},
};

INSTANTIATE_TEST_SUITE_P(Defects, VerifyRefuses, testing::ValuesIn(kDefects),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Verify, RefusesAModelWithoutSubgraphs) {
  const auto result = verify(Model{});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "the model has no subgraph");
}

TEST(Values, CopiesElementsFromUnalignedBytes) {
  const std::vector<std::byte> bytes = {std::byte{9}, std::byte{1}, std::byte{0},
                                        std::byte{0}, std::byte{0}, std::byte{2},
                                        std::byte{0}, std::byte{0}, std::byte{0}};
  Tensor tensor{.type = DType::kInt32, .shape = {2}};
  tensor.data = std::span(bytes).subspan(1);
  EXPECT_EQ(values<std::int32_t>(tensor), (std::vector<std::int32_t>{1, 2}));
}

TEST(Attributes, GiveTheFallbackWhereTheFileHasNone) {
  Attributes attrs;
  attrs.set("stride_w", 2);
  attrs.set("alpha", 0.5);
  EXPECT_EQ(attrs.integer("stride_w", 1), 2);
  EXPECT_EQ(attrs.integer("stride_h", 1), 1);
  EXPECT_EQ(attrs.real("alpha"), 0.5f);
  EXPECT_EQ(attrs.real("beta", 1), 1.0f);
}

TEST(Describe, ShortensTheNamesThatConvertersJoin) {
  Model model = dense();
  Graph& graph = model.graphs[0];
  graph.tensors[2].name =
      "model/activation/Relu;model/conv2d/BiasAdd;model/conv2d/Conv2D/resource1";
  EXPECT_EQ(describe(graph, graph.nodes[0]),
            "node 0 FULLY_CONNECTED 'model/activation/Relu;model/...odel/conv2d/Conv2D/resource1'");
}

}  // namespace
}  // namespace mote::graph
