// ONNX models against what their operators are defined to compute, in ONNX's own order of elements.

#include "mote/compiler/onnx/import.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "mote/support/cat.h"
#include "tests/support/onnx_runs.h"

namespace mote::onnx {
namespace {

using tests::Array;
using tests::expect_near;
using tests::longs;
using tests::made_of;
using tests::model_of;
using tests::OnnxBuilder;
using tests::random_array;
using tests::run;
using tests::turned;
using Ints = OnnxBuilder::Ints;

// Convolutions

struct ConvForm {
  std::vector<int> in, filter;  ///< [N, C, H, W], [O, C / groups, h, w]
  int groups = 1, stride = 1, dilation = 1;
  std::vector<int> pads = {0, 0, 0, 0};  ///< top, left, bottom, right
};

Array convolve(const Array& x, const Array& w, const std::vector<float>& bias,
               const ConvForm& form) {
  const int depth = w.dims[1], per_group = w.dims[0] / form.groups;
  const auto outputs = [&](std::size_t axis, int before, int after) {
    const int reach = (w.dims[axis] - 1) * form.dilation + 1;
    return (x.dims[axis] + before + after - reach) / form.stride + 1;
  };
  return made_of({x.dims[0], w.dims[0], outputs(2, form.pads[0], form.pads[2]),
                  outputs(3, form.pads[1], form.pads[3])},
                 [&](const std::vector<int>& o) {
                   float sum = bias[static_cast<std::size_t>(o[1])];
                   for (int i = 0; i < depth; ++i)
                     for (int ky = 0; ky < w.dims[2]; ++ky)
                       for (int kx = 0; kx < w.dims[3]; ++kx)
                         sum += w.at({o[1], i, ky, kx}) *
                                x.at({o[0], o[1] / per_group * depth + i,
                                      o[2] * form.stride - form.pads[0] + ky * form.dilation,
                                      o[3] * form.stride - form.pads[1] + kx * form.dilation});
                   return sum;
                 });
}

TEST(ImportOnnx, ConvolvesAsDefined) {
  const ConvForm forms[] = {
      {.in = {1, 3, 9, 8}, .filter = {5, 3, 3, 3}},
      {.in = {1, 3, 9, 8}, .filter = {5, 3, 3, 3}, .stride = 2, .pads = {1, 1, 1, 1}},
      {.in = {1, 3, 9, 8}, .filter = {5, 3, 3, 2}, .dilation = 2, .pads = {2, 1, 2, 0}},
      {.in = {2, 4, 6, 7}, .filter = {6, 2, 3, 3}, .groups = 2, .pads = {1, 1, 1, 1}},
      {.in = {1, 4, 6, 7}, .filter = {8, 1, 3, 3}, .groups = 4, .stride = 2, .pads = {0, 1, 1, 0}},
      {.in = {1, 4, 6, 7}, .filter = {4, 1, 1, 5}, .groups = 4, .pads = {3, 2, 0, 2}},
      {.in = {1, 1, 10, 4}, .filter = {3, 1, 10, 4}}};
  unsigned seed = 1;
  for (const ConvForm& form : forms) {
    const Array x = random_array(form.in, seed++), w = random_array(form.filter, seed++),
                bias = random_array({form.filter[0]}, seed++);
    OnnxBuilder b;
    b.input("x", longs(form.in)).constant("w", longs(w.dims), w.values);
    b.constant("b", longs(bias.dims), bias.values).output("y");
    b.node("Conv", {"x", "w", "b"}, {"y"},
           {{"strides", Ints{form.stride, form.stride}},
            {"dilations", Ints{form.dilation, form.dilation}},
            {"group", std::int64_t{form.groups}},
            {"pads", longs(form.pads)}});
    expect_near(run(b, x), convolve(x, w, bias.values, form));
  }
}

TEST(ImportOnnx, ConvolvesSignals) {
  const Array x = random_array({1, 3, 20}, 1), w = random_array({4, 3, 5}, 2);
  OnnxBuilder b;
  b.input("x", {1, 3, 20}).constant("w", {4, 3, 5}, w.values).output("y");
  b.node("Conv", {"x", "w"}, {"y"}, {{"strides", Ints{2}}, {"pads", Ints{4, 0}}});
  const Array image{{1, 3, 1, 20}, x.values}, filter{{4, 3, 1, 5}, w.values};
  Array expected =
      convolve(image, filter, {0, 0, 0, 0},
               {.in = image.dims, .filter = filter.dims, .stride = 2, .pads = {0, 4, 0, 0}});
  expected.dims.erase(expected.dims.begin() + 2);
  expect_near(run(b, x), expected);
}

TEST(ImportOnnx, TakesANormalizationIntoTheConvolutionBefore) {
  const Array x = random_array({1, 2, 5, 5}, 1), w = random_array({3, 2, 3, 3}, 2);
  OnnxBuilder b;
  b.input("x", {-1, 2, 5, 5}).constant("w", {3, 2, 3, 3}, w.values).output("y");
  b.constant("scale", {3}, {1, 2, -1}).constant("shift", {3}, {0.5f, 0, 1});
  b.constant("mean", {3}, {0.1f, -0.2f, 0}).constant("variance", {3}, {1, 0.25f, 4});
  b.node("Conv", {"x", "w"}, {"c"});
  b.node("BatchNormalization", {"c", "scale", "shift", "mean", "variance"}, {"y"},
         {{"epsilon", 0.0f}});
  Array expected = convolve(x, w, {0, 0, 0}, {.in = x.dims, .filter = w.dims});
  const float factor[] = {1, 4, -0.5f}, addend[] = {0.4f, 0.8f, 1};
  for (std::size_t i = 0; i < expected.values.size(); ++i)
    expected.values[i] = expected.values[i] * factor[i / 9] + addend[i / 9];
  expect_near(run(b, x), expected);
  EXPECT_EQ(model_of(b).graphs[0].nodes.size(), 1u);
}

TEST(ImportOnnx, ConvolvesTransposed) {
  const Array x = random_array({1, 3, 4, 5}, 1), w = random_array({3, 2, 3, 3}, 2);
  OnnxBuilder b;
  b.input("x", {1, 3, 4, 5}).constant("w", {3, 2, 3, 3}, w.values).output("y");
  b.node("ConvTranspose", {"x", "w"}, {"y"},
         {{"strides", Ints{2, 2}}, {"pads", Ints{1, 1, 1, 1}}, {"output_padding", Ints{1, 1}}});
  // Each input adds its filter to the outputs around twice its place.
  const Array expected = made_of({1, 2, 8, 10}, [&](const std::vector<int>& o) {
    float sum = 0;
    for (int i = 0; i < 3; ++i)
      for (int ky = 0; ky < 3; ++ky)
        for (int kx = 0; kx < 3; ++kx) {
          const int y = o[2] + 1 - ky, x_at = o[3] + 1 - kx;
          if (y % 2 == 0 && x_at % 2 == 0)
            sum += x.at({0, i, y / 2, x_at / 2}) * w.at({i, o[1], ky, kx});
        }
    return sum;
  });
  expect_near(run(b, x), expected);
}

// Pools

TEST(ImportOnnx, PoolsWithAndWithoutBorders) {
  const Array x = random_array({1, 3, 7, 6}, 5);
  for (const bool counts_borders : {false, true})
    for (const char* op : {"AveragePool", "MaxPool"}) {
      OnnxBuilder b;
      b.input("x", {1, 3, 7, 6}).output("y");
      std::vector<OnnxBuilder::Attribute> attributes = {
          {"kernel_shape", Ints{3, 2}}, {"strides", Ints{2, 2}}, {"pads", Ints{1, 0, 1, 0}}};
      const bool is_average = std::string(op) == "AveragePool";
      if (is_average) attributes.push_back({"count_include_pad", std::int64_t{counts_borders}});
      b.node(op, {"x"}, {"y"}, attributes);
      const Array expected = made_of({1, 3, 4, 3}, [&](const std::vector<int>& o) {
        float sum = 0, most = -1e9f;
        int count = 0;
        for (int ky = 0; ky < 3; ++ky)
          for (int kx = 0; kx < 2; ++kx) {
            const int y = o[2] * 2 - 1 + ky, at = o[3] * 2 + kx;
            if (y < 0 || y >= 7) continue;
            sum += x.at({0, o[1], y, at}), most = std::max(most, x.at({0, o[1], y, at})), ++count;
          }
        if (!is_average) return most;
        return sum / static_cast<float>(counts_borders ? 6 : count);
      });
      expect_near(run(b, x), expected);
    }
}

// Order of elements

TEST(ImportOnnx, NeedsNoTransposesFromImageToClasses) {
  const Array x = random_array({1, 3, 6, 6}, 1), w = random_array({4, 3, 3, 3}, 2),
              dense = random_array({5, 4 * 4 * 4}, 3);
  OnnxBuilder b;
  b.input("x", {1, 3, 6, 6}).constant("w", {4, 3, 3, 3}, w.values).output("y");
  b.constant("one", {4, 1, 1}, {1, 2, 3, 4}).constant("d", longs(dense.dims), dense.values);
  b.node("Conv", {"x", "w"}, {"c"}).node("Mul", {"c", "one"}, {"m"}).node("Relu", {"m"}, {"r"});
  b.node("Flatten", {"r"}, {"f"}).node("Gemm", {"f", "d"}, {"y"}, {{"transB", std::int64_t{1}}});
  const graph::Model model = model_of(b);
  EXPECT_EQ(tests::count_of(model, "TRANSPOSE"), 0);
  Array c = convolve(x, w, {0, 0, 0, 0}, {.in = x.dims, .filter = w.dims});
  const Array expected = made_of({1, 5}, [&](const std::vector<int>& o) {
    float sum = 0;
    for (std::size_t i = 0; i < c.values.size(); ++i) {
      const auto channel = static_cast<float>(i / 16 + 1);
      sum += std::max(0.0f, c.values[i] * channel) * dense.at({o[1], static_cast<int>(i)});
    }
    return sum;
  });
  expect_near(run(b, x), expected, 1e-3f);
}

TEST(ImportOnnx, KeepsOnnxsOrderWhereItCounts) {
  const Array x = random_array({1, 2, 3, 4}, 1);
  OnnxBuilder b;
  b.input("x", {1, 2, 3, 4}).output("y").constant("shape", Ints{1, 6, 4});
  b.node("MaxPool", {"x"}, {"p"}, {{"kernel_shape", Ints{1, 1}}});  // an image, then
  b.node("Reshape", {"p", "shape"}, {"y"});                         // rows of both channels
  const Array made = run(b, turned(x, true), false);
  expect_near(made, {{1, 6, 4}, x.values});
}

TEST(ImportOnnx, TurnsNamesOfDimensionsNotElements) {
  OnnxBuilder b;
  b.input("x", {1, 3, 6, 8}).constant("w", {4, 3, 1, 1}, random_array({4, 3, 1, 1}, 2).values);
  b.node("Conv", {"x", "w"}, {"c"}).node("Transpose", {"c"}, {"t"}, {{"perm", Ints{0, 2, 3, 1}}});
  b.node("Softmax", {"t"}, {"y"}).output("y");
  EXPECT_EQ(tests::count_of(model_of(b), "TRANSPOSE"), 0);
}

TEST(ImportOnnx, MovesPartsOfImages) {
  const Array x = random_array({1, 4, 5, 6}, 1);
  OnnxBuilder b;
  b.input("x", {1, 4, 5, 6}).output("y");
  b.node("MaxPool", {"x"}, {"p"}, {{"kernel_shape", Ints{1, 1}}});
  b.node("Split", {"p"}, {"a", "b"}, {{"axis", std::int64_t{1}}});
  b.node("Concat", {"b", "a"}, {"c"}, {{"axis", std::int64_t{1}}});
  b.constant("starts", Ints{-1, 1}).constant("ends", Ints{-1000, 1 << 30});
  b.constant("axes", Ints{2, 3}).constant("steps", Ints{-2, 1});
  b.node("Slice", {"c", "starts", "ends", "axes", "steps"}, {"y"});
  const Array expected = made_of({1, 4, 3, 5}, [&](const std::vector<int>& o) {
    return x.at({0, (o[1] + 2) % 4, 4 - 2 * o[2], o[3] + 1});
  });
  expect_near(run(b, x), expected);
}

}  // namespace
}  // namespace mote::onnx
