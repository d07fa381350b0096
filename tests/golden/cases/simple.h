#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mote/support/cat.h"
#include "tests/golden/case.h"

/// Shorthands for families of many small cases.
namespace mote::tests {

/// The label under which mote::ops lists an operator whose tensors all have this type.
inline std::string label_of(DType type) {
  std::string label = name_of(type);
  for (char& c : label) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return label;
}

/// A plain scale for quantised types; none for the others.
inline Quant quant_of(DType type) {
  if (type == DType::kInt8) return {0.5f, -3};
  if (type == DType::kInt16) return {0.01f, 0};
  return {};
}

inline int ints32(GraphBuilder& b, const std::vector<int>& values, std::vector<int> shape = {}) {
  if (shape.empty()) shape = {static_cast<int>(values.size())};
  return b.constant(std::vector<std::int32_t>(values.begin(), values.end()), std::move(shape));
}
inline int ints64(GraphBuilder& b, const std::vector<int>& values) {
  return b.constant(std::vector<std::int64_t>(values.begin(), values.end()),
                    {static_cast<int>(values.size())});
}

/// A constant of one element.
inline int number(GraphBuilder& b, DType type, int value) {
  switch (type) {
    case DType::kInt8:
      return b.constant(std::vector<std::int8_t>{static_cast<std::int8_t>(value)}, {1},
                        quant_of(type));
    case DType::kInt16:
      return b.constant(std::vector<std::int16_t>{static_cast<std::int16_t>(value)}, {1},
                        quant_of(type));
    case DType::kFloat32:
      return b.constant(std::vector<float>{static_cast<float>(value)}, {1});
    default:
      return b.constant(std::vector<std::int32_t>{value}, {1});
  }
}

/// Collects cases named after their form and type, each run on its extremes and on random inputs.
class Cases {
 public:
  explicit Cases(std::uint32_t seed) : random_(seed) {}

  Random& random() { return random_; }
  void add(const std::string& form, DType type, const GraphBuilder& b, int runs = 3) {
    const graph::Model model = b.build();
    add(form, type, model, make_inputs(model, random_, runs));
  }
  /// `label` where the type alone does not say which signature this is.
  void add(const std::string& form, DType type, graph::Model model, std::vector<std::byte> inputs,
           const std::string& label = "") {
    const std::string name = label_of(type);
    cases_.push_back(
        {cat(form, "_", name), label.empty() ? name : label, std::move(model), std::move(inputs)});
  }
  std::vector<Case> take() { return std::move(cases_); }

 private:
  Random random_;
  std::vector<Case> cases_;
};

}  // namespace mote::tests
