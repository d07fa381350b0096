#pragma once

#include <array>
#include <cstdint>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/op.h"
#include "mote/compiler/ops/quantize.h"

/// What element-wise operators have in common.
namespace mote::ops {

template <DType... kTypes>
inline constexpr DType kTypesOf[] = {kTypes...};
/// A row a type: one input and the output have it.
template <DType... kTypes>
inline constexpr Signature kUnarySignatures[] = {
    {.label = label_of(kTypes), .inputs = kTypesOf<kTypes>, .output = kTypes}...};
/// A row a type: both inputs and the output have it.
template <DType... kTypes>
inline constexpr Signature kBinarySignatures[] = {
    {.label = label_of(kTypes), .inputs = kTypesOf<kTypes, kTypes>, .output = kTypes}...};

/// Shapes of one rank, at least 1, as kernels::zip takes them: neighbouring dimensions that are
/// repeated alike are merged, and those of 1 left out.
struct BroadcastShapes {
  Extents a, b, out;
};
/// @returns kBadInput where the inputs' shapes do not broadcast to the output's.
Result<BroadcastShapes> broadcast_shapes(const graph::Tensor& a, const graph::Tensor& b,
                                         const graph::Tensor& out);

/// That the tensor has one scale.
Result<void> expect_quantized(const graph::Tensor& tensor);
/// The same, with zero point 0.
Result<void> expect_symmetric(const graph::Tensor& tensor);
/// That the tensor holds plain integers.
Result<void> expect_unquantized(const graph::Tensor& tensor);
/// expect_quantized for int8, expect_symmetric for int16, expect_unquantized for wider integers.
Result<void> expect_usual_quantization(const graph::Tensor& tensor);
/// expect_usual_quantization for all of the node's inputs and its output.
Result<void> expect_usual_quantization(const graph::Graph& graph, const graph::Node& node);
/// That a factor between scales can be a multiplier and a shift: finite and at most 2^30.
Result<void> expect_factor(double factor);

/// That a node has both inputs, and that their shapes broadcast to its output's.
Result<void> expect_broadcast(const graph::Graph& graph, const graph::Node& node);
/// That a node's output has its input's shape.
Result<void> expect_same_shape(const graph::Graph& graph, const graph::Node& node);

/// The bounds that a fused activation sets to plain integers.
Result<ActivationRange> plain_activation_range(int activation);

/// All of the tensor's elements in one dimension.
Extents flat(const graph::Tensor& tensor);
/// [rows, depth]: the last dimension and all others. `tensor` has at least one.
Extents rows_of(const graph::Tensor& tensor);

/// Adds the call of `kernel` on the node's two inputs and its output.
void add_binary_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                     const char* kernel, const Attributes& attrs);
/// Adds the call of `kernel` on the node's input and its output, in one dimension.
void add_unary_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                    const char* kernel, const Attributes& attrs = program::NoAttrs());
/// Adds lookup_s8 with a table of the results of `f` for each element that the node's 8-bit input
/// can have. `f` takes and gives an int, which is within the output's type.
template <class F>
void add_lookup_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering, F f);

/// Adds lookup_s8 with this table.
void add_table_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                    const std::vector<std::int8_t>& table);

template <class F>
void add_lookup_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering, F f) {
  std::vector<std::int8_t> table(256);
  const int lowest = graph.input(node, 0)->type == DType::kUint8 ? 0 : -128;
  for (int x = lowest; x < lowest + 256; ++x)
    table[static_cast<std::uint8_t>(x)] = static_cast<std::int8_t>(f(x));
  add_table_call(graph, node, lowering, table);
}

}  // namespace mote::ops
