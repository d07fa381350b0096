#include <cmath>

#include "mote/support/cat.h"
#include "tests/golden/families.h"

/// Operators on two tensors: types, forms of broadcasting, scales and fused activations.
namespace mote::tests {
namespace {

using Shape = std::vector<int>;

struct Shapes {
  Shape a, b, out;
};
const Shapes kShapes[] = {
    {{1, 3, 5, 2}, {1, 3, 5, 2}, {1, 3, 5, 2}},
    {{7}, {7}, {7}},
    {{1, 4, 3, 2}, {2}, {1, 4, 3, 2}},
    {{1}, {2, 9}, {2, 9}},
    {{2, 3, 4}, {}, {2, 3, 4}},
    {{2, 1, 4}, {1, 3, 1}, {2, 3, 4}},
    {{1, 5, 1, 3}, {1, 1, 4, 3}, {1, 5, 4, 3}},
    {{2, 3, 2, 3}, {2, 1, 2, 1}, {2, 3, 2, 3}},
    {{3, 1}, {1, 4}, {3, 4}},
    {{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}},
    {{2, 1, 2, 1, 3}, {2, 2, 1}, {2, 1, 2, 2, 3}},
};

struct Quants {
  Quant a, b, out;
};

bool is_quantized(DType type) { return type == DType::kInt8 || type == DType::kInt16; }

/// Scales of any mantissa; zero points anywhere, at the ends one time in four.
Quant random_quant(Random& random, DType type, float low, float high) {
  if (!is_quantized(type)) return {};
  const float scale = std::exp2(random.real(std::log2(low), std::log2(high)));
  if (type == DType::kInt16) return {scale, 0};
  const int where = random.integer(0, 7);
  return {scale, where == 0 ? -128 : where == 1 ? 127 : random.integer(-128, 127)};
}

struct Binary {
  const char* op;
  std::vector<DType> types;
  bool has_activation;
};
const std::vector<DType> kFour = {DType::kInt8, DType::kInt16, DType::kInt32, DType::kFloat32};
const Binary kBinaries[] = {
    {"ADD", kFour, true},
    {"SUB", kFour, true},
    {"MUL", kFour, true},
    {"SQUARED_DIFFERENCE", kFour, false},
    {"DIV", {DType::kInt8, DType::kInt32, DType::kFloat32}, true},
    {"MAXIMUM",
     {DType::kInt8, DType::kInt16, DType::kInt32, DType::kInt64, DType::kFloat32},
     false},
    {"MINIMUM",
     {DType::kInt8, DType::kInt16, DType::kInt32, DType::kInt64, DType::kFloat32},
     false},
};

std::string label_of(DType type) {
  std::string label = name_of(type);
  for (char& c : label) c = static_cast<char>(std::tolower(c));
  return label;
}

bool compares(const Binary& binary) { return binary.op[0] == 'M' && binary.op[1] != 'U'; }

Quants quants_of(const Binary& binary, DType type, Random& random) {
  const Quant a = random_quant(random, type, 0.002f, 0.2f);
  if (compares(binary)) return {a, a, a};
  const Quant b = random_quant(random, type, 0.002f, 0.2f);
  Quant out = random_quant(random, type, 0.002f, 0.5f);
  // The reference's quotients need factors from 64 upwards.
  if (binary.op[0] == 'D' && type == DType::kInt8)
    out.scale[0] = a.scale[0] / (b.scale[0] * random.real(65, 500));
  return {a, b, out};
}

/// No divisor is zero.
std::vector<std::byte> division_inputs(const graph::Graph& graph, Random& random, int runs) {
  std::vector<std::byte> bytes;
  const auto append = [&](auto value) {
    const auto raw = std::as_bytes(std::span(&value, 1));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  };
  for (int run = 0; run < runs; ++run)
    for (int input : graph.inputs) {
      const graph::Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
      const bool is_divisor = input == graph.nodes[0].inputs[1];
      for (std::int64_t i = 0; i < graph::element_count(tensor); ++i) {
        const int sign = random.integer(0, 1) * 2 - 1;
        if (tensor.type == DType::kFloat32) {
          append(static_cast<float>(sign) * random.real(is_divisor ? 0.1f : 0.0f, 4));
        } else if (tensor.type == DType::kInt32) {
          append(std::int32_t{sign * random.integer(is_divisor ? 1 : 0, 1 << (2 + 9 * run % 24))});
        } else {
          const int value = random.integer(-128, 127);
          const bool is_zero = is_divisor && value == tensor.zero_point();
          append(static_cast<std::int8_t>(is_zero ? (value == 127 ? 126 : value + 1) : value));
        }
      }
    }
  return bytes;
}

struct Form {
  Shapes shapes;
  Quants quants;
  int activation = 0;
};

Case make(const Binary& binary, DType type, const Form& form, Random& random, std::string name) {
  GraphBuilder b;
  const int x = b.input(type, form.shapes.a, form.quants.a);
  const int y = b.input(type, form.shapes.b, form.quants.b);
  const int out = b.value(type, form.shapes.out, form.quants.out);
  if (binary.has_activation)
    b.node(binary.op, {x, y}, {out}, {{"fused_activation_function", form.activation}});
  else
    b.node(binary.op, {x, y}, {out});
  b.output(out);
  Case c{.name = std::move(name), .label = label_of(type), .model = b.build()};
  c.inputs = binary.op[0] == 'D' ? division_inputs(c.model.graphs[0], random, /*runs=*/4)
                                 : make_inputs(c.model, random, /*runs=*/4);
  return c;
}

/// Scales at which something happens: equal ones, powers of two, inputs far apart, saturating and
/// vanishing outputs.
std::vector<Quants> special_quants(DType type) {
  const int low = type == DType::kInt8 ? -128 : 0, high = type == DType::kInt8 ? 127 : 0;
  return {
      {{0.5f, 0}, {0.5f, 0}, {0.5f, 0}},          {{0.1f, high}, {0.1f, low}, {0.1f, 0}},
      {{1.0f, low}, {0.001f, high}, {1.0f, low}}, {{0.001f, 0}, {1.0f, 0}, {0.7f, high}},
      {{0.3f, 0}, {0.3f, 0}, {0.001f, 0}},        {{0.01f, low}, {0.01f, low}, {9.0f, low}},
      {{4.0f, 0}, {4.0f, 0}, {0.25f, 0}},         {{3e-5f, 0}, {3e-5f, 0}, {3e-5f, 0}},
  };
}

void add_cases(const Binary& binary, DType type, Random& random, std::vector<Case>& cases) {
  const std::string stem = cat(binary.op, "_", label_of(type));
  const bool activates = binary.has_activation && !(type == DType::kInt32 && binary.op[0] == 'A');
  int index = 0;
  for (const Shapes& shapes : kShapes) {
    const Form form = {.shapes = shapes,
                       .quants = quants_of(binary, type, random),
                       .activation = activates ? index % 4 : 0};
    cases.push_back(make(binary, type, form, random, cat(stem, "_shape", index)));
    Form swapped = form;
    std::swap(swapped.shapes.a, swapped.shapes.b);
    swapped.activation = activates ? (index + 1) % 4 : 0;
    cases.push_back(make(binary, type, swapped, random, cat(stem, "_swapped", index)));
    ++index;
  }
  if (!is_quantized(type) || compares(binary) || binary.op[0] == 'D') return;
  index = 0;
  for (const Quants& quants : special_quants(type)) {
    const Form form = {.shapes = kShapes[0], .quants = quants};
    cases.push_back(make(binary, type, form, random, cat(stem, "_scales", index++)));
  }
}

/// The second input is a constant.
Case add_constant(Random& random) {
  GraphBuilder b;
  const int x = b.input(DType::kInt8, {1, 2, 3, 4}, {0.05f, 3});
  const int y = b.constant(random.integers<std::int8_t>(4, -128, 127), {4}, {0.02f, -7});
  const int out = b.value(DType::kInt8, {1, 2, 3, 4}, {0.06f, 1});
  b.node("ADD", {x, y}, {out});
  b.output(out);
  Case c{.name = "ADD_int8_constant", .label = "int8", .model = b.build()};
  c.inputs = make_inputs(c.model, random, /*runs=*/4);
  return c;
}

}  // namespace

std::vector<Case> elementwise_cases() {
  std::vector<Case> cases;
  Random random(101);
  for (const Binary& binary : kBinaries)
    for (DType type : binary.types) add_cases(binary, type, random, cases);
  cases.push_back(add_constant(random));
  return cases;
}

}  // namespace mote::tests
