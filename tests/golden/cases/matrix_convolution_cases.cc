#include <algorithm>

#include "mote/support/cat.h"
#include "tests/golden/cases/matrix_helpers.h"
#include "tests/golden/families.h"

/// CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV.
namespace mote::tests {
namespace {

constexpr std::int64_t kSame = 0, kValid = 1;

/// Everything that tells one convolution from another.
struct Convolution {
  std::string name;
  Precision precision = Precision::kInt8;
  int batch = 1, height = 5, width = 5, depth = 3;
  int filter_h = 3, filter_w = 3, channels = 4, groups = 1;
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  std::int64_t padding = kSame;
  int activation = 0;
  bool per_channel = true, bias = true;
  DType wide_bias = DType::kInt64;
  Scales scales = {};
};

int out_size(int size, int filter, int stride, int dilation, std::int64_t padding) {
  const int reach = (filter - 1) * dilation + 1;
  return (size + stride - (padding == kSame ? 1 : reach)) / stride;
}

Case conv_case(const Convolution& v, Random& random) {
  GraphBuilder b;
  const int in = b.input(activation_type(v.precision), {v.batch, v.height, v.width, v.depth},
                         input_quant(v.precision, v.scales));
  const Weights w = add_weights(b, random,
                                {.precision = v.precision,
                                 .shape = {v.channels, v.filter_h, v.filter_w, v.depth / v.groups},
                                 .channel_axis = 0,
                                 .per_channel = v.per_channel,
                                 .bias = v.bias,
                                 .wide_bias = v.wide_bias,
                                 .scales = v.scales});
  const int out =
      b.value(activation_type(v.precision),
              {v.batch, out_size(v.height, v.filter_h, v.stride_h, v.dilation_h, v.padding),
               out_size(v.width, v.filter_w, v.stride_w, v.dilation_w, v.padding), v.channels},
              output_quant(v.precision, v.scales));
  std::vector<int> inputs = {in, w.filter};
  if (v.bias) inputs.push_back(w.bias);
  b.node("CONV_2D", inputs, {out},
         {{"padding", v.padding},
          {"stride_h", v.stride_h},
          {"stride_w", v.stride_w},
          {"dilation_h_factor", v.dilation_h},
          {"dilation_w_factor", v.dilation_w},
          {"fused_activation_function", v.activation}});
  b.output(out);
  return finish(b, cat("conv_", v.name), v.precision, random, v.scales);
}

/// `groups` is the depth multiplier here.
Case depthwise_case(const Convolution& v, Random& random) {
  GraphBuilder b;
  const int channels = v.depth * v.groups;
  const int in = b.input(activation_type(v.precision), {v.batch, v.height, v.width, v.depth},
                         input_quant(v.precision, v.scales));
  const Weights w = add_weights(b, random,
                                {.precision = v.precision,
                                 .shape = {1, v.filter_h, v.filter_w, channels},
                                 .channel_axis = 3,
                                 .per_channel = v.per_channel,
                                 .scales = v.scales});
  const int out =
      b.value(activation_type(v.precision),
              {v.batch, out_size(v.height, v.filter_h, v.stride_h, v.dilation_h, v.padding),
               out_size(v.width, v.filter_w, v.stride_w, v.dilation_w, v.padding), channels},
              output_quant(v.precision, v.scales));
  b.node("DEPTHWISE_CONV_2D", {in, w.filter, w.bias}, {out},
         {{"padding", v.padding},
          {"stride_h", v.stride_h},
          {"stride_w", v.stride_w},
          {"depth_multiplier", v.groups},
          {"dilation_h_factor", v.dilation_h},
          {"dilation_w_factor", v.dilation_w},
          {"fused_activation_function", v.activation}});
  b.output(out);
  return finish(b, cat("depthwise_", v.name), v.precision, random, v.scales);
}

/// `height` and `width` are the output's here.
Case transpose_case(const Convolution& v, Random& random) {
  GraphBuilder b;
  const std::vector<int> out_shape = {v.batch, v.height, v.width, v.channels};
  const std::vector<std::int32_t> shape(out_shape.begin(), out_shape.end());
  const int shape_tensor = b.constant(shape, {4});
  const int in = b.input(activation_type(v.precision),
                         {v.batch, out_size(v.height, v.filter_h, v.stride_h, 1, v.padding),
                          out_size(v.width, v.filter_w, v.stride_w, 1, v.padding), v.depth},
                         input_quant(v.precision, v.scales));
  const Weights w = add_weights(b, random,
                                {.precision = v.precision,
                                 .shape = {v.channels, v.filter_h, v.filter_w, v.depth},
                                 .channel_axis = 0,
                                 .per_channel = v.per_channel,
                                 .bias = v.bias,
                                 .wide_bias = v.wide_bias,
                                 .scales = v.scales});
  const int out =
      b.value(activation_type(v.precision), out_shape, output_quant(v.precision, v.scales));
  std::vector<int> inputs = {shape_tensor, w.filter, in};
  if (v.bias) inputs.push_back(w.bias);
  b.node("TRANSPOSE_CONV", inputs, {out},
         {{"padding", v.padding},
          {"stride_h", v.stride_h},
          {"stride_w", v.stride_w},
          {"fused_activation_function", v.activation}});
  b.output(out);
  return finish(b, cat("transpose_", v.name), v.precision, random, v.scales);
}

/// Forms worth a case of their own; `precision` and random scales are filled in.
std::vector<Convolution> named_forms() {
  return {
      {.name = "same_odd_stride", .height = 7, .width = 6, .stride_h = 2, .stride_w = 2},
      {.name = "same_even_filter", .filter_h = 2, .filter_w = 4},
      {.name = "same_asymmetric_split", .height = 8, .width = 8, .stride_h = 2, .stride_w = 3},
      {.name = "valid_stride_over_filter",
       .height = 9,
       .width = 8,
       .filter_h = 2,
       .filter_w = 1,
       .stride_h = 4,
       .stride_w = 3,
       .padding = kValid},
      {.name = "one_by_one", .height = 4, .width = 3, .filter_h = 1, .filter_w = 1},
      {.name = "one_pixel", .height = 1, .width = 1},
      {.name = "filter_over_image", .height = 2, .width = 3, .filter_h = 5, .filter_w = 5},
      {.name = "whole_image", .filter_h = 5, .filter_w = 5, .padding = kValid},
      {.name = "dilated", .height = 9, .width = 9, .dilation_h = 2, .dilation_w = 3},
      {.name = "dilated_valid",
       .height = 9,
       .width = 8,
       .dilation_h = 3,
       .dilation_w = 2,
       .padding = kValid},
      {.name = "dilated_beyond", .height = 4, .width = 4, .dilation_h = 4, .dilation_w = 5},
      {.name = "strided_dilated",
       .height = 9,
       .width = 9,
       .stride_h = 2,
       .stride_w = 2,
       .dilation_h = 2,
       .dilation_w = 2},
      {.name = "row", .height = 1, .width = 11, .filter_h = 1, .filter_w = 3, .stride_w = 2},
      {.name = "batches", .batch = 3, .height = 4, .width = 3},
      {.name = "many_channels", .height = 3, .width = 3, .depth = 19, .channels = 35},
      {.name = "per_tensor", .per_channel = false},
      {.name = "relu", .activation = 1},
      {.name = "relu_n1_to_1", .activation = 2},
      {.name = "relu6", .activation = 3},
  };
}

/// Quantisations worth a case of their own.
std::vector<std::pair<const char*, Scales>> named_scales() {
  return {{"zero_points_low", {.input_zero = -128, .output_zero = -128}},
          {"zero_points_high", {.input_zero = 127, .output_zero = 127}},
          {"zero_points_apart", {.input_zero = 127, .output_zero = -128}},
          {"shift_left", {.gain = 5.5f, .quiet = true}},
          {"shift_far_left", {.gain = 70.0f, .quiet = true}},
          {"shift_far_right", {.gain = 1e-6f}},
          {"gain_one", {.gain = 1.0f, .quiet = true}},
          {"gain_vanishes", {.gain = 1e-11f}},
          {"saturating_weights", {.gain = 0.01f, .extreme_weights = true}}};
}

/// A convolution drawn at random, of a size that exists.
Convolution random_form(int index, Random& random) {
  Convolution v{.name = cat("random", index)};
  v.batch = random.integer(1, 2);
  v.height = random.integer(1, 8), v.width = random.integer(1, 8);
  v.depth = random.integer(1, 6), v.channels = random.integer(1, 9);
  v.filter_h = random.integer(1, 4), v.filter_w = random.integer(1, 4);
  v.stride_h = random.integer(1, 3), v.stride_w = random.integer(1, 3);
  v.dilation_h = random.integer(1, 2), v.dilation_w = random.integer(1, 2);
  v.activation = random.integer(0, 3);
  v.per_channel = random.integer(0, 3) > 0;
  const bool fits =
      (v.filter_h - 1) * v.dilation_h < v.height && (v.filter_w - 1) * v.dilation_w < v.width;
  v.padding = fits && random.integer(0, 1) ? kValid : kSame;
  v.scales = {.input_zero = random.integer(-128, 127),
              .output_zero = random.integer(-128, 127),
              .gain = random.real(0.002f, 0.05f)};
  return v;
}

/// All forms in all precisions, made into cases by `make` after `adapt` has had its say.
template <class Make, class Adapt>
void add_all(std::vector<Case>& cases, Random& random, int random_count, Make make, Adapt adapt) {
  for (Precision precision : {Precision::kInt8, Precision::kInt16, Precision::kFloat}) {
    const auto add = [&](Convolution v) {
      v.precision = precision;
      v.name += suffix(precision);
      adapt(v);
      cases.push_back(make(v, random));
    };
    for (const Convolution& v : named_forms()) add(v);
    for (int i = 0; i < random_count; ++i) add(random_form(i, random));
    if (precision == Precision::kFloat) continue;
    for (const auto& [name, scales] : named_scales()) add({.name = name, .scales = scales});
  }
}

void add_conv_only(std::vector<Case>& cases, Random& random) {
  for (Precision precision : {Precision::kInt8, Precision::kInt16, Precision::kFloat}) {
    const std::string end = suffix(precision);
    for (int groups : {2, 3, 6})
      cases.push_back(conv_case({.name = cat("groups", groups, end),
                                 .precision = precision,
                                 .depth = 6,
                                 .channels = 12,
                                 .groups = groups},
                                random));
    cases.push_back(
        conv_case({.name = cat("no_bias", end), .precision = precision, .bias = false}, random));
  }
  for (const auto& [name, scales] : named_scales())
    cases.push_back(conv_case({.name = cat(name, "_narrow_bias"),
                               .precision = Precision::kInt16,
                               .wide_bias = DType::kInt32,
                               .scales = scales},
                              random));
}

}  // namespace

std::vector<Case> matrix_convolution_cases() {
  std::vector<Case> cases;
  Random random(3);
  add_all(cases, random, 16, conv_case, [](Convolution&) {});
  add_conv_only(cases, random);
  add_all(cases, random, 16, depthwise_case, [multiplier = 0](Convolution& v) mutable {
    v.groups = 1 + multiplier++ % 4;  // depth multipliers 1 to 4 in turn
  });
  add_all(cases, random, 12, transpose_case, [](Convolution& v) {
    v.dilation_h = v.dilation_w = 1;
    if (v.height < v.filter_h || v.width < v.filter_w) v.padding = kSame;
    if (v.name.starts_with("dilated") || v.name.starts_with("strided"))
      v.stride_h = 2, v.stride_w = 3, v.bias = false;
  });
  cases.push_back(transpose_case({.name = "bias_of_16_bits",
                                  .precision = Precision::kInt16,
                                  .stride_h = 2,
                                  .stride_w = 2,
                                  .wide_bias = DType::kInt16},
                                 random));
  return cases;
}

}  // namespace mote::tests
