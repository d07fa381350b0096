#include <cmath>

#include "mote/support/cat.h"
#include "tests/golden/families.h"

/// Activations and normalisations: every 8-bit value at many scales, 16-bit values across the whole
/// range, floats.
namespace mote::tests {
namespace {

constexpr DType kS8 = DType::kInt8, kS16 = DType::kInt16, kF32 = DType::kFloat32;

std::vector<std::byte> bytes_of(const auto& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

/// All 256 values of 8 bits; 512 of 16 bits from end to end, with random low bits.
std::vector<std::byte> sweep(DType type, Random& random) {
  if (type == kS8) {
    std::vector<std::int8_t> values;
    for (int x = -128; x < 128; ++x) values.push_back(static_cast<std::int8_t>(x));
    return bytes_of(values);
  }
  if (type == kF32) {
    std::vector<float> values = random.reals(60, -12, 12);
    for (float x : {0.0f, -0.0f, 1e-6f, -1e-6f, 3.0f, -3.0f, 6.0f, 30.0f, -30.0f, 90.0f, -90.0f})
      values.push_back(x);
    return bytes_of(values);
  }
  std::vector<std::int16_t> values = {-32768, -32767, -1, 0, 1, 32767};
  for (int i = -256; i < 256; ++i)
    values.push_back(static_cast<std::int16_t>(i * 128 + random.integer(0, 127)));
  return bytes_of(values);
}

using AttributeList = std::initializer_list<GraphBuilder::Attribute>;

struct Unary {
  const char* op;
  DType type;
  Quant in, out;
  AttributeList attrs = {};
};

Case make(const Unary& unary, Random& random, std::string name) {
  GraphBuilder b;
  std::vector<std::byte> inputs = sweep(unary.type, random);
  const int n = static_cast<int>(inputs.size()) / size_of(unary.type);
  const int x = b.input(unary.type, {1, n}, unary.in);
  const int y = b.value(unary.type, {1, n}, unary.out);
  b.node(unary.op, {x}, {y}, unary.attrs);
  b.output(y);
  const char* label = unary.type == kS8 ? "int8" : unary.type == kS16 ? "int16" : "float32";
  return {.name = std::move(name), .label = label, .model = b.build(), .inputs = std::move(inputs)};
}

Quant random_quant(DType type, Random& random, float low, float high) {
  if (type == kF32) return {};
  const float scale = std::exp2(random.real(std::log2(low), std::log2(high)));
  if (type == kS16) return {scale / 256, 0};
  const int where = random.integer(0, 7);
  return {scale, where == 0 ? -128 : where == 1 ? 127 : random.integer(-128, 127)};
}

/// `count` cases of one operator and type; the output's scale is free, the input's or this one.
struct Scales {
  enum Output { kFree, kSame, kFixed } output = kFree;
  Quant fixed = {};
  float low = 0.004f, high = 0.4f;
};

void add_unary(std::vector<Case>& cases, Random& random, const char* op, DType type,
               const Scales& scales, int count) {
  for (int i = 0; i < (type == kF32 ? 1 : count); ++i) {
    const Quant in = random_quant(type, random, scales.low, scales.high);
    Quant out = random_quant(type, random, scales.low, scales.high);
    if (scales.output == Scales::kSame) out = in;
    if (scales.output == Scales::kFixed && type != kF32) out = scales.fixed;
    cases.push_back(make({.op = op, .type = type, .in = in, .out = out}, random,
                         cat(op, "_", name_of(type), "_", i)));
  }
}

void add_leaky_relu(std::vector<Case>& cases, Random& random) {
  int i = 0;
  for (double alpha : {0.01, 0.3, -0.5, 0.0, 1.0, 2.5, -3.0})
    for (DType type : {kS8, kS16, kF32})
      cases.push_back(make({.op = "LEAKY_RELU",
                            .type = type,
                            .in = random_quant(type, random, 0.004f, 0.4f),
                            .out = random_quant(type, random, 0.004f, 0.4f),
                            .attrs = {{"alpha", alpha}}},
                           random, cat("LEAKY_RELU_", name_of(type), "_", i++)));
}

void add_prelu(std::vector<Case>& cases, Random& random) {
  struct Form {
    std::vector<int> in, alpha;
  };
  const Form forms[] = {{{1, 3, 4, 5}, {5}},
                        {{1, 3, 4, 5}, {1, 1, 5}},
                        {{2, 3, 2}, {1}},
                        {{1, 2, 3, 4}, {1, 2, 3, 4}},
                        {{1, 2, 3, 4}, {2, 1, 4}}};
  int i = 0;
  for (const Form& form : forms)
    for (DType type : {kS8, kS16, kF32}) {
      GraphBuilder b;
      const int x = b.input(type, form.in, random_quant(type, random, 0.004f, 0.4f));
      const int alpha = b.input(type == kS16 ? kS8 : type, form.alpha,
                                random_quant(type == kS16 ? kS8 : type, random, 0.004f, 0.02f));
      const int y = b.value(type, form.in, random_quant(type, random, 0.004f, 0.4f));
      b.node("PRELU", {x, alpha}, {y});
      b.output(y);
      Case c{.name = cat("PRELU_", name_of(type), "_", i++),
             .label = type == kS8    ? "int8"
                      : type == kS16 ? "int16x8"
                                     : "float32",
             .model = b.build()};
      c.inputs = make_inputs(c.model, random, /*runs=*/5);
      cases.push_back(std::move(c));
    }
}

/// Softmax-like: rows along the last dimension.
struct Rows {
  const char* op;
  DType in_type, out_type;
  Quant in, out;
  std::vector<int> shape;
  AttributeList attrs = {};
};

Case make_rows(const Rows& rows, Random& random, std::string name) {
  GraphBuilder b;
  const int x = b.input(rows.in_type, rows.shape, rows.in);
  const int y = b.value(rows.out_type, rows.shape, rows.out);
  b.node(rows.op, {x}, {y}, rows.attrs);
  b.output(y);
  const bool mixed = rows.in_type != rows.out_type;
  Case c{.name = std::move(name),
         .label = mixed                  ? "int8 to int16"
                  : rows.in_type == kS8  ? "int8"
                  : rows.in_type == kS16 ? "int16"
                                         : "float32",
         .model = b.build()};
  c.inputs = make_inputs(c.model, random, /*runs=*/4);
  return c;
}

const std::vector<int> kRowShapes[] = {{1, 12}, {4, 1},       {3, 7},  {2, 3, 5},
                                       {10},    {1, 2, 2, 3}, {1, 300}};

void add_softmax(std::vector<Case>& cases, Random& random) {
  struct Types {
    DType in, out;
    Quant quant;
  };
  const Types types[] = {{kS8, kS8, {1.0f / 256, -128}},
                         {kS8, kS16, {1.0f / 65536, -32768}},
                         {kS16, kS16, {1.0f / 32768, 0}},
                         {kF32, kF32, {}}};
  int i = 0;
  for (const auto& [in, out, quant] : types)
    for (const auto& shape : kRowShapes)
      for (double beta : {1.0, 0.3, 2.5}) {
        const Quant input = random_quant(in, random, 0.001f, 1.0f);
        cases.push_back(make_rows({.op = "SOFTMAX",
                                   .in_type = in,
                                   .out_type = out,
                                   .in = input,
                                   .out = quant,
                                   .shape = shape,
                                   .attrs = {{"beta", beta}}},
                                  random, cat("SOFTMAX_", name_of(in), "_", i++)));
      }
  for (float scale : {1e-6f, 3.0f, 40.0f})
    cases.push_back(make_rows({.op = "SOFTMAX",
                               .in_type = kS8,
                               .out_type = kS8,
                               .in = {scale, 5},
                               .out = {1.0f / 256, -128},
                               .shape = {3, 9},
                               .attrs = {{"beta", 1.0}}},
                              random, cat("SOFTMAX_extreme_", i++)));
}

void add_rows(std::vector<Case>& cases, Random& random, const char* op, const Quant& out,
              AttributeList attrs) {
  int i = 0;
  for (DType type : {kS8, kF32})
    for (const auto& shape : kRowShapes)
      for (int repeat = 0; repeat < 3; ++repeat)
        cases.push_back(make_rows({.op = op,
                                   .in_type = type,
                                   .out_type = type,
                                   .in = random_quant(type, random, 0.002f, 1.0f),
                                   .out = type == kS8 ? out : Quant(),
                                   .shape = shape,
                                   .attrs = attrs},
                                  random, cat(op, "_", name_of(type), "_", i++)));
}

}  // namespace

std::vector<Case> activation_cases() {
  std::vector<Case> cases;
  Random random(102);
  for (DType type : {kS8, kS16, kF32}) {
    const Quant logistic = type == kS8 ? Quant(1.0f / 256, -128) : Quant(1.0f / 32768, 0);
    const Quant tanh = type == kS8 ? Quant(1.0f / 128, 0) : Quant(1.0f / 32768, 0);
    add_unary(cases, random, "RELU", type, {}, 16);
    add_unary(cases, random, "RELU6", type, {.output = Scales::kSame}, 10);
    add_unary(cases, random, "LOGISTIC", type, {.output = Scales::kFixed, .fixed = logistic}, 12);
    add_unary(cases, random, "TANH", type, {.output = Scales::kFixed, .fixed = tanh}, 12);
    if (type == kS16) continue;
    add_unary(cases, random, "ELU", type, {}, 12);
    add_unary(cases, random, "HARD_SWISH", type, {.low = 0.02f, .high = 0.2f}, 16);
  }
  int i = 0;
  for (const char* op : {"LOGISTIC", "TANH"})
    for (float scale : {1.0f / 4096, 1.0f / 2048, 1.0f / 32768, 1e-6f, 0.5f}) {
      cases.push_back(
          make({op, kS16, {scale, 0}, {1.0f / 32768, 0}}, random, cat(op, "_INT16_scale_", i++)));
      const Quant out = op[0] == 'L' ? Quant(1.0f / 256, -128) : Quant(1.0f / 128, 0);
      const std::string name = cat(op, "_INT8_scale_", i++);
      cases.push_back(make({op, kS8, {scale * 16, i}, out}, random, name));
    }
  add_leaky_relu(cases, random);
  add_prelu(cases, random);
  add_softmax(cases, random);
  add_rows(cases, random, "LOG_SOFTMAX", {1.0f / 16, 127}, {});
  add_rows(cases, random, "L2_NORMALIZATION", {1.0f / 128, 0}, {{"fused_activation_function", 0}});
  return cases;
}

}  // namespace mote::tests
