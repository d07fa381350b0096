#pragma once

#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/parameters.h"
#include "mote/compiler/quantize/statistics.h"

/// UNIDIRECTIONAL_SEQUENCE_LSTM on integers, as TensorFlow Lite has it: weights of INT8, a cell of
/// INT16.
namespace mote::quantize {

/// Whether an LSTM has the standard form, without peepholes, projection and layer normalisation.
bool is_standard_lstm(const graph::Node& node);

/// What is no output, and must be known to quantise an LSTM: its cells. Computes them from the
/// inputs that calibration shows, each sequence from zeros.
class Cells {
 public:
  explicit Cells(const graph::Graph& graph);
  ~Cells();
  /// Shows the cells behind every step of the LSTMs that read `tensor`, under the cell's index.
  void follow(int tensor, std::span<const float> values, const See& see) const;

 private:
  class Lstm;
  std::vector<Lstm> lstms_;
};

/// INT16, with the least power of two as scale that holds the range, from 2^-15 to 2^-9: TensorFlow
/// Lite takes no other.
Parameters cell_parameters(Range range);

/// The output's parameters, which hold the range with the zero point 0: TensorFlow Lite subtracts
/// the hidden state's zero point where it should be added.
Parameters lstm_output(DType type, Range range);

/// Quantises the weights and biases of a float LSTM, constants of `model`, in place of which the
/// node gets new ones, and names the intermediate tensors that TensorFlow Lite looks for.
///
///   weights, recurrent   INT8, symmetric within [-127, 127], a scale a gate
///   bias                 INT32, of INT16 activations INT64; scale of `input` times the weights'
///   hidden state         as the output
///
/// A scale is no smaller than lets its bias fit what the operator takes.
void quantize_lstm(graph::Model& model, graph::Node& node, const Parameters& input,
                   const Parameters& output);

}  // namespace mote::quantize
