#pragma once

#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// How graphs are looked at and changed while they are quantised.
namespace mote::quantize {

/// Appends a tensor. @returns its index.
int add_tensor(graph::Model& model, graph::Tensor tensor);
/// Appends a constant with these bytes, which the model keeps. @returns its index.
int add_constant(graph::Model& model, graph::Tensor tensor, std::vector<std::byte> bytes);
/// The same, of FLOAT32.
int add_floats(graph::Model& model, const std::string& name, std::vector<int> shape,
               const std::vector<float>& values);

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

/// How many times nodes and the network's outputs read the tensor.
int reader_count(const graph::Graph& graph, int tensor);
/// The node that alone reads the tensor, which is no output of the network; nullptr: none, or more.
graph::Node* only_reader(graph::Graph& graph, int tensor);
/// The node that makes the tensor; nullptr where none does.
graph::Node* maker(graph::Graph& graph, int tensor);
bool is_output(const graph::Graph& graph, int tensor);

/// Leaves out tensors that nothing refers to. @returns where each is now; -1: nowhere.
std::vector<int> compact(graph::Model& model);

}  // namespace mote::quantize
