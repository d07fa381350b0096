#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "tests/support/graph_builder.h"
#include "tests/support/gru_definition.h"
#include "tests/support/layers.h"

/// Networks of one GRU, of each type, with what they should give.
namespace mote::tests {

struct GruForm {
  DType type = DType::kFloat32;  ///< of the activations
  bool linear_before_reset = true, time_major = false;
  bool zeroed = false;  ///< each run begins with zeros
  int batches = 2, times = 5, features = 3, units = 11;
};

struct GruNetwork {
  GruForm form;
  graph::Model model;
  std::vector<float> input;  ///< in the network's order, and exact in its quantisation
  GruLayer layer;

  /// What so many runs of the same input give, one after another, in the network's order.
  std::vector<double> expected(int runs) const {
    std::vector<double> state(static_cast<std::size_t>(form.batches * form.units)), all;
    for (int run = 0; run < runs; ++run) {
      if (form.zeroed) state.assign(state.size(), 0);
      const auto out = outputs_of_gru(layer, form.linear_before_reset, state);
      for (int i = 0; i < form.times * form.batches; ++i) {
        const int place = form.time_major ? i % form.batches * form.times + i / form.batches : i;
        const auto* from = out.data() + place * form.units;
        all.insert(all.end(), from, from + form.units);
      }
    }
    return all;
  }
};

/// The bytes of random numbers that are integers times a scale a gate; and what they stand for.
template <class T>
int add_gru_constant(GraphBuilder& b, Random& random, std::vector<int> shape, int most,
                     const std::vector<double>& scales, std::vector<double>& real) {
  std::vector<T> values;
  const int all = count(shape);
  for (int i = 0; i < all; ++i) {
    const auto gate = static_cast<std::size_t>(i / (all / 3));
    const int x = random.pick(-most, most);
    const double scale = scales[gate];
    values.push_back(std::is_same_v<T, float> ? static_cast<T>(x * scale) : static_cast<T>(x));
    real.push_back(x * scale);
  }
  Quant quant;
  if constexpr (sizeof(T) == 1) quant = Quant({scales.begin(), scales.end()}, 0);
  return b.constant(values, std::move(shape), std::move(quant));
}

/// The constants of a GRU: weights in bytes, or all in floats.
template <class W, class InputBias, class RecurrentBias>
std::vector<int> add_gru_constants(GraphBuilder& b, Random& random, const GruForm& form,
                                   double input_scale, GruLayer& layer) {
  const std::vector<double> scales = {1.0 / 128, 1.25 / 128, 1.5 / 128},
                            recurrent_scales = {0.5 / 128, 0.75 / 128, 1.0 / 128};
  const auto scaled = [](std::vector<double> values, double by) {
    for (double& x : values) x *= by;
    return values;
  };
  const int units = form.units, most = 127;
  const int most_bias = static_cast<int>(1 / input_scale) * 64, most_recurrent_bias = 1 << 21;
  return {
      add_gru_constant<W>(b, random, {3, units, form.features}, most, scales, layer.weights),
      add_gru_constant<W>(b, random, {3, units, units}, most, recurrent_scales, layer.recurrent),
      add_gru_constant<InputBias>(b, random, {3, units}, most_bias, scaled(scales, input_scale),
                                  layer.input_bias),
      add_gru_constant<RecurrentBias>(b, random, {3, units}, most_recurrent_bias,
                                      scaled(recurrent_scales, 1.0 / 32768), layer.recurrent_bias)};
}

inline GruNetwork gru_network(const GruForm& form, unsigned seed = 1) {
  GruNetwork network{.form = form, .model = {}, .input = {}, .layer = {}};
  GruLayer& layer = network.layer;
  layer.batches = form.batches, layer.times = form.times;
  layer.features = form.features, layer.units = form.units;
  Random random(seed);
  GraphBuilder b;
  const bool is_float = form.type == DType::kFloat32, is_byte = form.type == DType::kInt8;
  const int input_zero = is_byte ? 5 : 0, most = is_byte ? 120 : 32000;
  const float input_scale = is_byte ? 1.0f / 64 : 1.0f / 16384;
  layer.in.resize(static_cast<std::size_t>(form.batches * form.times * form.features));
  for (int i = 0; i < form.times * form.batches; ++i)
    for (int k = 0; k < form.features; ++k) {
      const int place = form.time_major ? i % form.batches * form.times + i / form.batches : i;
      const float x = static_cast<float>(random.pick(-most, most)) * input_scale;
      layer.in[static_cast<std::size_t>(place * form.features + k)] = double{x};
      network.input.push_back(x);
    }
  const auto lead =
      form.time_major ? std::pair(form.times, form.batches) : std::pair(form.batches, form.times);
  const auto quant = [&](float scale, int zero) { return is_float ? Quant() : Quant(scale, zero); };
  const int in =
      b.input(form.type, {lead.first, lead.second, form.features}, quant(input_scale, input_zero));
  const double scale = double{input_scale};
  const auto constants = is_float
                             ? add_gru_constants<float, float, float>(b, random, form, scale, layer)
                         : is_byte ? add_gru_constants<std::int8_t, std::int32_t, std::int64_t>(
                                         b, random, form, scale, layer)
                                   : add_gru_constants<std::int8_t, std::int64_t, std::int64_t>(
                                         b, random, form, scale, layer);
  const DType state_type = is_float ? DType::kFloat32 : DType::kInt16;
  const std::vector<int> state_shape = {form.batches, form.units};
  const int state = b.variable(state_type, state_shape, quant(1.0f / 32768, 0));
  if (form.zeroed) {
    const std::vector<std::byte> bytes(
        static_cast<std::size_t>(form.batches * form.units * (is_float ? 4 : 2)));
    b.node("STREAM_WRITE",
           {state, b.constant(bytes, state_type, state_shape, quant(1.0f / 32768, 0))}, {},
           {{"axis", std::int64_t{0}},
            {"begin", std::int64_t{0}},
            {"end", std::int64_t{form.batches}},
            {"hop", std::int64_t{1}}});
  }
  const int out = b.value(form.type, {lead.first, lead.second, form.units},
                          is_byte ? quant(1.0f / 120, -2) : quant(1.0f / 32768, 0));
  b.node("GRU", {in, constants[0], constants[1], constants[2], constants[3], state}, {out},
         {{"time_major", std::int64_t{form.time_major}},
          {"linear_before_reset", std::int64_t{form.linear_before_reset}}});
  b.output(out);
  network.model = b.build();
  return network;
}

}  // namespace mote::tests
