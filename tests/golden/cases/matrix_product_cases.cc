#include <algorithm>

#include "mote/support/cat.h"
#include "tests/golden/cases/matrix_helpers.h"
#include "tests/golden/families.h"

/// FULLY_CONNECTED and BATCH_MATMUL.
namespace mote::tests {
namespace {

struct Dense {
  std::string name;
  Precision precision = Precision::kInt8;
  std::vector<int> in = {1, 10}, out = {1, 4};
  int depth = 10;
  int activation = 0;
  bool per_channel = false, bias = true;
  DType wide_bias = DType::kInt64;
  std::int64_t bias_type = 0;  ///< the option quantized_bias_type, for layers without bias
  Scales scales = {};
};

Case dense_case(const Dense& v, Random& random) {
  GraphBuilder b;
  const int in = b.input(activation_type(v.precision), v.in, input_quant(v.precision, v.scales));
  const Weights w = add_weights(b, random,
                                {.precision = v.precision,
                                 .shape = {v.out.back(), v.depth},
                                 .channel_axis = 0,
                                 .per_channel = v.per_channel,
                                 .bias = v.bias,
                                 .wide_bias = v.wide_bias,
                                 .scales = v.scales});
  const int out = b.value(activation_type(v.precision), v.out, output_quant(v.precision, v.scales));
  b.node("FULLY_CONNECTED", {in, w.filter, w.bias}, {out},
         {{"fused_activation_function", v.activation},
          {"keep_num_dims", std::int64_t{v.out.size() > 2}},
          {"quantized_bias_type", v.bias_type}});
  b.output(out);
  return finish(b, cat("dense_", v.name), v.precision, random, v.scales);
}

std::vector<Dense> dense_forms() {
  return {{.name = "one_row"},
          {.name = "rows", .in = {5, 10}, .out = {5, 4}},
          {.name = "flattened", .in = {2, 3, 5, 2}, .out = {6, 4}},
          {.name = "kept_dimensions", .in = {2, 3, 10}, .out = {2, 3, 4}},
          {.name = "one_number", .in = {1, 1}, .out = {1, 1}, .depth = 1},
          {.name = "odd_depth", .in = {2, 67}, .out = {2, 33}, .depth = 67},
          {.name = "deep", .in = {1, 700}, .out = {1, 3}, .depth = 700},
          {.name = "per_channel", .in = {2, 10}, .out = {2, 9}, .per_channel = true},
          {.name = "no_bias", .bias = false},
          {.name = "relu", .activation = 1},
          {.name = "relu_n1_to_1", .activation = 2},
          {.name = "relu6", .activation = 3},
          {.name = "per_channel_relu6", .activation = 3, .per_channel = true}};
}

std::vector<Dense> dense_scales() {
  return {{.name = "zero_points_low", .scales = {.input_zero = -128, .output_zero = -128}},
          {.name = "zero_points_high", .scales = {.input_zero = 127, .output_zero = 127}},
          {.name = "shift_left", .scales = {.gain = 5.5f, .quiet = true}},
          {.name = "shift_far_left", .scales = {.gain = 100, .quiet = true}},
          {.name = "shift_far_right", .scales = {.gain = 1e-6f}},
          {.name = "gain_one", .scales = {.gain = 1, .quiet = true}},
          {.name = "gain_vanishes", .scales = {.gain = 1e-11f}},
          {.name = "extreme_weights", .scales = {.extreme_weights = true}}};
}

void add_dense(std::vector<Case>& cases, Random& random) {
  for (Precision precision : {Precision::kInt8, Precision::kInt16, Precision::kFloat}) {
    const auto add = [&](Dense v) {
      v.precision = precision;
      v.name += suffix(precision);
      cases.push_back(dense_case(v, random));
    };
    for (const Dense& v : dense_forms()) add(v);
    if (precision != Precision::kFloat)
      for (const Dense& v : dense_scales()) add(v);
  }
  for (Dense v : dense_scales()) {
    v.name += "_narrow_bias";
    v.precision = Precision::kInt16;
    v.wide_bias = DType::kInt32;
    v.per_channel = v.scales.gain < 1;
    cases.push_back(dense_case(v, random));
  }
  cases.push_back(dense_case({.name = "narrow_sums_without_bias",
                              .precision = Precision::kInt16,
                              .bias = false,
                              .bias_type = 2},
                             random));
}

struct Product {
  std::string name;
  std::vector<int> lhs, rhs, out;
  bool adj_x = false, adj_y = false;
  Precision precision = Precision::kInt8;
  int rhs_zero = 3;
  bool is_rhs_constant = false;
  Scales scales = {};
};

Case product_case(const Product& v, Random& random) {
  GraphBuilder b;
  const DType type = activation_type(v.precision);
  const auto quant = [&](float scale, int zero) {
    if (v.precision == Precision::kFloat) return Quant();
    return Quant(scale, v.precision == Precision::kInt8 ? zero : 0);
  };
  const int lhs = b.input(type, v.lhs, input_quant(v.precision, v.scales));
  int rhs = -1;
  if (v.is_rhs_constant) {
    std::size_t count = 1;
    for (int dim : v.rhs) count *= static_cast<std::size_t>(dim);
    const Quant q = quant(v.scales.filter, v.rhs_zero);
    rhs = v.precision == Precision::kInt8
              ? b.constant(random.integers<std::int8_t>(count, -128, 127), v.rhs, q)
          : v.precision == Precision::kInt16
              ? b.constant(random.integers<std::int16_t>(count, -32768, 32767), v.rhs, q)
              : b.constant(random.reals(count, -1, 1), v.rhs);
  } else {
    rhs = b.input(type, v.rhs, quant(v.scales.filter, v.rhs_zero));
  }
  const int out = b.value(type, v.out, output_quant(v.precision, v.scales));
  b.node("BATCH_MATMUL", {lhs, rhs}, {out},
         {{"adj_x", std::int64_t{v.adj_x}}, {"adj_y", std::int64_t{v.adj_y}}});
  b.output(out);
  return finish(b, cat("matmul_", v.name), v.precision, random, v.scales,
                v.precision == Precision::kInt16 ? "int16" : nullptr);
}

std::vector<Product> product_forms() {
  return {
      {.name = "plain", .lhs = {3, 5}, .rhs = {5, 4}, .out = {3, 4}},
      {.name = "adj_x", .lhs = {5, 3}, .rhs = {5, 4}, .out = {3, 4}, .adj_x = true},
      {.name = "adj_y", .lhs = {3, 5}, .rhs = {4, 5}, .out = {3, 4}, .adj_y = true},
      {.name = "adj_both",
       .lhs = {5, 3},
       .rhs = {4, 5},
       .out = {3, 4},
       .adj_x = true,
       .adj_y = true},
      {.name = "batch", .lhs = {2, 3, 5}, .rhs = {2, 5, 4}, .out = {2, 3, 4}},
      {.name = "rhs_repeated", .lhs = {3, 2, 5}, .rhs = {1, 5, 4}, .out = {3, 2, 4}},
      {.name = "lhs_repeated", .lhs = {1, 2, 5}, .rhs = {3, 5, 4}, .out = {3, 2, 4}},
      {.name = "rhs_of_lower_rank", .lhs = {3, 2, 5}, .rhs = {5, 4}, .out = {3, 2, 4}},
      {.name = "lhs_of_lower_rank", .lhs = {2, 5}, .rhs = {3, 5, 4}, .out = {3, 2, 4}},
      {.name = "four_dimensions", .lhs = {2, 3, 2, 5}, .rhs = {2, 3, 5, 3}, .out = {2, 3, 2, 3}},
      {.name = "outer_repeated", .lhs = {1, 3, 2, 5}, .rhs = {2, 3, 5, 3}, .out = {2, 3, 2, 3}},
      {.name = "inner_repeated", .lhs = {2, 3, 2, 5}, .rhs = {2, 1, 5, 3}, .out = {2, 3, 2, 3}},
      {.name = "crosswise", .lhs = {2, 1, 2, 5}, .rhs = {1, 3, 5, 3}, .out = {2, 3, 2, 3}},
      {.name = "five_dimensions",
       .lhs = {2, 1, 3, 2, 4},
       .rhs = {2, 2, 3, 4, 2},
       .out = {2, 2, 3, 2, 2}},
      {.name = "mixed_ranks_adj",
       .lhs = {2, 3, 4, 2},
       .rhs = {3, 3, 4},
       .out = {2, 3, 2, 3},
       .adj_x = true,
       .adj_y = true},
      {.name = "constant",
       .lhs = {2, 3, 5},
       .rhs = {5, 4},
       .out = {2, 3, 4},
       .is_rhs_constant = true},
      {.name = "constant_adj_y",
       .lhs = {2, 3, 5},
       .rhs = {2, 4, 5},
       .out = {2, 3, 4},
       .adj_y = true,
       .is_rhs_constant = true},
      {.name = "one_number", .lhs = {1, 1}, .rhs = {1, 1}, .out = {1, 1}},
      {.name = "vectors", .lhs = {4, 1, 33}, .rhs = {4, 33, 1}, .out = {4, 1, 1}},
  };
}

void add_products(std::vector<Case>& cases, Random& random) {
  for (Precision precision : {Precision::kInt8, Precision::kInt16, Precision::kFloat}) {
    const auto add = [&](Product v) {
      v.precision = precision;
      v.name += suffix(precision);
      if (precision == Precision::kInt16) v.scales.gain /= 256;
      cases.push_back(product_case(v, random));
    };
    for (const Product& v : product_forms()) add(v);
    if (precision == Precision::kFloat) continue;
    const Product plain = product_forms()[0];
    const std::pair<const char*, Scales> scales[] = {
        {"zero_points_low", {.input_zero = -128, .output_zero = -128}},
        {"zero_points_high", {.input_zero = 127, .output_zero = 127}},
        {"shift_left", {.gain = 9, .quiet = true}},
        {"shift_far_right", {.gain = 1e-6f}},
        {"gain_vanishes", {.gain = 1e-11f}}};
    for (const auto& [name, s] : scales)
      for (int rhs_zero : {-128, 127, 0}) {
        Product v = plain;
        v.name = cat(name, "_", rhs_zero + 128);
        v.rhs_zero = rhs_zero;
        v.scales = s;
        add(v);
      }
  }
}

}  // namespace

std::vector<Case> matrix_product_cases() {
  std::vector<Case> cases;
  Random random(9);
  add_dense(cases, random);
  add_products(cases, random);
  return cases;
}

}  // namespace mote::tests
