#include <cmath>

#include "mote/support/cat.h"
#include "tests/golden/cases/matrix_helpers.h"
#include "tests/golden/families.h"

/// SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM: state goes on from run to run.
namespace mote::tests {
namespace {

struct Svdf {
  std::string name;
  bool is_float = false;
  DType state = DType::kInt16;
  int batch = 1, features = 6, units = 4, rank = 1, memory = 5;
  int activation = 0;
  int input_zero = -3, output_zero = 5, state_zero = 0;
  float state_scale = 0.01f, output_scale = 0.1f;
};

Case svdf_case(const Svdf& v, Random& random) {
  GraphBuilder b;
  const int filters = v.units * v.rank;
  const auto n = static_cast<std::size_t>(filters);
  const auto features = n * static_cast<std::size_t>(v.features);
  const auto memory = n * static_cast<std::size_t>(v.memory);
  const std::vector<int> in_shape = {v.batch, v.features}, out_shape = {v.batch, v.units};
  const std::vector<int> state_shape = {v.batch, filters * v.memory};
  int in, feature, time, bias, state, out;
  if (v.is_float) {
    in = b.input(DType::kFloat32, in_shape);
    feature = b.constant(random.reals(features, -1, 1), {filters, v.features});
    time = b.constant(random.reals(memory, -1, 1), {filters, v.memory});
    bias = b.constant(random.reals(static_cast<std::size_t>(v.units), -1, 1), {v.units});
    state = b.variable(DType::kFloat32, state_shape);
    out = b.value(DType::kFloat32, out_shape);
  } else {
    const bool wide = v.state == DType::kInt16;
    const float feature_scale = 0.02f;
    const float state_scale = wide ? v.state_scale / 256 : v.state_scale;
    const float time_scale = wide ? 0.0001f : 0.01f;
    in = b.input(DType::kInt8, in_shape, {0.04f, v.input_zero});
    feature = b.constant(random.integers<std::int8_t>(features, -127, 127), {filters, v.features},
                         {feature_scale, 0});
    time = wide ? b.constant(random.integers<std::int16_t>(memory, -32767, 32767),
                             {filters, v.memory}, {time_scale, 0})
                : b.constant(random.integers<std::int8_t>(memory, -127, 127), {filters, v.memory},
                             {time_scale, 0});
    bias = b.constant(random.integers<std::int32_t>(static_cast<std::size_t>(v.units), -900, 900),
                      {v.units}, {state_scale * time_scale, 0});
    state = b.variable(v.state, state_shape, {state_scale, v.state_zero});
    out = b.value(DType::kInt8, out_shape, {v.output_scale, v.output_zero});
  }
  b.node("SVDF", {in, feature, time, bias, state}, {out},
         {{"rank", v.rank}, {"fused_activation_function", v.activation}});
  b.output(out);
  Case c = finish(b, cat("svdf_", v.name), Precision::kInt8, random, Scales{},
                  v.is_float                 ? "float32"
                  : v.state == DType::kInt16 ? "int8 (int16 state)"
                                             : "int8");
  c.inputs = make_inputs(c.model, random, /*runs=*/v.memory + 4);
  return c;
}

void add_svdf(std::vector<Case>& cases, Random& random) {
  const Svdf forms[] = {
      {.name = "plain"},
      {.name = "rank2", .rank = 2},
      {.name = "rank3_batches", .batch = 2, .rank = 3},
      {.name = "short_memory", .memory = 1},
      {.name = "long_memory", .features = 3, .units = 2, .memory = 17},
      {.name = "one_unit", .features = 1, .units = 1, .memory = 2},
      {.name = "wide_input", .features = 67, .units = 5, .memory = 4},
      {.name = "relu", .activation = 1, .output_zero = -128},
  };
  for (int type = 0; type < 3; ++type) {
    const auto add = [&](Svdf v) {
      v.is_float = type == 2;
      v.state = type == 1 ? DType::kInt8 : DType::kInt16;
      v.name += type == 0 ? "_state16" : type == 1 ? "_state8" : "_f32";
      cases.push_back(svdf_case(v, random));
    };
    for (const Svdf& v : forms) add(v);
    if (type == 2) {
      add({.name = "relu_n1_to_1", .activation = 2});
      add({.name = "relu6", .activation = 3});
      continue;
    }
    add({.name = "zero_points_low", .input_zero = -128, .output_zero = -128});
    add({.name = "zero_points_high", .input_zero = 127, .output_zero = 127});
    add({.name = "saturating_state", .state_scale = 0.0002f});
    add({.name = "coarse_state", .state_scale = 0.5f});
    add({.name = "saturating_output", .output_scale = 0.0005f});
    add({.name = "vanishing_output", .output_scale = 1e7f});
    if (type == 1) {
      add({.name = "state_zero_point", .state_zero = 40});
      add({.name = "state_zero_point_low", .state_zero = -128, .state_scale = 0.002f});
    }
  }
}

struct Lstm {
  std::string name;
  Precision precision = Precision::kInt8;
  int batch = 1, times = 3, features = 4, units = 5;
  bool time_major = false;
  float cell_clip = 0;
  int cell_power = -11;
  int input_zero = -4, hidden_zero = 6;
  float input_scale = 0.02f, hidden_scale = 1.0f / 128, weight_scale = 0.01f;
};

Case lstm_case(const Lstm& v, Random& random) {
  GraphBuilder b;
  const bool is_float = v.precision == Precision::kFloat,
             is_wide = v.precision == Precision::kInt16;
  const float fine = is_wide ? 1.0f / 256 : 1;
  const auto quant = [&](float scale, int zero) {
    return is_float ? Quant() : Quant(scale, is_wide ? 0 : zero);
  };
  const DType type = activation_type(v.precision);
  const std::vector<int> lead =
      v.time_major ? std::vector<int>{v.times, v.batch} : std::vector<int>{v.batch, v.times};
  std::vector<int> inputs(24, graph::kNoTensor);
  const Quant hidden_quant = quant(v.hidden_scale * fine, v.hidden_zero);
  inputs[0] =
      b.input(type, {lead[0], lead[1], v.features}, quant(v.input_scale * fine, v.input_zero));
  for (std::size_t i = 1; i < 9; ++i) {
    const int columns = i < 5 ? v.features : v.units;
    const auto count = static_cast<std::size_t>(v.units * columns);
    const float scale = v.weight_scale * random.real(0.5f, 1.5f);
    inputs[i] = is_float ? b.constant(random.reals(count, -1, 1), {v.units, columns})
                         : b.constant(random.integers<std::int8_t>(count, -127, 127),
                                      {v.units, columns}, {scale, 0});
  }
  const auto units = static_cast<std::size_t>(v.units);
  for (std::size_t i = 12; i < 16; ++i) {
    const auto bias = random.integers<std::int32_t>(units, -5000, 5000);
    inputs[i] = is_float  ? b.constant(random.reals(units, -1, 1), {v.units})
                : is_wide ? b.constant(std::vector<std::int64_t>(bias.begin(), bias.end()),
                                       {v.units}, {1e-6f, 0})
                          : b.constant(bias, {v.units}, {1e-4f, 0});
  }
  inputs[18] = b.variable(type, {v.batch, v.units}, hidden_quant);
  inputs[19] = b.variable(is_float ? DType::kFloat32 : DType::kInt16, {v.batch, v.units},
                          is_float ? Quant() : Quant(std::ldexp(1.0f, v.cell_power), 0));
  const int out = b.value(type, {lead[0], lead[1], v.units}, hidden_quant);
  b.node("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {out},
         {{"fused_activation_function", 4},
          {"cell_clip", double{v.cell_clip}},
          {"time_major", std::int64_t{v.time_major}}});
  b.output(out);
  return finish(b, cat("lstm_", v.name, suffix(v.precision)), v.precision, random, Scales{});
}

void add_lstm(std::vector<Case>& cases, Random& random) {
  const Lstm forms[] = {
      {.name = "plain"},
      {.name = "batches", .batch = 3},
      {.name = "time_major", .batch = 2, .times = 4, .time_major = true},
      {.name = "one_step", .times = 1},
      {.name = "one_unit", .features = 1, .units = 1},
      {.name = "wide", .times = 6, .features = 37, .units = 19},
      {.name = "clipped", .times = 6, .cell_clip = 0.4f},
      {.name = "clipped_far", .cell_clip = 1000},
      {.name = "large_weights", .times = 8, .weight_scale = 0.2f},
      {.name = "small_weights", .weight_scale = 1e-5f},
  };
  const Lstm quantized[] = {
      {.name = "cell_2_to_minus_15", .cell_power = -15},
      {.name = "cell_2_to_minus_12", .cell_power = -12},
      {.name = "cell_2_to_minus_9", .cell_power = -9},
      {.name = "zero_points_low", .input_zero = -128, .hidden_zero = -128},
      {.name = "zero_points_high", .input_zero = 127, .hidden_zero = 127},
      {.name = "saturating_output", .times = 8, .hidden_scale = 0.001f, .weight_scale = 0.1f},
  };
  for (Precision precision : {Precision::kInt8, Precision::kInt16, Precision::kFloat}) {
    const auto add = [&](Lstm v) {
      v.precision = precision;
      cases.push_back(lstm_case(v, random));
    };
    for (const Lstm& v : forms) add(v);
    if (precision == Precision::kFloat) continue;
    for (const Lstm& v : quantized) add(v);
  }
}

}  // namespace

std::vector<Case> matrix_recurrent_cases() {
  std::vector<Case> cases;
  Random random(27);
  add_svdf(cases, random);
  add_lstm(cases, random);
  return cases;
}

}  // namespace mote::tests
