#pragma once

#include <map>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/options.h"
#include "mote/compiler/quantize/parameters.h"
#include "mote/compiler/quantize/statistics.h"
#include "mote/support/result.h"

/// Which node is computed with integers, and with which parameters each tensor is quantised.
namespace mote::quantize {

/// How a node is computed.
enum class Form : std::uint8_t {
  kFloat,
  kInteger,  ///< on quantised numbers
  kHybrid,   ///< on floats, with a filter of INT8
};

/// By node, and by tensor where one is read or made as quantised numbers.
struct Assignment {
  DType type = DType::kInt8;  ///< of activations
  std::vector<Form> forms;
  std::map<int, Parameters> parameters;  ///< of computed tensors
  std::map<int, Parameters> states;      ///< of variables of layers on integers
};

/// The form of each node: what `options.scheme` asks for where the operator can follow, kFloat for
/// the others and for those in `options.keep_float`.
///
/// @returns kUsage where `keep_float` names what the network does not have.
Result<std::vector<Form>> forms_of(const graph::Model& model, const Options& options);

/// Parameters for all tensors that nodes of kInteger touch.
///
/// Tensors that an operator wants to share their parameters get them for the union of the ranges of
/// those among them that are made otherwise; what must have given parameters stays out of that,
/// unless nothing else is in it.
Assignment assign(const graph::Model& model, std::vector<Form> forms, const Statistics& statistics,
                  const Options& options);

/// From the lowest to the highest of a constant's floats, 0 included.
Range range_of_constant(const graph::Tensor& constant);

/// Whether input i of the node is a real number that is quantised with the node: not an index, an
/// axis, a filter or a bias.
bool is_value(const graph::Graph& graph, const graph::Node& node, std::size_t i);

}  // namespace mote::quantize
