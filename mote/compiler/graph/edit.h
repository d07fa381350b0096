#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// How models gain tensors and lose them.
namespace mote::graph {

/// Appends a tensor to the first subgraph. @returns its index.
int add_tensor(Model& model, Tensor tensor);
/// Appends a constant with these bytes, which the model keeps. @returns its index.
int add_constant(Model& model, Tensor tensor, std::vector<std::byte> bytes);

/// The bytes of numbers.
template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

/// Takes out of each subgraph the tensors that no node, input or output uses, and numbers nodes as
/// they stand. What the model computes is the same; indices of tensors are not.
///
/// @returns where each tensor of the first subgraph is now; -1: nowhere.
std::vector<int> compact(Model& model);

}  // namespace mote::graph
