// Functions of ONNX that are made of others, what is computed when a model is read, and what is
// refused.

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "mote/compiler/onnx/import.h"
#include "mote/support/cat.h"
#include "tests/support/onnx_runs.h"

namespace mote::onnx {
namespace {

using testing::HasSubstr;
using tests::Array;
using tests::expect_near;
using tests::made_of;
using tests::OnnxBuilder;
using tests::random_array;
using tests::run;
using Ints = OnnxBuilder::Ints;

// Functions

TEST(ImportOnnx, ComputesFunctionsThatTensorFlowLiteHasNotByOthers) {
  struct Function {
    const char* op;
    std::function<float(float)> compute;
    std::vector<OnnxBuilder::Attribute> attributes = {};
  };
  const Function functions[] = {
      {"Softplus", [](float x) { return std::log1p(std::exp(x)); }},
      {"Mish", [](float x) { return x * std::tanh(std::log1p(std::exp(x))); }},
      {"Softsign", [](float x) { return x / (1 + std::abs(x)); }},
      {"Reciprocal", [](float x) { return 1 / x; }},
      {"HardSigmoid", [](float x) { return std::min(1.0f, std::max(0.0f, 0.2f * x + 0.5f)); }},
      {"LeakyRelu", [](float x) { return x < 0 ? 0.3f * x : x; }, {{"alpha", 0.3f}}},
      {"Clip",
       [](float x) { return std::min(0.5f, std::max(-0.25f, x)); },
       {{"min", -0.25f}, {"max", 0.5f}}}};
  Array x = random_array({1, 30}, 1);
  for (float& value : x.values) value *= 5;
  for (const Function& function : functions) {
    SCOPED_TRACE(function.op);
    OnnxBuilder b;
    b.input("x", {1, 30}).output("y").node(function.op, {"x"}, {"y"}, function.attributes);
    Array expected = x;
    for (float& value : expected.values) value = function.compute(value);
    expect_near(run(b, x), expected);
  }
}

TEST(ImportOnnx, KnowsGeluByWhatItIsMadeOf) {
  const Array x = random_array({1, 30}, 1);
  OnnxBuilder b;
  b.input("x", {1, 30}).output("y").constant("root", {}, {std::sqrt(2.0f)});
  b.constant("one", {}, {1}).constant("half", {}, {0.5f});
  b.node("Div", {"x", "root"}, {"d"}).node("Erf", {"d"}, {"e"}).node("Add", {"e", "one"}, {"a"});
  b.node("Mul", {"x", "a"}, {"m"}).node("Mul", {"m", "half"}, {"y"});
  Array expected = x;
  for (float& value : expected.values) value *= 0.5f * (1 + std::erf(value / std::sqrt(2.0f)));
  expect_near(run(b, x), expected);
  OnnxBuilder tanh;
  tanh.input("x", {1, 30}).output("y").node("Gelu", {"x"}, {"y"}, {{"approximate", "tanh"}});
  expect_near(run(tanh, x, true, 20), expected, 1e-3f);
}

TEST(ImportOnnx, NormalizesLayers) {
  const Array x = random_array({1, 4, 6}, 1);
  OnnxBuilder b;
  b.input("x", {1, 4, 6}).output("y").constant("g", {6}, {1, 2, 3, 4, 5, 6});
  b.node("LayerNormalization", {"x", "g"}, {"y"});
  const Array expected = made_of(x.dims, [&](const std::vector<int>& o) {
    float mean = 0, variance = 0;
    for (int i = 0; i < 6; ++i) mean += x.at({0, o[1], i}) / 6;
    for (int i = 0; i < 6; ++i) variance += std::pow(x.at({0, o[1], i}) - mean, 2.0f) / 6;
    return (x.at(o) - mean) / std::sqrt(variance + 1e-5f) * static_cast<float>(o[2] + 1);
  });
  expect_near(run(b, x, false, 17), expected);
}

TEST(ImportOnnx, TellsConstantsOfOneShapeApart) {
  const Array x = random_array({1, 2, 2, 3}, 1);
  OnnxBuilder b;  // each gets dimensions in front when it is read
  b.input("x", {1, 2, 2, 3}).output("y");
  b.constant("a", {3}, {1, 2, 3}).constant("b", {3}, {10, 20, 30});
  b.node("Mul", {"x", "a"}, {"m"}).node("Add", {"m", "b"}, {"y"});
  Array expected = x;
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    const auto factor = static_cast<float>(i % 3 + 1);
    expected.values[i] = expected.values[i] * factor + 10 * factor;
  }
  expect_near(run(b, x, false), expected);
}

TEST(ImportOnnx, ComputesShapesWhenItReads) {
  const Array x = random_array({1, 2, 3, 4}, 1);
  OnnxBuilder b;  // what exporters write for view(x.size(0), -1)
  b.input("x", {-1, 2, 3, 4}).output("y").constant("zero", Ints{0}).constant("rest", Ints{-1});
  b.node("Shape", {"x"}, {"shape"}).node("Gather", {"shape", "zero"}, {"n"});
  b.node("Concat", {"n", "rest"}, {"target"}, {{"axis", std::int64_t{0}}});
  b.node("Reshape", {"x", "target"}, {"y"});
  expect_near(run(b, x, false), {{1, 24}, x.values});
}

// Refusals

std::string error_of(const OnnxBuilder& b) {
  const auto model = read_onnx(b.build(), "test.onnx");
  return model ? "" : model.error().message;
}

TEST(ImportOnnx, NamesWhatItDoesNotReadWithItsNeighbours) {
  OnnxBuilder b;
  b.input("x", {1, 4}).output("z");
  b.node("Relu", {"x"}, {"r"}).node("Celu", {"r"}, {"y"}).node("Relu", {"y"}, {"z"});
  EXPECT_THAT(error_of(b), HasSubstr("test.onnx: node 1 Celu 'y' (behind node 0 Relu 'r', before "
                                     "node 2 Relu 'z'): mote does not read this operator"));
}

TEST(ImportOnnx, RefusesWhatContradictsItself) {
  OnnxBuilder open;
  open.input("x", {1, -1}).output("y").node("Relu", {"x"}, {"y"});
  EXPECT_THAT(error_of(open), HasSubstr("'x' leaves dimension 1 ('open') open"));
  OnnxBuilder idle;
  idle.input("x", {1, 4}).output("x").node("Relu", {"x"}, {});
  EXPECT_THAT(error_of(idle), HasSubstr("node 0 Relu makes nothing"));
  OnnxBuilder valueless;
  valueless.input("x", {1, 4}).output("y").node("Constant", {}, {"c"}, {{"value", 1.0f}});
  valueless.node("Add", {"x", "c"}, {"y"});
  EXPECT_THAT(error_of(valueless), HasSubstr("node 0 Constant 'c': it has no value"));
  OnnxBuilder unmade;
  unmade.input("x", {1, 4}).output("y").node("Add", {"x", "nothing"}, {"y"});
  EXPECT_THAT(error_of(unmade), HasSubstr("its input 'nothing' is made by no node before it"));
  OnnxBuilder misfit;
  misfit.input("x", {1, 4})
      .output("y")
      .constant("c", {3}, {1, 2, 3})
      .node("Add", {"x", "c"}, {"y"});
  EXPECT_THAT(error_of(misfit), HasSubstr("[1, 4] and [3], which do not fit"));
  OnnxBuilder large;
  large.input("x", {1, 4}).output("y").constant("s", Ints{1 << 24, 1 << 24});
  large.node("ConstantOfShape", {"s"}, {"c"}).node("Add", {"x", "c"}, {"y"});
  EXPECT_THAT(error_of(large), HasSubstr("too large"));
  OnnxBuilder wide;  // repeated to 2^34 elements
  wide.input("x", {1, 4}).output("y").constant("c", {1}, {1}).constant("s", Ints{1 << 17, 1 << 17});
  wide.node("Expand", {"c", "s"}, {"e"}).node("Add", {"x", "e"}, {"y"});
  EXPECT_THAT(error_of(wide), HasSubstr("a constant that is too large"));
}

}  // namespace
}  // namespace mote::onnx
