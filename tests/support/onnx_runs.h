#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "mote/compiler/onnx/import.h"
#include "tests/support/layers.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/programs.h"

/// ONNX models that are built in code, run.
namespace mote::tests {

/// An image, a signal or a matrix, with the channels second.
struct Array {
  std::vector<int> dims;
  std::vector<float> values;

  float at(std::vector<int> index) const {
    std::size_t place = 0;
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (index[i] < 0 || index[i] >= dims[i]) return 0;  // around it are zeros
      place = place * static_cast<std::size_t>(dims[i]) + static_cast<std::size_t>(index[i]);
    }
    return values[place];
  }
};

inline Array random_array(std::vector<int> dims, unsigned seed) {
  Random random(seed);
  const int size = count(dims);
  return {std::move(dims), random.floats(size)};
}

inline OnnxBuilder::Ints longs(const std::vector<int>& dims) { return {dims.begin(), dims.end()}; }

inline graph::Model model_of(const OnnxBuilder& b, int opset = 13) {
  auto model = onnx::read_onnx(b.build(opset), "test");
  EXPECT_TRUE(model) << model.error().message;
  return model ? std::move(*model) : graph::Model();
}

inline int count_of(const graph::Model& model, std::string_view op) {
  int count = 0;
  for (const graph::Node& node : model.graphs[0].nodes) count += node.op == op;
  return count;
}

/// Elements with the channels last, or back.
inline Array turned(const Array& in, bool to_last) {
  if (in.dims.size() < 3) return in;
  Array out = in;
  const int batch = in.dims[0];
  const int channels = to_last ? in.dims[1] : in.dims.back();
  const int places = count(in.dims) / batch / channels;
  if (to_last)
    std::rotate(out.dims.begin() + 1, out.dims.begin() + 2, out.dims.end());
  else
    std::rotate(out.dims.begin() + 1, out.dims.end() - 1, out.dims.end());
  for (int n = 0; n < batch; ++n)
    for (int c = 0; c < channels; ++c)
      for (int p = 0; p < places; ++p) {
        const auto first = static_cast<std::size_t>((n * channels + c) * places + p);
        const auto last = static_cast<std::size_t>((n * places + p) * channels + c);
        out.values[to_last ? last : first] = in.values[to_last ? first : last];
      }
  return out;
}

/// What the model makes of the input; both in ONNX's order where images are stored otherwise.
inline Array run(const OnnxBuilder& b, const Array& input, bool images = true, int opset = 13) {
  auto interpreter = interpreter_of(model_of(b, opset));
  if (testing::Test::HasFailure()) return {};
  const Array stored = images ? turned(input, true) : input;
  const auto in = interpreter.input(0).as<float>();
  EXPECT_TRUE(in) << in.error().message;
  EXPECT_EQ(interpreter.input(0).info().shape, stored.dims);
  std::copy(stored.values.begin(), stored.values.end(), in->begin());
  interpreter.run();
  const auto port = interpreter.output(0);
  Array out{port.info().shape, port.read_real()};
  return images ? turned(out, false) : out;
}

inline void expect_near(const Array& made, const Array& expected, float tolerance = 1e-4f) {
  ASSERT_EQ(made.dims, expected.dims);
  for (std::size_t i = 0; i < made.values.size(); ++i)
    ASSERT_NEAR(made.values[i], expected.values[i], tolerance) << "element " << i;
}

/// An array of these dimensions, of a function of the index.
inline Array made_of(const std::vector<int>& dims,
                     const std::function<float(const std::vector<int>&)>& f) {
  Array out{dims, {}};
  std::vector<int> index(dims.size());
  for (int n = 0; n < count(dims); ++n) {
    out.values.push_back(f(index));
    for (std::size_t k = dims.size(); k-- > 0;) {
      if (++index[k] < dims[k]) break;
      index[k] = 0;
    }
  }
  return out;
}

}  // namespace mote::tests
