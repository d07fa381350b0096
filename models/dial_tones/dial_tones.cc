#include "models/dial_tones/dial_tones.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "tests/support/graph_builder.h"

namespace mote::models {
namespace {

using tests::GraphBuilder;
using tests::Quant;

// ITU-T Q.23: a key sounds its row's and its column's frequency at once.
constexpr double kRowHz[] = {697, 770, 852, 941};
constexpr double kColumnHz[] = {1209, 1336, 1477, 1633};
constexpr int kFrequencies = 8, kCorrelations = 2 * kFrequencies, kClasses = kDialKeyCount + 1;

double frequency(int i) { return i < 4 ? kRowHz[i] : kColumnHz[i - 4]; }

/// Rounds to int8 with `scale`; what is too large saturates.
std::int8_t quantize(double value, double scale) {
  return static_cast<std::int8_t>(std::clamp(std::round(value / scale), -127.0, 127.0));
}

constexpr double kCorrelatorScale = 1.0 / 8192;

/// Row 2f: cosine of frequency f under a Hann window; row 2f + 1: its sine. A tone of amplitude a
/// gives a * cos(phase) and a * sin(phase).
std::vector<std::int8_t> correlators() {
  std::vector<std::int8_t> weights;
  for (int row = 0; row < kCorrelations; ++row)
    for (int n = 0; n < kDialSamples; ++n) {
      const double angle = 2 * std::numbers::pi * frequency(row / 2) * n / kDialRateHz;
      const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * n / kDialSamples);
      const double wave = row % 2 == 0 ? std::cos(angle) : std::sin(angle);
      // The window's samples add up to half their number.
      weights.push_back(quantize(2 * hann * wave / (kDialSamples / 2.0), kCorrelatorScale));
    }
  return weights;
}

constexpr float kSharpness = 40;       // logits per unit of energy
constexpr double kSilenceLogit = 1.5;  // a key must be louder than two tones of amplitude 0.14

/// Row k: 1 at the four energies of key k's tones; the last row, silence, is empty.
std::vector<std::int8_t> key_sums() {
  std::vector<std::int8_t> weights;
  for (int k = 0; k < kClasses; ++k)
    for (int c = 0; c < kCorrelations; ++c) {
      const int f = c / 2;
      const bool sounds = k < kDialKeyCount && (f == k / 4 || f == 4 + k % 4);
      weights.push_back(sounds ? std::int8_t{127} : std::int8_t{0});
    }
  return weights;
}

}  // namespace

std::vector<float> dial_tone(int key, float amplitude, float phase, float noise,
                             std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> samples(kDialSamples);
  for (int n = 0; n < kDialSamples; ++n) {
    const double turn = 2 * std::numbers::pi * n / kDialRateHz;
    const double tones =
        std::sin(kRowHz[key / 4] * turn + phase) + std::sin(kColumnHz[key % 4] * turn + phase);
    const double hiss = static_cast<double>(random()) / 2147483648.0 - 1;
    samples[static_cast<std::size_t>(n)] = static_cast<float>(amplitude * tones + noise * hiss);
  }
  return samples;
}

graph::Model dial_tones_model() {
  const float in_scale = 1.0f / 128, energy_scale = 1.0f / 255, sum_scale = kSharpness / 127;
  const float amplitude_scale = 1.0f / 127, logit_scale = 24.0f / 255;
  GraphBuilder b;
  const auto named = [&](int tensor, const char* name) {
    b.graph().tensors[static_cast<std::size_t>(tensor)].name = name;
    return tensor;
  };
  const int in = named(b.input(DType::kInt8, {1, kDialSamples}, {in_scale, 0}), "samples");
  const int waves = named(b.constant(correlators(), {kCorrelations, kDialSamples},
                                     Quant(static_cast<float>(kCorrelatorScale), 0)),
                          "cosines_and_sines");
  const int amplitudes =
      named(b.value(DType::kInt8, {1, kCorrelations}, {amplitude_scale, 0}), "amplitudes");
  const int energies =
      named(b.value(DType::kInt8, {1, kCorrelations}, {energy_scale, -128}), "energies");
  const int sums = named(b.constant(key_sums(), {kClasses, kCorrelations}, Quant(sum_scale, 0)),
                         "tones_of_keys");
  std::vector<std::int32_t> bias(kClasses);
  bias.back() = static_cast<std::int32_t>(std::lround(kSilenceLogit / (energy_scale * sum_scale)));
  const int silence =
      named(b.constant(bias, {kClasses}, Quant(energy_scale * sum_scale, 0)), "silence");
  const int logits = named(b.value(DType::kInt8, {1, kClasses}, {logit_scale, -128}), "logits");
  const int out = named(b.value(DType::kInt8, {1, kClasses}, {1.0f / 256, -128}), "probabilities");
  b.node("FULLY_CONNECTED", {in, waves, graph::kNoTensor}, {amplitudes});
  b.node("MUL", {amplitudes, amplitudes}, {energies});
  b.node("FULLY_CONNECTED", {energies, sums, silence}, {logits});
  b.node("SOFTMAX", {logits}, {out}, {{"beta", 1.0}});
  b.output(out);
  graph::Model model = b.build();
  model.description =
      "Dial tones of a telephone (ITU-T Q.23), 32 ms at 8 kHz; computed, not trained";
  return model;
}

}  // namespace mote::models
