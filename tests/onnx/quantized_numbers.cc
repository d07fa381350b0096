#include "tests/onnx/quantized_numbers.h"

#include <algorithm>
#include <cmath>

namespace mote::tests {
namespace {

int bits_of(const QuantizedForm& form) { return 8 * size_of(form.activations); }

}  // namespace

int least_of(const QuantizedForm& form) {
  return is_signed(form.activations) ? -(1 << (bits_of(form) - 1)) : 0;
}

Steps steps_for(const QuantizedForm& form, float low, float high) {
  low = std::min(low, 0.0f), high = std::max({high, 0.0f, low + 1e-3f});
  const int bits = bits_of(form);
  const auto count = static_cast<float>((1 << bits) - 1);
  if (form.symmetric || bits == 16) {
    const float most = std::max(-low, high);
    return {most / std::floor(count / 2), least_of(form) + (1 << (bits - 1))};
  }
  const float scale = (high - low) / count;
  return {scale, least_of(form) + static_cast<int>(std::nearbyint(-low / scale))};
}

std::vector<double> stored_values(const QuantizedForm& form, const Steps& steps,
                                  const std::vector<double>& reals) {
  const int least = least_of(form);
  std::vector<double> stored;
  for (double real : reals)
    stored.push_back(std::clamp(std::nearbyint(real / double{steps.scale}) + steps.zero_point,
                                double(least), double(least + (1 << bits_of(form)) - 1)));
  return stored;
}

StoredWeights stored_weights(const QuantizedForm& form, const onnx::Numbers& reals, int axis) {
  const bool is_8 = form.weights == DType::kInt8;
  const std::size_t channels =
      is_8 && form.per_channel
          ? static_cast<std::size_t>(reals.dims[static_cast<std::size_t>(axis)])
          : 1;
  std::size_t below = 1;
  for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < reals.dims.size(); ++i)
    below *= static_cast<std::size_t>(reals.dims[i]);
  const auto channel_of = [&](std::size_t i) { return channels > 1 ? i / below % channels : 0; };
  std::vector<double> low(channels), high(channels, 1e-6);
  for (std::size_t i = 0; i < reals.values.size(); ++i) {
    const std::size_t c = channel_of(i);
    low[c] = std::min(low[c], reals.values[i]), high[c] = std::max(high[c], reals.values[i]);
  }
  StoredWeights out;
  for (std::size_t c = 0; c < channels; ++c) {
    const double most = std::max(-low[c], high[c]), range = form.reduced ? 64 : 127;
    out.scales.push_back(
        double{static_cast<float>(is_8 ? most / range : (high[c] - low[c]) / 255)});
    out.zeros.push_back(is_8 ? 0 : std::nearbyint(-low[c] / out.scales[c]));
  }
  for (std::size_t i = 0; i < reals.values.size(); ++i) {
    const std::size_t c = channel_of(i);
    out.values.push_back(std::clamp(std::nearbyint(reals.values[i] / out.scales[c]) + out.zeros[c],
                                    is_8 ? -128.0 : 0.0, is_8 ? 127.0 : 255.0));
  }
  return out;
}

}  // namespace mote::tests
