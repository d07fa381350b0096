#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace mote::tests {

/// A GRU's numbers; gates in the order update, reset, candidate.
struct GruLayer {
  int batches = 1, times = 1, features = 1, units = 1;
  std::vector<double> in;                          ///< [batches, times, features]
  std::vector<double> weights, recurrent;          ///< [3, units, features], [3, units, units]
  std::vector<double> input_bias, recurrent_bias;  ///< [3, units]
};

/// What a GRU computes, by its definition in double precision: [batches, times, units].
///
///   state  [batches, units]; afterwards the last one
inline std::vector<double> outputs_of_gru(const GruLayer& layer, bool linear_before_reset,
                                          std::vector<double>& state) {
  const auto at = [](int i) { return static_cast<std::size_t>(i); };
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const int units = layer.units, features = layer.features;
  std::vector<double> out;
  for (int b = 0; b < layer.batches; ++b)
    for (int t = 0; t < layer.times; ++t) {
      const double* x = &layer.in[at((b * layer.times + t) * features)];
      double* h = &state[at(b * units)];
      const auto from_input = [&](int row) {
        double sum = layer.input_bias[at(row)];
        for (int i = 0; i < features; ++i) sum += layer.weights[at(row * features + i)] * x[i];
        return sum;
      };
      const auto from_state = [&](int row, const std::vector<double>& values) {
        double sum = layer.recurrent_bias[at(row)];
        for (int i = 0; i < units; ++i) sum += layer.recurrent[at(row * units + i)] * values[at(i)];
        return sum;
      };
      const std::vector<double> before(h, h + units);
      std::vector<double> reset, left;
      for (int u = 0; u < units; ++u) {
        reset.push_back(sigmoid(from_input(units + u) + from_state(units + u, before)));
        left.push_back(reset.back() * h[u]);
      }
      for (int u = 0; u < units; ++u) {
        const int row = 2 * units + u;
        const double update = sigmoid(from_input(u) + from_state(u, before));
        const double candidate = std::tanh(
            from_input(row) +
            (linear_before_reset ? reset[at(u)] * from_state(row, before) : from_state(row, left)));
        h[u] = update * before[at(u)] + (1 - update) * candidate;
        out.push_back(h[u]);
      }
    }
  return out;
}

}  // namespace mote::tests
