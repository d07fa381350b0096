#pragma once

#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/ops/lowering.h"
#include "mote/compiler/ops/op.h"
#include "mote/compiler/ops/quantize.h"
#include "mote/support/result.h"

/// What convolutions and FULLY_CONNECTED have in common: an input, a constant filter, a bias that
/// may be left out, and accumulators that are rescaled channel by channel.
namespace mote::ops {

/// In which arithmetic a layer is computed; follows from the types of its tensors.
enum class Arithmetic {
  kInt8,        ///< int8 activations and filter, 32-bit sums
  kInt16,       ///< int16 activations, int8 filter, 64-bit sums
  kInt16Acc32,  ///< the same with 32-bit sums that wrap
  kFloat,
  kHybrid,  ///< float activations, quantised on the fly; int8 filter
};

inline constexpr DType kInt8Types[] = {DType::kInt8, DType::kInt8};
inline constexpr DType kUint8Types[] = {DType::kUint8, DType::kUint8};
inline constexpr DType kInt16Types[] = {DType::kInt16, DType::kInt8};
inline constexpr DType kFloatTypes[] = {DType::kFloat32, DType::kFloat32};
inline constexpr DType kHybridTypes[] = {DType::kFloat32, DType::kInt8};
/// The types of their inputs and filters.
inline constexpr Signature kWeightedSignatures[] = {
    {.label = "int8", .inputs = kInt8Types, .output = DType::kInt8},
    {.label = "uint8", .inputs = kUint8Types, .output = DType::kUint8},
    {.label = "int16x8", .inputs = kInt16Types, .output = DType::kInt16},
    {.label = "float32", .inputs = kFloatTypes, .output = DType::kFloat32},
    {.label = "hybrid", .inputs = kHybridTypes, .output = DType::kFloat32}};

/// Where a node keeps what.
struct WeightedLayer {
  const graph::Graph& graph;
  const graph::Node& node;
  std::size_t input = 0, filter = 1, bias = 2;  ///< places among the node's inputs
  int channel_axis = 0;                         ///< the filter's dimension of output channels
  std::span<const DType> int16_bias_types;      ///< that int16 activations may have
  bool multiplies_scales_in_float = false;      ///< how the reference computes a single multiplier

  const graph::Tensor& input_tensor() const { return *graph.input(node, input); }
  const graph::Tensor& filter_tensor() const { return *graph.input(node, filter); }
  const graph::Tensor* bias_tensor() const { return graph.input(node, bias); }
  const graph::Tensor& output_tensor() const { return graph.output(node); }
  int channels() const { return filter_tensor().shape[static_cast<std::size_t>(channel_axis)]; }
};

/// Checks that input and filter are there, the filter is a constant of `rank` dimensions, and all
/// tensors are quantised in a way that the layer's arithmetic can follow. To be called before
/// anything else here.
Result<void> check_weighted(const WeightedLayer& layer, std::size_t rank);

Arithmetic arithmetic_of(const WeightedLayer& layer);

/// Whether a tensor has one scale and a zero point in its type's range; int16 ones must be
/// symmetric.
/// @returns kBadInput or kUnsupported; `role` says which tensor it is: "input".
Result<void> check_quantized(const char* role, const graph::Tensor& tensor);

/// Offsets and bounds of a quantised layer, as its attributes want them.
struct QuantizedTerms {
  int input_offset, filter_offset, output_offset;
  int act_min, act_max;
};
QuantizedTerms quantized_terms(const WeightedLayer& layer);
FloatActivationRange float_terms(const WeightedLayer& layer);
/// The bias of a float or hybrid layer, a channel each; zeros where it is left out.
std::vector<float> float_bias(const WeightedLayer& layer);

/// The operands of the layer's kernel, in its order; `in` and `out` are the views that it wants.
///
///   kInt8, kInt16*  in, filter, bias, multiplier, shift, out
///   kFloat          in, filter, bias, out
///   kHybrid         quantised in, scale, zero point, filter, filter scale, bias, out
///
/// For kHybrid it adds the call that quantises the input, a row each for in's first dimension, and
/// sets the program's numerics profile.
std::vector<DraftOperand> weighted_operands(const WeightedLayer& layer, const Extents& in,
                                            const Extents& out, Lowering& lowering,
                                            bool asymmetric = true);

/// How a quantised layer's 32-bit sums become outputs, a channel each, as BasicRescale says.
struct ChannelRescale {
  std::vector<std::int32_t> bias, multiplier, shift;
};
ChannelRescale channel_rescale(const WeightedLayer& layer);

/// The kernel of a family for one arithmetic: five names in the order of the enum; nullptr: none.
using KernelNames = const char* const[5];
inline const char* kernel_for(Arithmetic arithmetic, const KernelNames& names) {
  return names[static_cast<std::size_t>(arithmetic)];
}

}  // namespace mote::ops
