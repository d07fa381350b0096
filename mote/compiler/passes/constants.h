#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// How passes add tensors to a model's first subgraph.
namespace mote::passes {

/// Appends a tensor that a node will write. @returns its index.
int add_tensor(graph::Model& model, graph::Tensor tensor);
/// Appends a constant with these bytes, which the model keeps. @returns its index.
int add_constant(graph::Model& model, graph::Tensor tensor, std::vector<std::byte> bytes);

/// The bytes of numbers.
template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

}  // namespace mote::passes
