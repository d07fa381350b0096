#include "mote/support/cat.h"
#include "tests/golden/cases/simple.h"
#include "tests/golden/families.h"

/// What carries elements from one place to another: every form is shown with every type that the
/// reference has for it.
namespace mote::tests {
namespace {

using enum DType;
using Shape = std::vector<int>;
using Ints = std::vector<std::int64_t>;

constexpr DType kMost[] = {kInt8, kInt16, kFloat32, kInt32};

/// A node that joins inputs: `parts` along `axis` give `whole`.
void add_joins(Cases& cases, const char* op, std::initializer_list<DType> types) {
  const bool packs = std::string_view(op) == "PACK";
  struct Form {
    Shape part;  ///< along the axis, concatenation varies it
    int axis, count;
  };
  const Form forms[] = {{{2, 3}, 1, 2},       {{2, 3}, -1, 3},   {{5}, 0, 10},
                        {{1, 3, 2, 4}, 3, 3}, {{2, 2, 3}, 1, 4}, {{1, 2, 2, 2}, -4, 2}};
  for (DType type : types)
    for (const Form& form : forms) {
      GraphBuilder b;
      const auto rank = static_cast<int>(form.part.size()) + (packs ? 1 : 0);
      const auto axis = static_cast<std::size_t>(form.axis < 0 ? form.axis + rank : form.axis);
      Shape whole = form.part;
      if (packs) whole.insert(whole.begin() + static_cast<int>(axis), form.count);
      std::vector<int> inputs;
      for (int i = 0; i < form.count; ++i) {
        Shape part = form.part;
        if (!packs) part[axis] += i % 3, whole[axis] += i == 0 ? 0 : part[axis];
        inputs.push_back(b.input(type, part, quant_of(type)));
      }
      const int out = b.value(type, whole, quant_of(type));
      b.node(op, inputs, {out}, {{"axis", form.axis}});
      if (packs) b.graph().nodes.back().attrs.set("values_count", std::int64_t{form.count});
      b.output(out);
      cases.add(cat(op, "_axis", form.axis, "_of", form.count, "x", form.part.size(), "d"), type,
                b);
    }
}

/// CONCATENATION of an input with a constant and with itself.
void add_concatenated_constant(Cases& cases) {
  GraphBuilder b;
  const int in = b.input(kInt8, {2, 3}, quant_of(kInt8));
  const int constant = b.constant(std::vector<std::int8_t>{1, -2, 3, -4}, {2, 2}, quant_of(kInt8));
  const int out = b.value(kInt8, {2, 8}, quant_of(kInt8));
  b.node("CONCATENATION", {in, constant, in}, {out}, {{"axis", 1}});
  b.output(out);
  cases.add("concatenation_constant", kInt8, b);
}

void add_splits(Cases& cases) {
  struct Form {
    Shape shape;
    int axis;
    std::vector<int> sizes;
  };
  const Form forms[] = {{{2, 6}, 1, {2, 2, 2}},     {{6}, 0, {3, 3}},
                        {{1, 3, 2, 8}, -1, {4, 4}}, {{4, 2, 3}, -3, {1, 1, 1, 1}},
                        {{2, 7}, 1, {1, 4, 2}},     {{1, 3, 5, 2}, 2, {2, 3}},
                        {{5, 2, 3}, 0, {2, 1, 2}}};
  for (DType type : kMost)
    for (const Form& form : forms)
      for (const char* op : {"SPLIT", "SPLIT_V", "UNPACK"}) {
        const bool even = form.sizes.front() == form.sizes.back() && form.sizes[0] == form.sizes[1];
        const bool unpacks = std::string_view(op) == "UNPACK";
        if ((std::string_view(op) == "SPLIT" && !even)) continue;
        GraphBuilder b;
        const int in = b.input(type, form.shape, quant_of(type));
        const auto axis = static_cast<std::size_t>(
            form.axis < 0 ? form.axis + static_cast<int>(form.shape.size()) : form.axis);
        const int count = unpacks ? form.shape[axis] : static_cast<int>(form.sizes.size());
        std::vector<int> outputs;
        for (int i = 0; i < count; ++i) {
          Shape part = form.shape;
          if (unpacks)
            part.erase(part.begin() + static_cast<int>(axis));
          else
            part[axis] = form.sizes[static_cast<std::size_t>(i)];
          outputs.push_back(b.value(type, part, quant_of(type)));
          b.output(outputs.back());
        }
        const int at = b.constant(std::vector<std::int32_t>{form.axis}, {});
        if (unpacks)
          b.node(op, {in}, outputs, {{"axis", form.axis}, {"num", count}});
        else if (std::string_view(op) == "SPLIT")
          b.node(op, {at, in}, outputs, {{"num_splits", count}});
        else
          b.node(op, {in, ints32(b, form.sizes), at}, outputs, {{"num_splits", count}});
        cases.add(cat(op, "_axis", form.axis, "_to", count, "_of", form.shape[axis], "x",
                      form.shape.size(), "d"),
                  type, b);
      }
}

void add_slices(Cases& cases) {
  struct Form {
    Shape shape;
    std::vector<int> begin, size;
  };
  const Form forms[] = {{{7}, {2}, {3}},
                        {{3, 4}, {1, 0}, {2, -1}},
                        {{2, 5, 4}, {0, 3, 1}, {2, 2, 3}},
                        {{1, 4, 4, 8}, {0, 1, 2, 4}, {1, 2, 2, 4}},
                        {{2, 2, 3, 2, 3}, {1, 0, 1, 1, 0}, {1, 2, 2, 1, -1}}};
  for (DType type : {kInt8, kInt16, kFloat32, kInt32, kBool})
    for (const Form& form : forms) {
      GraphBuilder b;
      const int in = b.input(type, form.shape, quant_of(type));
      Shape shape = form.size;
      for (std::size_t k = 0; k < shape.size(); ++k)
        if (shape[k] == -1) shape[k] = form.shape[k] - form.begin[k];
      const int out = b.value(type, shape, quant_of(type));
      const bool wide = form.shape.size() == 3;
      b.node("SLICE",
             {in, wide ? ints64(b, form.begin) : ints32(b, form.begin),
              wide ? ints64(b, form.size) : ints32(b, form.size)},
             {out});
      b.output(out);
      cases.add(cat("SLICE_", form.shape.size(), "d"), type, b);
    }
}

void add_strided_slices(Cases& cases) {
  struct Form {
    Shape shape;
    std::vector<int> begin, end, strides;
    Shape out;
    int begin_mask = 0, end_mask = 0, shrink_mask = 0;
  };
  const Form forms[] = {
      {{9}, {1}, {8}, {2}, {4}},
      {{9}, {-2}, {1}, {-3}, {2}},
      {{4, 5}, {0, 1}, {4, -1}, {1, 1}, {4, 3}},
      {{4, 5}, {0, 0}, {-100, 0}, {-1, 1}, {4, 5}, 3, 3},
      {{3, 4, 5}, {1, 0, 4}, {2, 4, 0}, {1, 3, -2}, {2, 2}, 0, 0, 1},
      {{3, 4, 5}, {-1, -3, -1}, {0, 0, 0}, {1, 1, 1}, {3}, 0, 2, 5},
      {{1, 6, 6, 4}, {0, 0, 0, 0}, {1, 6, 6, 4}, {1, 2, 2, 1}, {1, 3, 3, 4}},
      {{1, 6, 6, 4}, {0, 1, 5, 3}, {1, 100, -100, 0}, {1, 2, -2, -3}, {1, 3, 3, 1}},
      {{2, 3, 2, 8}, {0, 0, 0, 4}, {0, 0, 0, 8}, {1, 1, 1, 1}, {2, 3, 2, 4}, 7, 7},
  };
  for (DType type : {kInt8, kInt16, kFloat32, kInt32, kBool})
    for (std::size_t i = 0; i < std::size(forms); ++i) {
      const Form& form = forms[i];
      GraphBuilder b;
      const int in = b.input(type, form.shape, quant_of(type));
      const int out = b.value(type, form.out, quant_of(type));
      b.node("STRIDED_SLICE",
             {in, ints32(b, form.begin), ints32(b, form.end), ints32(b, form.strides)}, {out},
             {{"begin_mask", form.begin_mask},
              {"end_mask", form.end_mask},
              {"shrink_axis_mask", form.shrink_mask}});
      b.output(out);
      cases.add(cat("STRIDED_SLICE_", i), type, b);
    }
}

/// Pads `shape` by pairs of numbers.
Shape padded(Shape shape, const std::vector<int>& paddings) {
  for (std::size_t k = 0; k < shape.size(); ++k) shape[k] += paddings[2 * k] + paddings[2 * k + 1];
  return shape;
}

void add_pads(Cases& cases) {
  struct Form {
    Shape shape;
    std::vector<int> paddings;
  };
  const Form forms[] = {{{5}, {2, 1}},
                        {{3, 4}, {0, 0, 1, 3}},
                        {{3, 4}, {1, 2, 0, 0}},
                        {{2, 3, 2}, {1, 0, 0, 2, 1, 1}},
                        {{1, 3, 4, 2}, {0, 0, 1, 1, 2, 0, 0, 0}},
                        {{2, 2, 3, 2}, {0, 1, 2, 0, 0, 1, 1, 0}},
                        {{1, 2, 2, 2, 3}, {1, 0, 0, 1, 0, 0, 2, 1, 0, 1}}};
  for (DType type : kMost)
    for (std::size_t i = 0; i < std::size(forms); ++i)
      for (const char* form : {"PAD", "PADV2", "PADV2_runtime"}) {
        const Shape out_shape = padded(forms[i].shape, forms[i].paddings);
        GraphBuilder b;
        const int in = b.input(type, forms[i].shape, quant_of(type));
        const int out = b.value(type, out_shape, quant_of(type));
        std::vector<int> inputs = {
            in, ints32(b, forms[i].paddings, {static_cast<int>(forms[i].shape.size()), 2})};
        if (std::string_view(form) == "PADV2") inputs.push_back(number(b, type, 42));
        if (std::string_view(form) == "PADV2_runtime")
          inputs.push_back(b.input(type, {1}, quant_of(type)));
        b.node(inputs.size() == 2 ? "PAD" : "PADV2", inputs, {out});
        b.output(out);
        cases.add(cat(form, "_", i), type, b);
      }
}

void add_mirror_pads(Cases& cases) {
  struct Form {
    Shape shape;
    std::vector<int> paddings;
  };
  const Form forms[] = {{{4}, {2, 3}},
                        {{3, 4}, {2, 1, 0, 3}},
                        {{1, 3, 4, 2}, {0, 0, 1, 2, 3, 1, 0, 0}},
                        {{2, 3, 2}, {1, 1, 2, 2, 0, 1}}};
  for (DType type : {kInt8, kFloat32})
    for (std::size_t i = 0; i < std::size(forms); ++i)
      for (int mode : {0, 1}) {
        GraphBuilder b;
        const int in = b.input(type, forms[i].shape, quant_of(type));
        const int out = b.value(type, padded(forms[i].shape, forms[i].paddings), quant_of(type));
        b.node("MIRROR_PAD",
               {in, ints32(b, forms[i].paddings, {static_cast<int>(forms[i].shape.size()), 2})},
               {out}, {{"mode", mode}});
        b.output(out);
        cases.add(cat("MIRROR_PAD_", mode == 0 ? "reflect_" : "symmetric_", i), type, b);
      }
}

void add_transposes(Cases& cases) {
  struct Form {
    Shape shape;
    std::vector<int> permutation;
  };
  const Form forms[] = {{{3, 5}, {1, 0}},
                        {{2, 3, 4}, {0, 2, 1}},
                        {{2, 3, 4}, {1, 0, 2}},
                        {{2, 3, 4}, {2, 1, 0}},
                        {{2, 3, 4}, {1, 2, 0}},
                        {{1, 3, 4, 8}, {0, 3, 1, 2}},
                        {{2, 3, 4, 2}, {3, 1, 2, 0}},
                        {{2, 3, 4, 4}, {0, 2, 1, 3}},
                        {{2, 1, 3, 2, 3}, {4, 1, 0, 3, 2}},
                        {{6}, {0}}};
  for (DType type : {kInt8, kInt16, kFloat32})
    for (std::size_t i = 0; i < std::size(forms); ++i) {
      Shape shape;
      for (int axis : forms[i].permutation)
        shape.push_back(forms[i].shape[static_cast<std::size_t>(axis)]);
      GraphBuilder b;
      const int in = b.input(type, forms[i].shape, quant_of(type));
      const int out = b.value(type, shape, quant_of(type));
      b.node("TRANSPOSE", {in, ints32(b, forms[i].permutation)}, {out});
      b.output(out);
      cases.add(cat("TRANSPOSE_", i), type, b);
    }
}

/// Networks of nothing but other names for the same bytes, and copies of them.
void add_aliases(Cases& cases) {
  for (DType type : {kInt8, kInt16, kFloat32}) {
    GraphBuilder b;
    const int in = b.input(type, {1, 2, 1, 6}, quant_of(type));
    const int squeezed = b.value(type, {2, 6}, quant_of(type));
    const int half = b.value(type, {2, 1, 6}, quant_of(type));
    const int flat = b.value(type, {12}, quant_of(type));
    const int expanded = b.value(type, {2, 6, 1}, quant_of(type));
    b.node("SQUEEZE", {in}, {squeezed});
    b.node("SQUEEZE", {in}, {half}, {{"squeeze_dims", Ints{0}}});
    b.node("RESHAPE", {half}, {flat}, {{"new_shape", Ints{12}}});
    b.node("EXPAND_DIMS", {squeezed, ints32(b, {-1})}, {expanded});
    for (int output : {flat, squeezed, expanded}) b.output(output);
    cases.add("aliases", type, b);
  }
  GraphBuilder b;
  const int in = b.input(kInt8, {4}, quant_of(kInt8));
  const int constant = b.constant(std::vector<std::int8_t>{1, 2, 3, 4}, {2, 2}, quant_of(kInt8));
  const int flat = b.value(kInt8, {4}, quant_of(kInt8));
  const int both = b.value(kInt8, {8}, quant_of(kInt8));
  b.node("RESHAPE", {constant}, {flat}, {{"new_shape", Ints{4}}});
  b.node("CONCATENATION", {in, flat}, {both}, {{"axis", 0}});
  b.output(flat);
  b.output(both);
  cases.add("alias_of_a_constant", kInt8, b);
}

}  // namespace

std::vector<Case> movement_cases() {
  Cases cases(/*seed=*/31);
  add_joins(cases, "CONCATENATION", {kInt8, kInt16, kFloat32, kInt32, kInt64, kBool});
  add_joins(cases, "PACK", {kInt8, kInt16, kFloat32, kInt32, kInt64});
  add_concatenated_constant(cases);
  add_splits(cases);
  add_slices(cases);
  add_strided_slices(cases);
  add_pads(cases);
  add_mirror_pads(cases);
  add_transposes(cases);
  add_aliases(cases);
  return cases.take();
}

}  // namespace mote::tests
