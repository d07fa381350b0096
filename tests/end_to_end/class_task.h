#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "tests/end_to_end/program.h"

/// Tasks on which networks with random weights can be right or wrong.
namespace mote::tests {

/// A network, and examples that it was not fitted to.
struct ClassTask {
  graph::Model model;
  std::vector<int> shape;  ///< of one example, without a batch
  std::vector<float> examples;
  std::vector<int> labels;

  int count() const { return static_cast<int>(labels.size()); }
};

/// Makes a classifier of the network in an ONNX file: its classes are patterns, one an output, of
/// blocks of random numbers, four along each dimension; examples of them have noise of `noise`
/// times their size on each element. Layers get outputs of mean 0 and variance 1 a channel, as
/// batch normalisation gives them: in random networks little of the input is left behind some
/// layers. The last layer is fitted to examples: linear discriminants with one variance a feature,
/// and 5 % of the feature's size besides. Seeds are fixed.
ClassTask make_class_task(const std::string& onnx_path, float noise, int examples_of_a_class);

/// A network as it is, with `count` examples of random numbers and no labels.
ClassTask make_random_task(const std::string& onnx_path, int count);

/// The task's files in a folder: the arguments of `mote quantize` that name them.
struct TaskFiles {
  std::string model, data, labels;
};
TaskFiles write_task(const ClassTask& task, const TemporaryFolder& folder);

}  // namespace mote::tests
