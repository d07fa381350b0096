#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/edit.h"

/// How graphs are looked at and changed while they are quantised.
namespace mote::quantize {

/// Appends a constant of FLOAT32. @returns its index.
int add_floats(graph::Model& model, const std::string& name, std::vector<int> shape,
               const std::vector<float>& values);

/// How many times nodes and the network's outputs read the tensor.
int reader_count(const graph::Graph& graph, int tensor);
/// The node that alone reads the tensor, which is no output of the network; nullptr: none, or more.
graph::Node* only_reader(graph::Graph& graph, int tensor);
/// The node that makes the tensor; nullptr where none does.
graph::Node* maker(graph::Graph& graph, int tensor);
bool is_output(const graph::Graph& graph, int tensor);

}  // namespace mote::quantize
