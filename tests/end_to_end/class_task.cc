#include "tests/end_to_end/class_task.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "mote/compiler/model/tflite.h"
#include "mote/compiler/onnx/import.h"
#include "mote/compiler/quantize/layers.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/end_to_end/cli_models.h"
#include "tests/support/programs.h"

namespace mote::tests {
namespace {

using graph::Graph;
using graph::Node;

graph::Model read_network(const std::string& path) {
  const auto file = mote::read_file(path);
  EXPECT_TRUE(file) << file.error().message;
  auto model = onnx::read_onnx(*file, path);
  EXPECT_TRUE(model) << model.error().message;
  return std::move(*model);
}

std::vector<float> random_floats(std::size_t count, std::mt19937& engine) {
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> values(count);
  for (float& x : values) x = normal(engine);
  return values;
}

/// Blocks of one random number each, four along each dimension of more elements.
std::vector<float> random_blocks(const std::vector<int>& shape, std::mt19937& engine) {
  constexpr int kBlocks = 4;
  const auto coarse = random_floats(256, engine);
  std::size_t count = 1;
  for (int dim : shape) count *= static_cast<std::size_t>(dim);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t rest = i, block = 0;
    for (std::size_t d = shape.size(); d-- > 0;) {
      const auto dim = static_cast<std::size_t>(shape[d]);
      const std::size_t at = rest % dim;
      block = block * kBlocks + (dim > kBlocks ? at * kBlocks / dim : at);
      rest /= dim;
    }
    values[i] = coarse[block % coarse.size()];
  }
  return values;
}

/// The last layer with weights.
Node& last_layer(Graph& graph) {
  for (std::size_t i = graph.nodes.size(); i-- > 0;)
    if (graph.nodes[i].op == "FULLY_CONNECTED" || graph.nodes[i].op == "CONV_2D")
      return graph.nodes[i];
  ADD_FAILURE() << "no layer";
  return graph.nodes[0];
}

/// The tensor that the layer reads, as the call that makes it knows it: before any RESHAPE.
int features_tensor(const Graph& graph, const Node& layer) {
  int tensor = layer.inputs[0];
  for (std::size_t i = graph.nodes.size(); i-- > 0;)
    if (graph.nodes[i].outputs == std::vector<int>{tensor} && graph.nodes[i].op == "RESHAPE")
      tensor = graph.nodes[i].inputs[0];
  return tensor;
}

/// Runs examples and gives what the tensor holds in each.
std::vector<std::vector<float>> features_of(const graph::Model& model, int tensor,
                                            const std::vector<float>& examples, int count) {
  auto network = interpreter_of(model);
  const std::size_t size = examples.size() / static_cast<std::size_t>(count);
  std::vector<std::vector<float>> features(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < features.size(); ++i) {
    EXPECT_TRUE(network.input(0).write_real(std::span(examples).subspan(i * size, size)));
    network.run([&](int call) {
      for (int id : network.program().calls[static_cast<std::size_t>(call)].writes)
        if (network.tensor(id).info().index == tensor) features[i] = network.tensor(id).read_real();
    });
  }
  return features;
}

/// Mean of each class, and the variance of each feature around it.
struct Moments {
  std::vector<std::vector<double>> means;
  std::vector<double> variance, center;
};

Moments moments_of(const std::vector<std::vector<float>>& features, const std::vector<int>& labels,
                   std::size_t classes) {
  const std::size_t depth = features[0].size();
  Moments m{.means = std::vector(classes, std::vector<double>(depth)),
            .variance = std::vector<double>(depth, 1e-12),
            .center = std::vector<double>(depth)};
  const double each = static_cast<double>(features.size()) / static_cast<double>(classes);
  for (std::size_t i = 0; i < features.size(); ++i)
    for (std::size_t d = 0; d < depth; ++d) {
      m.means[static_cast<std::size_t>(labels[i])][d] += double{features[i][d]} / each;
      m.center[d] += double{features[i][d]} / static_cast<double>(features.size());
    }
  const double share = 1 / static_cast<double>(features.size());
  for (std::size_t i = 0; i < features.size(); ++i)
    for (std::size_t d = 0; d < depth; ++d) {
      const double x = double{features[i][d]},
                   mean = m.means[static_cast<std::size_t>(labels[i])][d];
      m.variance[d] += share * (std::pow(x - mean, 2) + std::pow(0.05 * x, 2));
    }
  return m;
}

void set_constant(graph::Model& model, int tensor, const std::vector<float>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  model.storage.push_back(
      std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
  model.graphs[0].tensors[static_cast<std::size_t>(tensor)].data = *model.storage.back();
}

/// Scales a layer's weights so that its outputs have mean 0 and variance 1 a channel in the
/// examples.
void normalize(graph::Model& model, const Node& node, const quantize::Layer& layer,
               const std::vector<float>& examples, int count) {
  const auto channels = static_cast<std::size_t>(layer.channels());
  std::vector<double> sum(channels), squares(channels);
  double values = 0;
  for (const auto& output : features_of(model, node.outputs[0], examples, count))
    for (std::size_t i = 0; i < output.size(); ++i) {
      const double x = double{output[i]};
      sum[i % channels] += x, squares[i % channels] += x * x, values += 1;
    }
  values /= static_cast<double>(channels);
  const Graph& graph = model.graphs[0];
  auto filter = graph::values<float>(*graph.input(node, layer.filter));
  auto bias = graph::values<float>(*graph.input(node, layer.bias));
  std::vector<double> scale(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = sum[c] / values;
    scale[c] = 1 / std::sqrt(squares[c] / values - mean * mean + 1e-12);
    bias[c] = static_cast<float>((double{bias[c]} - mean) * scale[c]);
  }
  for (std::size_t i = 0; i < filter.size(); ++i)
    filter[i] = static_cast<float>(double{filter[i]} *
                                   scale[static_cast<std::size_t>(layer.channel_of(i))]);
  set_constant(model, node.inputs[layer.filter], filter);
  set_constant(model, node.inputs[layer.bias], bias);
}

void normalize_all(graph::Model& model, const std::vector<float>& examples, int count) {
  const std::vector<Node> nodes = model.graphs[0].nodes;
  const std::vector<int> last = last_layer(model.graphs[0]).outputs;
  for (const Node& node : nodes)
    if (const auto layer = quantize::layer_of(model.graphs[0], node); layer && node.outputs != last)
      normalize(model, node, *layer, examples, count);
}

/// Linear discriminants as the layer's weights, of a size that SOFTMAX can tell apart.
void fit(graph::Model& model, const std::vector<std::vector<float>>& features,
         const std::vector<int>& labels) {
  const Node& layer = last_layer(model.graphs[0]);
  const auto classes = static_cast<std::size_t>(
      model.graphs[0].tensors[static_cast<std::size_t>(layer.inputs[1])].shape[0]);
  const Moments m = moments_of(features, labels, classes);
  std::vector<float> weights, bias;
  for (std::size_t k = 0; k < classes; ++k) {
    double offset = 0;
    for (std::size_t d = 0; d < m.center.size(); ++d) {
      const double away = m.means[k][d] - m.center[d], w = away / m.variance[d];
      weights.push_back(static_cast<float>(w));
      offset -= w * (m.center[d] + away / 2);
    }
    bias.push_back(static_cast<float>(offset));
  }
  float largest = 0;
  for (const auto& example : features)
    for (std::size_t k = 0; k < classes; ++k) {
      float score = bias[k];
      for (std::size_t d = 0; d < example.size(); ++d)
        score += weights[k * example.size() + d] * example[d];
      largest = std::max(largest, std::abs(score));
    }
  for (auto* values : {&weights, &bias})
    for (float& x : *values) x *= 8 / largest;
  set_constant(model, layer.inputs[1], weights);
  set_constant(model, layer.inputs[2], bias);
}

}  // namespace

ClassTask make_class_task(const std::string& onnx_path, float noise, int examples_of_a_class) {
  ClassTask task{.model = read_network(onnx_path), .shape = {}, .examples = {}, .labels = {}};
  Graph& graph = task.model.graphs[0];
  const auto& input = graph.tensors[static_cast<std::size_t>(graph.inputs[0])];
  task.shape.assign(input.shape.begin() + 1, input.shape.end());
  const auto size = static_cast<std::size_t>(graph::element_count(input));
  const Node& layer = last_layer(graph);
  const int classes = graph.tensors[static_cast<std::size_t>(layer.inputs[1])].shape[0];
  std::mt19937 engine(1);
  std::vector<std::vector<float>> patterns;
  for (int k = 0; k < classes; ++k) patterns.push_back(random_blocks(task.shape, engine));
  const auto draw = [&](int of_each) {
    std::vector<float> examples;
    for (int n = 0; n < of_each; ++n)
      for (int k = 0; k < classes; ++k) {
        const auto noises = random_floats(size, engine);
        for (std::size_t i = 0; i < size; ++i)
          examples.push_back(patterns[static_cast<std::size_t>(k)][i] + noise * noises[i]);
      }
    return examples;
  };
  for (int n = 0; n < examples_of_a_class * classes; ++n) task.labels.push_back(n % classes);
  constexpr int kFew = 3;
  normalize_all(task.model, draw(kFew), kFew * classes);
  fit(task.model,
      features_of(task.model, features_tensor(graph, layer), draw(examples_of_a_class),
                  task.count()),
      task.labels);
  task.examples = draw(examples_of_a_class);
  return task;
}

ClassTask make_random_task(const std::string& onnx_path, int count) {
  ClassTask task{.model = read_network(onnx_path), .shape = {}, .examples = {}, .labels = {}};
  const Graph& graph = task.model.graphs[0];
  const auto& input = graph.tensors[static_cast<std::size_t>(graph.inputs[0])];
  task.shape.assign(input.shape.begin() + 1, input.shape.end());
  std::mt19937 engine(1);
  task.examples = random_floats(
      static_cast<std::size_t>(graph::element_count(input)) * static_cast<std::size_t>(count),
      engine);
  return task;
}

TaskFiles write_task(const ClassTask& task, const TemporaryFolder& folder) {
  const auto bytes = model::write_tflite(task.model);
  EXPECT_TRUE(bytes) << bytes.error().message;
  std::int64_t size = 1;
  std::string shape, labels;
  for (int dim : task.shape) size *= dim, shape += cat(", ", dim);
  for (int label : task.labels) labels += cat(label, "\n");
  const std::int64_t count = std::ssize(task.examples) / size;
  return {.model = folder.write("float.tflite",
                                {reinterpret_cast<const char*>(bytes->data()), bytes->size()}),
          .data = folder.write(
              "data.npy", npy(npy_header("<f4", cat("(", count, shape, ")")), raw(task.examples))),
          .labels = labels.empty() ? "" : folder.write("labels.txt", labels)};
}

}  // namespace mote::tests
