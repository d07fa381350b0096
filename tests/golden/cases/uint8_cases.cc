#include "mote/support/cat.h"
#include "tests/golden/cases/simple.h"
#include "tests/golden/families.h"

/// UINT8, with zero points anywhere in activations and filters: what networks of before 2020 have.
namespace mote::tests {
namespace {

using enum DType;
using Shape = std::vector<int>;
using Attrs = std::initializer_list<GraphBuilder::Attribute>;

/// Scales and zero points of a layer, ordinary and at the ends.
struct LayerQuant {
  Quant in, filter, out;
};
const LayerQuant kLayerQuants[] = {{{0.0078125f, 128}, {0.011f, 121}, {0.0235f, 0}},
                                   {{0.02f, 0}, {0.004f, 128}, {0.0061f, 255}},
                                   {{0.5f, 255}, {0.3f, 0}, {2.7f, 131}},
                                   {{0.0231f, 3}, {0.0173f, 255}, {0.05f, 17}}};

int filter_of(GraphBuilder& b, Random& random, const Shape& shape, const Quant& quant) {
  std::size_t count = 1;
  for (int dim : shape) count *= static_cast<std::size_t>(dim);
  return b.constant(random.integers<std::uint8_t>(count, 0, 255), shape, quant);
}

int bias_of(GraphBuilder& b, Random& random, int channels, const LayerQuant& q) {
  return b.constant(random.integers<std::int32_t>(static_cast<std::size_t>(channels), -2000, 2000),
                    {channels}, {q.in.scale[0] * q.filter.scale[0], 0});
}

void add_conv(Cases& cases, std::size_t q, bool same, int stride, int dilation, int activation) {
  const LayerQuant& quant = kLayerQuants[q];
  GraphBuilder b;
  const int in = b.input(kUint8, {1, 7, 6, 5}, quant.in);
  const int reach = 2 * dilation + 1;
  const auto size = [&](int n) {
    return same ? (n + stride - 1) / stride : (n - reach) / stride + 1;
  };
  const int out = b.value(kUint8, {1, size(7), size(6), 9}, quant.out);
  const int filter = filter_of(b, cases.random(), {9, 3, 3, 5}, quant.filter);
  b.node("CONV_2D", {in, filter, bias_of(b, cases.random(), 9, quant)}, {out},
         {{"padding", same ? 0 : 1},
          {"stride_h", stride},
          {"stride_w", stride},
          {"dilation_h_factor", dilation},
          {"dilation_w_factor", dilation},
          {"fused_activation_function", activation}});
  b.output(out);
  cases.add(cat("conv_", q, same ? "_same" : "_valid", "_stride", stride, "_dilation", dilation),
            kUint8, b, 5);
}

void add_depthwise(Cases& cases, std::size_t q, bool same, int stride, int multiplier) {
  const LayerQuant& quant = kLayerQuants[q];
  GraphBuilder b;
  const int in = b.input(kUint8, {1, 6, 8, 17}, quant.in), channels = 17 * multiplier;
  const auto size = [&](int n) { return same ? (n + stride - 1) / stride : (n - 3) / stride + 1; };
  const int out = b.value(kUint8, {1, size(6), size(8), channels}, quant.out);
  const int filter = filter_of(b, cases.random(), {1, 3, 3, channels}, quant.filter);
  b.node("DEPTHWISE_CONV_2D", {in, filter, bias_of(b, cases.random(), channels, quant)}, {out},
         {{"padding", same ? 0 : 1},
          {"stride_h", stride},
          {"stride_w", stride},
          {"dilation_h_factor", 1},
          {"dilation_w_factor", 1},
          {"depth_multiplier", multiplier},
          {"fused_activation_function", 3}});
  b.output(out);
  cases.add(cat("depthwise_", q, same ? "_same" : "_valid", "_stride", stride, "_by", multiplier),
            kUint8, b, 5);
}

void add_dense(Cases& cases, std::size_t q, int activation) {
  const LayerQuant& quant = kLayerQuants[q];
  GraphBuilder b;
  const int in = b.input(kUint8, {3, 37}, quant.in);
  const int out = b.value(kUint8, {3, 11}, quant.out);
  const int filter = filter_of(b, cases.random(), {11, 37}, quant.filter);
  b.node("FULLY_CONNECTED", {in, filter, bias_of(b, cases.random(), 11, quant)}, {out},
         {{"fused_activation_function", activation}});
  b.output(out);
  cases.add(cat("dense_", q), kUint8, b, 5);
}

void add_layers(Cases& cases) {
  for (std::size_t q = 0; q < std::size(kLayerQuants); ++q) {
    for (bool same : {false, true})
      for (int stride : {1, 2}) {
        add_conv(cases, q, same, stride, 1, static_cast<int>(q));
        add_depthwise(cases, q, same, stride, stride);
      }
    add_conv(cases, q, false, 1, 2, 0);
    add_dense(cases, q, static_cast<int>(q));
  }
}

/// A node with inputs of these shapes, all of one rank, and its output.
void add_node(Cases& cases, const std::string& name, const char* op, const std::vector<Shape>& in,
              const std::vector<Quant>& in_quants, const Shape& out, const Quant& out_quant,
              Attrs attrs = {}) {
  GraphBuilder b;
  std::vector<int> inputs;
  for (std::size_t i = 0; i < in.size(); ++i)
    inputs.push_back(b.input(kUint8, in[i], in_quants[i]));
  const int output = b.value(kUint8, out, out_quant);
  b.node(op, inputs, {output}, attrs);
  b.output(output);
  cases.add(name, kUint8, b, 6);
}

void add_sums_and_products(Cases& cases) {
  const Quant a{0.02f, 128}, c{0.05f, 3}, out{0.061f, 117};
  for (const char* op : {"ADD", "MUL"})
    for (int activation : {0, 1, 2, 3}) {
      add_node(cases, cat(op, "_", activation), op, {{2, 3, 5}, {2, 3, 5}}, {a, c}, {2, 3, 5}, out,
               {{"fused_activation_function", activation}});
      add_node(cases, cat(op, "_broadcast_", activation), op, {{1, 2, 3, 5}, {5}}, {c, a},
               {1, 2, 3, 5}, {0.013f, 255}, {{"fused_activation_function", activation}});
    }
  // A factor that differs between products in float and in double.
  add_node(cases, "MUL_in_float", "MUL", {{64}, {64}}, {{0.1f, 0}, {0.3f, 0}}, {64}, {7.7f, 0},
           {{"fused_activation_function", 0}});
}

void add_pools(Cases& cases) {
  const Quant quant{0.0235f, 7};
  for (const char* op : {"AVERAGE_POOL_2D", "MAX_POOL_2D"})
    for (int activation : {0, 1, 3}) {
      add_node(cases, cat(op, "_valid_", activation), op, {{1, 6, 7, 19}}, {quant}, {1, 5, 6, 19},
               quant,
               {{"padding", 1},
                {"stride_h", 1},
                {"stride_w", 1},
                {"filter_height", 2},
                {"filter_width", 2},
                {"fused_activation_function", activation}});
      add_node(cases, cat(op, "_same_", activation), op, {{1, 7, 7, 3}}, {quant}, {1, 3, 4, 3},
               quant,
               {{"padding", 0},
                {"stride_h", 3},
                {"stride_w", 2},
                {"filter_height", 3},
                {"filter_width", 4},
                {"fused_activation_function", activation}});
    }
}

void add_functions(Cases& cases) {
  int form = 0;
  for (float scale : {0.0078125f, 0.07f, 0.31f}) {
    const std::vector<Quant> in = {{scale, 128}}, low = {{scale, 9}};
    const std::string tail = cat("_", form++);
    add_node(cases, cat("softmax", tail), "SOFTMAX", {{3, 41}}, in, {3, 41}, {1.0f / 256, 0},
             {{"beta", 1.0}});
    add_node(cases, cat("softmax_beta", tail), "SOFTMAX", {{3, 41}}, low, {3, 41}, {1.0f / 256, 0},
             {{"beta", 0.5}});
    add_node(cases, cat("logistic", tail), "LOGISTIC", {{256}}, in, {256}, {1.0f / 256, 0});
    add_node(cases, cat("tanh", tail), "TANH", {{256}}, in, {256}, {1.0f / 128, 128});
    add_node(cases, cat("relu", tail), "RELU", {{256}}, in, {256}, {0.05f, 12});
    add_node(cases, cat("relu6", tail), "RELU6", {{256}}, low, {256}, low[0]);
    add_node(cases, cat("requantize", tail), "QUANTIZE", {{256}}, in, {256}, {0.05f, 12});
  }
}

void add_joins(Cases& cases) {
  const Quant a{0.02f, 128}, c{0.05f, 3}, d{0.0137f, 255};
  add_node(cases, "concatenation_of_one_scale", "CONCATENATION", {{2, 3, 4}, {2, 5, 4}}, {a, a},
           {2, 8, 4}, a, {{"axis", 1}});
  add_node(cases, "concatenation_of_several_scales", "CONCATENATION",
           {{2, 3, 40}, {2, 3, 50}, {2, 3, 60}}, {a, c, d}, {2, 3, 150}, {0.031f, 100},
           {{"axis", -1}});
  add_node(cases, "concatenation_along_the_first", "CONCATENATION", {{2, 64}, {1, 64}}, {a, d},
           {3, 64}, a, {{"axis", 0}});
}

/// A node whose second input and further ones are INT32 constants.
void add_moved(Cases& cases, const std::string& name, const char* op, const Shape& in,
               const Quant& quant, const std::vector<std::vector<int>>& constants, const Shape& out,
               const Quant& out_quant, Attrs attrs = {}) {
  GraphBuilder b;
  std::vector<int> inputs = {b.input(kUint8, in, quant)};
  for (const auto& values : constants) {
    const bool pairs = std::string_view(op).starts_with("PAD");
    inputs.push_back(pairs ? ints32(b, values, {static_cast<int>(values.size()) / 2, 2})
                           : ints32(b, values));
  }
  const int output = b.value(kUint8, out, out_quant);
  b.node(op, inputs, {output}, attrs);
  b.output(output);
  cases.add(name, kUint8, b, 4);
}

void add_padv2(Cases& cases, const Quant& quant) {
  GraphBuilder b;
  const int in = b.input(kUint8, {2, 3}, quant), out = b.value(kUint8, {4, 6}, quant);
  const int value = b.constant(std::vector<std::uint8_t>{201}, {1}, quant);
  b.node("PADV2", {in, ints32(b, {1, 1, 2, 1}, {2, 2}), value}, {out});
  b.output(out);
  cases.add("padv2", kUint8, b);
}

void add_movements(Cases& cases) {
  const Quant q{0.5f, 77};
  add_moved(cases, "pad", "PAD", {1, 3, 4, 2}, q, {{0, 0, 1, 2, 2, 0, 0, 1}}, {1, 6, 6, 3}, q);
  add_padv2(cases, q);
  add_moved(cases, "transpose", "TRANSPOSE", {2, 3, 4}, q, {{2, 0, 1}}, {4, 2, 3}, q);
  add_moved(cases, "slice", "SLICE", {4, 5, 6}, q, {{1, 0, 2}, {2, 5, 3}}, {2, 5, 3}, q);
  add_moved(cases, "strided_slice", "STRIDED_SLICE", {5, 8}, q, {{0, 7}, {5, 0}, {2, -2}}, {3, 4},
            q);
  const Attrs settings[] = {{{"align_corners", 0}, {"half_pixel_centers", 0}},
                            {{"align_corners", 1}, {"half_pixel_centers", 0}},
                            {{"align_corners", 0}, {"half_pixel_centers", 1}}};
  int form = 0;
  for (const Attrs& attrs : settings) {
    for (const char* op : {"RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR"}) {
      add_moved(cases, cat(op, "_up_", form), op, {1, 3, 4, 2}, q, {{7, 9}}, {1, 7, 9, 2}, q,
                attrs);
      add_moved(cases, cat(op, "_down_", form), op, {2, 9, 7, 3}, q, {{4, 3}}, {2, 4, 3, 3}, q,
                attrs);
    }
    ++form;
  }
}

void add_means(Cases& cases) {
  const Quant scales[][2] = {
      {{0.5f, 77}, {0.5f, 77}}, {{0.02f, 255}, {0.013f, 0}}, {{0.9f, 0}, {0.004f, 255}}};
  for (std::size_t s = 0; s < std::size(scales); ++s) {
    const auto& [in, out] = scales[s];
    add_moved(cases, cat("mean_keep_", s), "MEAN", {1, 7, 7, 20}, in, {{1, 2}}, {1, 1, 1, 20}, out,
              {{"keep_dims", 1}});
    add_moved(cases, cat("mean_", s), "MEAN", {2, 3, 4, 5}, in, {{3, 0}}, {3, 4}, out,
              {{"keep_dims", 0}});
  }
}

void add_quantize(Cases& cases) {
  GraphBuilder b;
  const int in = b.input(kFloat32, {64}), out = b.value(kUint8, {64}, {0.03f, 131});
  b.node("QUANTIZE", {in}, {out});
  b.output(out);
  const graph::Model model = b.build();
  auto inputs = make_inputs(model, cases.random(), 5);
  cases.add("quantize_float32_to", kUint8, model, std::move(inputs), "float32 to uint8");
}

/// Several layers, so that what stays inside is INT8 throughout.
void add_network(Cases& cases) {
  const LayerQuant& q = kLayerQuants[0];
  GraphBuilder b;
  const int in = b.input(kUint8, {1, 8, 8, 3}, q.in);
  const int conv = b.value(kUint8, {1, 8, 8, 8}, q.out),
            pool = b.value(kUint8, {1, 1, 1, 8}, q.out);
  const int flat = b.value(kUint8, {1, 8}, q.out), logits = b.value(kUint8, {1, 8}, {0.1f, 90});
  const int out = b.value(kUint8, {1, 8}, {1.0f / 256, 0});
  b.node("CONV_2D", {in, filter_of(b, cases.random(), {8, 1, 1, 3}, q.filter)}, {conv},
         {{"padding", 0},
          {"stride_h", 1},
          {"stride_w", 1},
          {"dilation_h_factor", 1},
          {"dilation_w_factor", 1},
          {"fused_activation_function", 3}});
  b.node("AVERAGE_POOL_2D", {conv}, {pool},
         {{"padding", 1},
          {"stride_h", 1},
          {"stride_w", 1},
          {"filter_height", 8},
          {"filter_width", 8},
          {"fused_activation_function", 0}});
  b.node("RESHAPE", {pool}, {flat});
  b.node("ADD", {flat, flat}, {logits}, {{"fused_activation_function", 0}});
  b.node("SOFTMAX", {logits}, {out}, {{"beta", 1.0}});
  b.output(out);
  b.output(flat);
  cases.add("network", kUint8, b, 6);
}

}  // namespace

std::vector<Case> uint8_cases() {
  Cases cases(/*seed=*/2019);
  add_layers(cases);
  add_sums_and_products(cases);
  add_pools(cases);
  add_functions(cases);
  add_joins(cases);
  add_movements(cases);
  add_means(cases);
  add_quantize(cases);
  add_network(cases);
  return cases.take();
}

}  // namespace mote::tests
