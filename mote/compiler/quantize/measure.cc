#include "mote/compiler/quantize/measure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "mote/compiler/quantize/edit.h"

namespace mote::quantize {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

int largest(std::span<const float> values) {
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// Whether a tensor is one row of scores.
bool is_row(const graph::Tensor& tensor) {
  return !tensor.shape.empty() && tensor.shape.back() > 1 &&
         graph::element_count(tensor) == tensor.shape.back();
}

/// Compares value by value.
class Comparer {
 public:
  Comparer(const graph::Graph& graph, const Assignment& assignment, const Converted& converted)
      : graph_(graph), assignment_(assignment), converted_(converted) {
    counterparts_.assign(converted.model.graphs[0].tensors.size(), -1);
    for (std::size_t i = 0; i < converted.tensors.size(); ++i)
      if (converted.tensors[i] >= 0)
        counterparts_[static_cast<std::size_t>(converted.tensors[i])] = static_cast<int>(i);
    const auto& outputs = converted.model.graphs[0].outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i)  // maybe behind a QUANTIZE or DEQUANTIZE
      counterparts_[static_cast<std::size_t>(outputs[i])] = graph.outputs[i];
  }

  See exact() {
    return [this](int tensor, std::span<const float> values) {
      exact_[tensor].assign(values.begin(), values.end());
    };
  }
  See quantized() {
    return [this](int tensor, std::span<const float> values) {
      const int counterpart = counterparts_[static_cast<std::size_t>(tensor)];
      const auto entry = exact_.find(counterpart);
      if (entry != exact_.end() && entry->second.size() == values.size())
        compare(counterpart, entry->second, values);
    };
  }

  Measurement finish() {
    std::vector<int> scores = graph_.outputs;
    for (int& score : scores)
      for (const graph::Node& node : graph_.nodes)
        if (node.op == "SOFTMAX" && node.outputs[0] == score) score = node.inputs[0];
    result_.output_noise_share = mean_noise_share(graph_.outputs);
    result_.score_noise_share = mean_noise_share(scores);
    return std::move(result_);
  }

 private:
  double mean_noise_share(const std::vector<int>& tensors) const {
    double sum = 0;
    int count = 0;
    for (int tensor : tensors)
      if (const auto entry = result_.tensors.find(tensor); entry != result_.tensors.end())
        sum += entry->second.noise_share(), ++count;
    return count > 0 ? sum / count : 0;
  }

  void compare(int tensor, std::span<const float> exact, std::span<const float> values) {
    Fidelity& fidelity = result_.tensors[tensor];
    if (fidelity.elements == 0) fidelity.seen = {exact[0], exact[0]};
    Range fits = {-std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity()};
    if (const auto p = assignment_.parameters.find(tensor); p != assignment_.parameters.end()) {
      fits = range_of(p->second);
      fits = {fits.low - p->second.scale * 0.501f, fits.high + p->second.scale * 0.501f};
    }
    for (std::size_t i = 0; i < exact.size(); ++i) {
      const double x = double{exact[i]}, error = x - double{values[i]};
      fidelity.signal += x * x, fidelity.noise += error * error;
      fidelity.clipped += exact[i] < fits.low || exact[i] > fits.high;
      fidelity.seen = united(fidelity.seen, {exact[i], exact[i]});
    }
    fidelity.elements += static_cast<std::int64_t>(exact.size());
    if (tensor == graph_.outputs[0] && is_row(graph_.tensors[static_cast<std::size_t>(tensor)])) {
      result_.classes.exact.push_back(largest(exact));
      result_.classes.quantized.push_back(largest(values));
    }
  }

  const graph::Graph& graph_;
  const Assignment& assignment_;
  const Converted& converted_;
  std::vector<int> counterparts_;  ///< by tensor of the quantised network: the float one's, or -1
  std::map<int, std::vector<float>> exact_;  ///< what the float network has in this example
  Measurement result_;
};

}  // namespace

double decibels(double noise_share) {
  return noise_share > 0 ? -10 * std::log10(noise_share) : kInfinity;
}

double Fidelity::noise_share() const {
  return signal > 0 ? noise / signal : noise > 0 ? kInfinity : 0;
}
double Fidelity::sqnr_db() const { return decibels(noise_share()); }

double Measurement::output_sqnr_db() const { return decibels(output_noise_share); }

double Classes::agreement() const {
  if (exact.empty()) return 1;
  int same = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) same += exact[i] == quantized[i];
  return static_cast<double>(same) / static_cast<double>(exact.size());
}

Result<Measurement> measure(const graph::Model& model, const Assignment& assignment,
                            const Converted& converted, const Calibration& calibration) {
  const auto exact = calibration.load(model);
  MOTE_TRY(exact);
  const auto quantized = calibration.load(converted.model);
  MOTE_TRY(quantized);
  Comparer comparer(model.graphs[0], assignment, converted);
  const See see_exact = comparer.exact(), see_quantized = comparer.quantized();
  for (int example = 0; example < calibration.examples; ++example) {
    (*exact)(example, see_exact);
    (*quantized)(example, see_quantized);
    calibration.progress();
  }
  return comparer.finish();
}

}  // namespace mote::quantize
