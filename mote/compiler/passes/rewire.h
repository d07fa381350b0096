#pragma once

#include "mote/compiler/graph/graph.h"

/// How passes change who reads what.
namespace mote::passes {

/// The node that writes the tensor; nullptr where none does.
graph::Node* writer_of(graph::Graph& graph, int tensor);

/// How many times nodes and the network's outputs read the tensor.
int reader_count(const graph::Graph& graph, int tensor);

bool is_output(const graph::Graph& graph, int tensor);

/// Lets whoever reads `old_tensor`, the network's outputs aside, read `new_tensor`.
void redirect_readers(graph::Graph& graph, int old_tensor, int new_tensor);

/// Whether a reader cannot tell the tensors apart: same type, shape and quantisation.
bool is_alike(const graph::Tensor& a, const graph::Tensor& b);
bool has_same_quantization(const graph::Tensor& a, const graph::Tensor& b);

}  // namespace mote::passes
