#include "mote/compiler/quantize/weights.h"

#include <algorithm>
#include <cmath>

namespace mote::quantize {
namespace {

/// A bias of at most this leaves as much room again for the sum of products.
constexpr double kMostBias = 1 << 30;

}  // namespace

double bias_scale(float input_scale, float filter_scale) {
  return double{input_scale} * double{filter_scale};
}

Weights quantize_weights(const Layer& layer, std::span<const float> filter,
                         std::span<const float> bias, float input_scale, bool per_channel) {
  const auto channels = static_cast<std::size_t>(layer.channels());
  std::vector<double> scales(channels);
  for (std::size_t i = 0; i < filter.size(); ++i) {
    double& scale = scales[static_cast<std::size_t>(layer.channel_of(i))];
    scale = std::max(scale, std::abs(double{filter[i]}) / 127);
  }
  for (std::size_t c = 0; c < bias.size(); ++c)
    scales[c] = std::max(scales[c], std::abs(double{bias[c]}) / double{input_scale} / kMostBias);
  if (!per_channel) scales = {*std::max_element(scales.begin(), scales.end())};
  Weights weights;
  for (double scale : scales)
    weights.scales.push_back(scale > 0 ? static_cast<float>(std::max(scale, 1e-30)) : 1.0f);
  for (std::size_t i = 0; i < filter.size(); ++i) {
    const float steps = std::round(filter[i] / weights.scale_of(layer.channel_of(i)));
    weights.values.push_back(static_cast<std::int8_t>(std::clamp(steps, -127.0f, 127.0f)));
  }
  return weights;
}

}  // namespace mote::quantize
