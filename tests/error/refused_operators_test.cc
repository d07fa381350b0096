#include <gtest/gtest.h>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"
#include "tests/error/sound_model.h"
#include "tests/support/graph_builder.h"

// Files that can be read, but have one operator that cannot be run, and what the compiler says.
namespace mote::tests {
namespace {

using graph::Model;
using Shape = std::vector<int>;
using Integers = std::vector<std::int32_t>;

/// 'in' and 'constant' -> node 0 `op` -> 'out', all of one scale; the constant is tensor 1.
Model one_operator(const std::string& op, const Shape& in, const Integers& constant,
                   const Shape& constant_shape, const Shape& out) {
  GraphBuilder b;
  const int input = b.input(DType::kInt8, in, Quant(0.5f, 3));
  const int second = b.constant(constant, constant_shape);
  const int output = b.value(DType::kInt8, out, Quant(0.5f, 3));
  b.node(op, {input, second}, {output});
  b.output(output);
  const char* names[] = {"in", "constant", "out"};
  for (std::size_t i = 0; i < 3; ++i) b.graph().tensors[i].name = names[i];
  return b.build();
}

Model transposition() { return one_operator("TRANSPOSE", {2, 3, 4}, {2, 0, 1}, {3}, {4, 2, 3}); }
Model padding() { return one_operator("PAD", {2, 3}, {0, 0, 1, 1}, {2, 2}, {2, 5}); }
Model reduction() { return one_operator("MEAN", {2, 3, 4}, {1}, {1}, {2, 4}); }
Model pooling() {
  Model model = one_operator("MAX_POOL_2D", {1, 4, 4, 1}, {0}, {1}, {1, 2, 2, 1});
  graph::Node& node = model.graphs[0].nodes[0];
  node.inputs = {0};
  for (const char* name : {"stride_w", "stride_h", "filter_width", "filter_height"})
    node.attrs.set(name, std::int64_t{2});
  return model;
}
Model concatenation() {
  Model model = one_operator("CONCATENATION", {1, 2, 3}, {0}, {1}, {1, 4, 3});
  model.graphs[0].nodes[0].inputs = {0, 0};
  model.graphs[0].nodes[0].attrs.set("axis", std::int64_t{1});
  return model;
}
Model call_once() {
  Model model = one_operator("RESHAPE", {4}, {4}, {1}, {4});
  model.graphs[0].nodes.insert(model.graphs[0].nodes.begin(), graph::Node{.op = "CALL_ONCE"});
  model.graphs[0].nodes[1].index = 1;
  model.graphs.push_back(graph::Graph{.name = "setup"});
  model.graphs[0].nodes[0].attrs.set("init_subgraph_index", std::int64_t{1});
  return model;
}

/// Other numbers for a constant, in the shape that it then has.
void set_constant(Model& model, const Integers& values, const Shape& shape) {
  const auto bytes = std::as_bytes(std::span(values));
  model.storage.push_back(
      std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
  model.graphs[0].tensors[1].data = *model.storage.back();
  model.graphs[0].tensors[1].shape = shape;
}

graph::Tensor& tensor(Model& model, std::size_t i) { return model.graphs[0].tensors[i]; }
graph::Node& node(Model& model, std::size_t i) { return model.graphs[0].nodes[i]; }
void set(Model& model, const char* attribute, std::int64_t value) {
  node(model, 0).attrs.set(attribute, value);
}
void compute_at_run_time(graph::Tensor& tensor) {
  tensor.data = {};
  tensor.is_variable = true;
}

struct Defect {
  const char* name;
  Model (*sound)();  ///< what compiles
  void (*make)(Model& model);
  const char* message;  ///< after the file's name and that one operator cannot be run
};

constexpr Defect kDefects[] = {
    {"StrideOfZero", sound_model, [](Model& model) { set(model, "stride_w", 0); },
     "node 0 CONV_2D 'conv': its width stride is 0 and its width dilation 1, expected both to be "
     "at least 1"},
    {"NegativeStride", sound_model, [](Model& model) { set(model, "stride_h", -1); },
     "node 0 CONV_2D 'conv': its height stride is -1 and its height dilation 1, expected both to "
     "be at least 1"},
    {"StrideThatOverflows", sound_model, [](Model& model) { set(model, "stride_w", 0x7fffffff); },
     "node 0 CONV_2D 'conv': its width is 4, its filter reaches over 3 and its stride is "
     "2147483647, expected at most 268435456"},
    {"DilationOfZero", sound_model, [](Model& model) { set(model, "dilation_h_factor", 0); },
     "node 0 CONV_2D 'conv': its height stride is 1 and its height dilation 0, expected both to be "
     "at least 1"},
    {"DilationThatOverflows", sound_model,
     [](Model& model) { set(model, "dilation_w_factor", 0x7fffffff); },
     "node 0 CONV_2D 'conv': its width is 4, its filter reaches over 4294967295 and its stride is "
     "1, expected at most 268435456"},
    {"OutputOfAnotherPadding", sound_model, [](Model& model) { set(model, "padding", 0); },
     "node 0 CONV_2D 'conv': the output 'conv' has shape [1, 2, 2, 2], but input and filter give "
     "[1, 4, 4, 2]"},
    {"ActivationThatIsNotFused", sound_model,
     [](Model& model) { set(model, "fused_activation_function", 5); },
     "node 0 CONV_2D 'conv': the fused activation 5 is not supported, expected NONE, RELU, "
     "RELU_N1_TO_1 or RELU6"},
    {"InputLeftOut", sound_model, [](Model& model) { node(model, 0).inputs[0] = graph::kNoTensor; },
     "node 0 CONV_2D 'conv': its first input is left out"},
    {"FilterLeftOut", sound_model,
     [](Model& model) { node(model, 0).inputs[1] = graph::kNoTensor; },
     "node 0 CONV_2D 'conv': its input or its filter is left out, expected both"},
    {"TooFewInputs", sound_model, [](Model& model) { node(model, 0).inputs = {0}; },
     "node 0 CONV_2D 'conv': it has 1 inputs, expected 2 to 3"},
    {"TooManyInputs", sound_model,
     [](Model& model) {
       node(model, 0).inputs = {0, 1, 2, 2};
     },
     "node 0 CONV_2D 'conv': it has 4 inputs, expected 2 to 3"},
    {"NoOutput", sound_model,
     [](Model& model) {
       node(model, 1).outputs = {};
       model.graphs[0].outputs = {3};
     },
     "node 1 RESHAPE: it has 0 outputs, expected 1"},
    {"FilterWithoutItsDimensions", sound_model,
     [](Model& model) {
       tensor(model, 1).shape = {2, 9};
     },
     "node 0 CONV_2D 'conv': the filter 'filter' has shape [2, 9], expected 4 dimensions"},
    {"FilterComputedAtRunTime", sound_model,
     [](Model& model) { compute_at_run_time(tensor(model, 1)); },
     "node 0 CONV_2D 'conv': the filter 'filter' is computed at run time, expected a constant"},
    {"FilterWithAZeroPoint", sound_model,
     [](Model& model) {
       tensor(model, 1).quant.zero_point = {0, 1};
     },
     "node 0 CONV_2D 'conv': the filter 'filter' has zero points other than 0 in some channels; "
     "re-export with symmetric weights"},
    {"BiasComputedAtRunTime", sound_model,
     [](Model& model) { compute_at_run_time(tensor(model, 2)); },
     "node 0 CONV_2D 'conv': the bias 'bias' is computed at run time, expected a constant"},
    {"BiasOfAnotherLength", sound_model, [](Model& model) { node(model, 0).inputs[2] = 1; },
     "node 0 CONV_2D 'conv': the bias 'filter' has shape [2, 3, 3, 1], expected one number for "
     "each of 2 channels"},
    {"InputWithoutAScale", sound_model, [](Model& model) { tensor(model, 0).quant = {}; },
     "node 0 CONV_2D 'conv': the input 'in' of type INT8 has no scale; quantise the model again"},
    {"OutputWithoutAScale", sound_model, [](Model& model) { tensor(model, 3).quant = {}; },
     "node 0 CONV_2D 'conv': the output 'conv' of type INT8 has no scale; quantise the model "
     "again"},
    {"MixedTypes", sound_model, [](Model& model) { tensor(model, 0).type = DType::kInt16; },
     "node 0 CONV_2D 'conv': its types are INT16, INT8, INT32 -> INT8, mote has int8, uint8, "
     "int16x8, float32, hybrid"},
    {"ReshapeThatLosesElements", sound_model,
     [](Model& model) {
       tensor(model, 5).shape = {1, 7};
     },
     "node 1 RESHAPE 'out': it turns INT8[1, 2, 2, 2] into INT8[1, 7], expected as many elements "
     "of the same type"},
    {"ReshapeThatChangesTheType", sound_model,
     [](Model& model) { tensor(model, 5).type = DType::kUint8; },
     "node 1 RESHAPE 'out': it turns INT8[1, 2, 2, 2] into UINT8[1, 8], expected as many elements "
     "of the same type"},
    {"SevenDimensions", sound_model,
     [](Model& model) { tensor(model, 5).shape = {1, 1, 1, 1, 1, 1, 8}; },
     "node 1 RESHAPE 'out': 'out' has 7 dimensions, mote takes up to 6"},
    {"BuiltinThatMoteLacks", sound_model,
     [](Model& model) { node(model, 1).op = "RFFT2D", node(model, 1).attrs = {}; },
     "node 1 RFFT2D 'out': mote does not have this operator; see `mote ops`"},
    {"CustomOperator", sound_model,
     [](Model& model) {
       node(model, 1).op = "ethos-u", node(model, 1).attrs = {}, node(model, 1).is_custom = true;
     },
     "node 1 ethos-u 'out': mote does not know this custom operator"},
    {"WindowOfZero", pooling, [](Model& model) { set(model, "filter_width", 0); },
     "node 0 MAX_POOL_2D 'out': its window is 0 wide with stride 2, expected both to be from 1 to "
     "65536"},
    {"WindowThatOverflows", pooling, [](Model& model) { set(model, "filter_width", 0x7fffffff); },
     "node 0 MAX_POOL_2D 'out': its window is 2147483647 wide with stride 2, expected both to be "
     "from 1 to 65536"},
    {"PoolingToAnotherShape", pooling,
     [](Model& model) {
       tensor(model, 2).shape = {1, 3, 3, 1};
     },
     "node 0 MAX_POOL_2D 'out': a window of 2 with stride 2 makes 2 of 4, but its output has 3"},
    {"PoolingOfThreeDimensions", pooling,
     [](Model& model) {
       tensor(model, 0).shape = {4, 4, 1};
     },
     "node 0 MAX_POOL_2D 'out': it turns [4, 4, 1] into [1, 2, 2, 1], expected [batch, height, "
     "width, channels] twice, with the same batch and channels"},
    {"PermutationThatRepeats", transposition,
     [](Model& model) {
       set_constant(model, {0, 1, 1}, {3});
     },
     "node 0 TRANSPOSE 'out': its permutation does not name each of 3 dimensions once"},
    {"PermutationOutOfRange", transposition,
     [](Model& model) {
       set_constant(model, {0, 1, 3}, {3});
     },
     "node 0 TRANSPOSE 'out': its permutation does not name each of 3 dimensions once"},
    {"PermutationTooShort", transposition,
     [](Model& model) {
       set_constant(model, {1, 0}, {2});
     },
     "node 0 TRANSPOSE 'out': its permutation does not name each of 3 dimensions once"},
    {"NegativePadding", padding,
     [](Model& model) {
       set_constant(model, {0, 0, -1, 3}, {2, 2});
     },
     "node 0 PAD 'out': it pads dimension 1 by -1 and 3, expected numbers from 0 to 2^30"},
    {"PaddingThatOverflows", padding,
     [](Model& model) {
       set_constant(model, {0, 0, 0x7fffffff, 0x7fffffff}, {2, 2});
     },
     "node 0 PAD 'out': it pads dimension 1 by 2147483647 and 2147483647, expected numbers from 0 "
     "to 2^30"},
    {"PaddingToAnotherShape", padding,
     [](Model& model) {
       set_constant(model, {0, 0, 1, 5}, {2, 2});
     },
     "node 0 PAD 'out': 'out' has shape [2, 5], expected [2, 9]"},
    {"PaddingsComputedAtRunTime", padding,
     [](Model& model) { compute_at_run_time(tensor(model, 1)); },
     "node 0 PAD 'out': the paddings 'constant': computed at run time, expected a constant; export "
     "the model with fixed shapes"},
    {"AxisThatIsNotThere", reduction, [](Model& model) { set_constant(model, {3}, {1}); },
     "node 0 MEAN 'out': its axis is 3, expected one of 3 dimensions"},
    {"ReductionToAnotherShape", reduction, [](Model& model) { set_constant(model, {0}, {1}); },
     "node 0 MEAN 'out': it turns [2, 3, 4] into [2, 4], expected [3, 4]"},
    {"ConcatenationAlongNoAxis", concatenation, [](Model& model) { set(model, "axis", 3); },
     "node 0 CONCATENATION 'out': its axis is 3, expected one of 3 dimensions"},
    {"ConcatenationToAnotherShape", concatenation,
     [](Model& model) {
       tensor(model, 2).shape = {1, 5, 3};
     },
     "node 0 CONCATENATION 'out': its parts have 4 elements along dimension 1, but 'out' has 5"},
    {"SubgraphThatIsNotThere", call_once,
     [](Model& model) { set(model, "init_subgraph_index", 2); },
     "node 0 CALL_ONCE: it calls subgraph 2, but the model has 2"},
    {"SubgraphThatCallsItself", call_once,
     [](Model& model) { set(model, "init_subgraph_index", 0); },
     "node 0 CALL_ONCE: it calls subgraph 0, expected one of the further subgraphs"},
};

Result<program::Program> compile_file(const Model& model) {
  auto bytes = model::write_tflite(model);
  MOTE_TRY(bytes);
  const auto read = model::read_tflite(
      std::make_shared<const std::vector<std::byte>>(std::move(*bytes)), "x.tflite");
  MOTE_TRY(read);
  return compiler::compile(*read);
}

class RefusedOperator : public testing::TestWithParam<Defect> {};

TEST_P(RefusedOperator, CompilesWithoutTheDefect) {
  const auto program = compile_file(GetParam().sound());
  EXPECT_TRUE(program) << program.error().message;
}

TEST_P(RefusedOperator, IsRefusedWithThisSentence) {
  Model model = GetParam().sound();
  GetParam().make(model);
  const auto program = compile_file(model);
  ASSERT_FALSE(program);
  std::string message = program.error().message;
  const std::string_view header = "1 operator cannot be run\n  ";
  if (const auto at = message.find(header); at != message.npos) message.erase(at, header.size());
  EXPECT_EQ(message, cat("x.tflite: ", GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedOperator, testing::ValuesIn(kDefects),
                         [](const auto& defect) { return defect.param.name; });

TEST(RefusedOperators, AreAllNamedAtOnce) {
  Model model = sound_model();
  set(model, "stride_w", 0);
  tensor(model, 5).shape = {1, 7};
  const auto program = compile_file(model);
  ASSERT_FALSE(program);
  EXPECT_EQ(
      program.error().message,
      "x.tflite: 2 operators cannot be run\n"
      "  node 0 CONV_2D 'conv': its width stride is 0 and its width dilation 1, expected both "
      "to be at least 1\n"
      "  node 1 RESHAPE 'out': it turns INT8[1, 2, 2, 2] into INT8[1, 7], expected as many "
      "elements of the same type");
}

TEST(Arena, ThatIsTooSmallIsAnErrorWithTheSizeThatIsNeeded) {
  const auto program = compiler::compile(sound_model(), {.arena_limit = 20});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message,
            "the plan needs 24 B, the arena has 20 B\n"
            "  largest moment: node 0 CONV_2D 'conv' ('in' 16 B + 'conv' 8 B)");
}

}  // namespace
}  // namespace mote::tests
