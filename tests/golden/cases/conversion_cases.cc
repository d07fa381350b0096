#include <cmath>

#include "mote/support/cat.h"
#include "tests/golden/families.h"

/// Conversions between types, and functions of one element.
namespace mote::tests {
namespace {

constexpr DType kF32 = DType::kFloat32, kS8 = DType::kInt8, kU8 = DType::kUint8,
                kS16 = DType::kInt16, kS32 = DType::kInt32, kBool = DType::kBool;

std::string lower_name(DType type) {
  std::string name = name_of(type);
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  return name;
}

struct Conversion {
  const char* op;
  DType from, to;
  Quant in = {}, out = {};
};

/// "int8" for one type, "int8 to int16" for two; DEQUANTIZE is named by its input alone.
std::string label_of(const Conversion& c) {
  if (c.from == c.to || c.op[0] == 'D') return lower_name(c.from);
  return cat(lower_name(c.from), " to ", lower_name(c.to));
}

/// Random elements, the ends of the type first; floats in [-range, range].
Case make(const Conversion& conversion, const std::vector<int>& shape, Random& random,
          std::string name, float range = 4) {
  GraphBuilder b;
  const int x = b.input(conversion.from, shape, conversion.in);
  const int y = b.value(conversion.to, shape, conversion.out);
  b.node(conversion.op, {x}, {y});
  b.output(y);
  Case c{.name = std::move(name), .label = label_of(conversion), .model = b.build()};
  c.inputs = make_inputs(c.model, random, /*runs=*/6, range);
  return c;
}

Quant random_quant(DType type, Random& random, float low, float high) {
  if (type == kF32) return {};
  const float scale = std::exp2(random.real(std::log2(low), std::log2(high)));
  const int bottom = type == kU8 ? 0 : -128, where = random.integer(0, 5);
  if (type == kS32) return {scale, 0};
  if (type == kS16) return {scale / 256, where == 0 ? random.integer(-999, 999) : 0};
  return {scale, where == 0   ? bottom
                 : where == 1 ? bottom + 255
                              : random.integer(bottom, bottom + 255)};
}

void add_quantize(std::vector<Case>& cases, Random& random) {
  struct Pair {
    DType from, to;
  };
  const Pair pairs[] = {{kF32, kS8},  {kF32, kS16}, {kS8, kS8},  {kS8, kU8},
                        {kU8, kS8},   {kS8, kS16},  {kS8, kS32}, {kS16, kS8},
                        {kS16, kS16}, {kS16, kS32}, {kS32, kS8}, {kS32, kS16}};
  for (const auto& [from, to] : pairs)
    for (int i = 0; i < 8; ++i) {
      const float low = from == kS32 ? 1e-7f : 0.004f, high = from == kS32 ? 1e-5f : 0.4f;
      Quant in = random_quant(from, random, low, high);
      Quant out = random_quant(to, random, 0.004f, 0.4f);
      if (i == 0 && from != kF32) out.scale = in.scale;
      if (to == kS32) out.scale[0] = in.scale[0] / 1000;
      cases.push_back(make({"QUANTIZE", from, to, in, out}, {1, 40}, random,
                           cat("QUANTIZE_", name_of(from), "_", name_of(to), "_", i)));
    }
  // Between signed and unsigned bytes that mean the same.
  cases.push_back(make({"QUANTIZE", kS8, kU8, {0.1f, -128}, {0.1f, 0}}, {2, 64}, random,
                       "QUANTIZE_flip_to_uint8"));
  cases.push_back(make({"QUANTIZE", kU8, kS8, {0.1f, 128}, {0.1f, 0}}, {2, 64}, random,
                       "QUANTIZE_flip_to_int8"));
}

void add_dequantize(std::vector<Case>& cases, Random& random) {
  for (DType type : {kS8, kU8, kS16})
    for (int i = 0; i < 4; ++i)
      cases.push_back(make({"DEQUANTIZE", type, kF32, random_quant(type, random, 0.004f, 0.4f)},
                           {2, 3, 4}, random, cat("DEQUANTIZE_", name_of(type), "_", i)));
}

void add_cast(std::vector<Case>& cases, Random& random) {
  for (DType from : {kS8, kS16, kS32, kF32, kBool})
    for (DType to : {kS8, kS16, kS32, kF32})
      cases.push_back(make({"CAST", from, to}, {3, 11}, random,
                           cat("CAST_", name_of(from), "_", name_of(to)), /*range=*/100));
}

/// Where the function is defined: [low, high].
struct Function {
  const char* op;
  float low, high;
};
constexpr Function kFunctions[] = {
    {"ABS", -9, 9},    {"NEG", -9, 9},   {"SQRT", 0, 50},   {"RSQRT", 0.01f, 9},
    {"SQUARE", -9, 9}, {"EXP", -9, 9},   {"LOG", 0.01f, 9}, {"SIN", -9, 9},
    {"COS", -9, 9},    {"FLOOR", -9, 9}, {"CEIL", -9, 9},   {"ROUND", -9, 9},
};

Case make_function(const Function& f, Random& random) {
  GraphBuilder b;
  std::vector<float> values = random.reals(50, f.low, f.high);
  for (float x : {f.low, f.high}) values.push_back(x);
  if (f.low < 0)
    for (float x : {-2.5f, -1.5f, -0.5f, 0.0f, 0.5f, 1.5f, 2.5f, 3.0f}) values.push_back(x);
  const int n = static_cast<int>(values.size());
  const int x = b.input(kF32, {n}), y = b.value(kF32, {n});
  b.node(f.op, {x}, {y});
  b.output(y);
  Case c{.name = cat(f.op, "_float32"), .label = "float32", .model = b.build()};
  c.inputs = join_inputs({std::as_bytes(std::span(values))});
  return c;
}

void add_abs(std::vector<Case>& cases, Random& random) {
  for (int i = 0; i < 6; ++i) {
    const Quant in = random_quant(kS8, random, 0.01f, 0.1f);
    const Quant out = i == 0 ? in : random_quant(kS8, random, 0.01f, 0.1f);
    cases.push_back(make({"ABS", kS8, kS8, in, out}, {80}, random, cat("ABS_int8_", i)));
    const Quant wide = {in.scale[0], 0}, wide_out = {out.scale[0], 0};
    cases.push_back(make({"ABS", kS16, kS16, wide, wide_out}, {80}, random, cat("ABS_int16_", i)));
  }
}

/// Every value that is not below the zero point.
void add_rsqrt(std::vector<Case>& cases, Random& random) {
  for (int zero_point : {-128, -20, 0, 100})
    for (int i = 0; i < 3; ++i) {
      std::vector<std::int8_t> values;
      for (int x = zero_point; x < 128; ++x) values.push_back(static_cast<std::int8_t>(x));
      const int n = static_cast<int>(values.size());
      GraphBuilder b;
      const int x = b.input(kS8, {n}, {random.real(0.01f, 0.2f), zero_point});
      const int y = b.value(kS8, {n}, {random.real(0.004f, 0.1f), random.integer(-128, 127)});
      b.node("RSQRT", {x}, {y});
      b.output(y);
      Case c{.name = cat("RSQRT_int8_", zero_point + 128, "_", i),
             .label = "int8",
             .model = b.build()};
      c.inputs = join_inputs({std::as_bytes(std::span(values))});
      cases.push_back(std::move(c));
    }
}

}  // namespace

std::vector<Case> conversion_cases() {
  std::vector<Case> cases;
  Random random(103);
  add_quantize(cases, random);
  add_dequantize(cases, random);
  add_cast(cases, random);
  for (const Function& f : kFunctions) cases.push_back(make_function(f, random));
  add_abs(cases, random);
  add_rsqrt(cases, random);
  return cases;
}

}  // namespace mote::tests
