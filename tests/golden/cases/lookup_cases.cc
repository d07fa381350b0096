#include "mote/support/cat.h"
#include "tests/golden/cases/simple.h"
#include "tests/golden/families.h"

/// What looks elements up: GATHER, GATHER_ND, resizing, and variables that live from run to run.
namespace mote::tests {
namespace {

using enum DType;
using Shape = std::vector<int>;

template <class T>
void append(std::vector<std::byte>& bytes, const std::vector<T>& values) {
  const auto more = std::as_bytes(std::span(values));
  bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Random values for the first input, indices in [0, extent) for the second; three runs.
std::vector<std::byte> inputs_with_indices(const graph::Model& model, Random& random, int extent) {
  const graph::Graph& graph = model.graphs[0];
  const auto count = [&](int i) {
    const int tensor = graph.inputs[static_cast<std::size_t>(i)];
    return static_cast<std::size_t>(
        graph::element_count(graph.tensors[static_cast<std::size_t>(tensor)]));
  };
  std::vector<std::byte> bytes;
  for (int run = 0; run < 3; ++run) {
    if (graph.tensors[static_cast<std::size_t>(graph.inputs[0])].type == kFloat32)
      append(bytes, random.reals(count(0), -9, 9));
    else
      append(bytes, random.integers<std::int8_t>(count(0), -128, 127));
    append(bytes, random.integers<std::int32_t>(count(1), 0, extent - 1));
  }
  return bytes;
}

void add_gathers(Cases& cases) {
  struct Form {
    Shape in, indices;
    int axis, batch_dims = 0;
  };
  const Form forms[] = {{{6}, {4}, 0},
                        {{5, 3}, {2}, 0},
                        {{5, 3}, {7}, 1},
                        {{2, 4, 3}, {2, 2}, 1},
                        {{2, 4, 3}, {3}, -1},
                        {{3, 4, 2}, {3, 5}, 1, 1},
                        {{3, 2, 4}, {3, 2}, 2, 1},
                        {{2, 3, 4, 2}, {2, 3, 2}, 2, 2},
                        {{2, 5}, {2, 3}, 1, -1},
                        {{1, 6, 2, 3}, {1}, 1}};
  for (DType type : {kInt8, kFloat32})
    for (std::size_t i = 0; i < std::size(forms); ++i)
      for (bool fixed : {false, true}) {
        const auto& [shape, indices, axis, batch_dims] = forms[i];
        const int at = axis < 0 ? axis + static_cast<int>(shape.size()) : axis;
        const int batch =
            batch_dims < 0 ? batch_dims + static_cast<int>(indices.size()) : batch_dims;
        const int extent = shape[static_cast<std::size_t>(at)];
        Shape out_shape(shape.begin(), shape.begin() + at);
        out_shape.insert(out_shape.end(), indices.begin() + batch, indices.end());
        out_shape.insert(out_shape.end(), shape.begin() + at + 1, shape.end());
        GraphBuilder b;
        const int in = b.input(type, shape, quant_of(type));
        std::size_t count = 1;
        for (int dim : indices) count *= static_cast<std::size_t>(dim);
        const int where =
            fixed ? b.constant(cases.random().integers<std::int32_t>(count, 0, extent - 1), indices)
                  : b.input(kInt32, indices);
        const int out = b.value(type, out_shape, quant_of(type));
        b.node("GATHER", {in, where}, {out}, {{"axis", axis}, {"batch_dims", batch_dims}});
        b.output(out);
        const std::string name = cat("GATHER_", i, fixed ? "_constant" : "");
        if (fixed)
          cases.add(name, type, b);
        else
          cases.add(name, type, b.build(), inputs_with_indices(b.build(), cases.random(), extent));
      }
}

void add_gathers_nd(Cases& cases) {
  struct Form {
    Shape in, indices, out;
    int smallest;  ///< of the indexed dimensions
  };
  const Form forms[] = {{{5}, {3, 1}, {3}, 5},
                        {{3, 4}, {5, 2}, {5}, 3},
                        {{3, 4}, {2, 2, 1}, {2, 2, 4}, 3},
                        {{2, 3, 4}, {3, 2}, {3, 4}, 2},
                        {{2, 3, 4, 2}, {2, 3}, {2, 2}, 2}};
  for (DType type : {kInt8, kFloat32})
    for (std::size_t i = 0; i < std::size(forms); ++i) {
      GraphBuilder b;
      const int in = b.input(type, forms[i].in, quant_of(type));
      const int where = b.input(kInt32, forms[i].indices);
      const int out = b.value(type, forms[i].out, quant_of(type));
      b.node("GATHER_ND", {in, where}, {out});
      b.output(out);
      cases.add(cat("GATHER_ND_", i), type, b.build(),
                inputs_with_indices(b.build(), cases.random(), forms[i].smallest));
    }
}

void add_resizes(Cases& cases) {
  struct Form {
    Shape in;
    std::vector<int> size;
  };
  const Form forms[] = {{{1, 2, 3, 2}, {4, 6}}, {{1, 5, 4, 1}, {3, 7}}, {{2, 6, 6, 3}, {2, 3}},
                        {{1, 1, 1, 4}, {3, 2}}, {{1, 3, 5, 2}, {1, 1}}, {{1, 7, 3, 1}, {11, 3}}};
  const std::pair<int, int> options[] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};
  for (const char* op : {"RESIZE_NEAREST_NEIGHBOR", "RESIZE_BILINEAR"})
    for (DType type : {kInt8, kInt16, kFloat32})
      for (std::size_t i = 0; i < std::size(forms); ++i)
        for (const auto& [align, half] : options) {
          const bool is_bilinear = std::string_view(op) == "RESIZE_BILINEAR";
          if (is_bilinear && (type == kInt16 || (align == 1 && half == 1))) continue;
          GraphBuilder b;
          const int in = b.input(type, forms[i].in, quant_of(type));
          const Shape shape = {forms[i].in[0], forms[i].size[0], forms[i].size[1], forms[i].in[3]};
          const int out = b.value(type, shape, quant_of(type));
          b.node(op, {in, ints32(b, forms[i].size)}, {out},
                 {{"align_corners", align}, {"half_pixel_centers", half}});
          b.output(out);
          cases.add(cat(op, "_", i, align ? "_corners" : "", half ? "_centers" : ""), type, b);
        }
}

int handle(GraphBuilder& b, const char* name) {
  const int tensor = b.resource();
  b.node("VAR_HANDLE", {}, {tensor}, {{"container", ""}, {"shared_name", name}});
  return tensor;
}

/// Gives each input back one run later; the first run shows what the variable held before.
void add_delays(Cases& cases) {
  for (DType type : {kInt8, kInt16, kFloat32, kInt32, kInt64, kBool}) {
    GraphBuilder b;
    const Quant quant = type == kInt16 ? Quant{0.01f, 0x1234} : quant_of(type);
    const int in = b.input(type, {1, 5}, quant);
    const int out = b.value(type, {1, 5}, quant);
    const int variable = handle(b, "delay");
    b.node("READ_VARIABLE", {variable}, {out});
    b.node("ASSIGN_VARIABLE", {variable, in}, {});
    b.output(out);
    cases.add("delay", type, b, /*runs=*/5);
  }
}

/// Remembers the last four frames, as streaming models do; `start` sets them by a subgraph that
/// runs once.
void add_windows(Cases& cases) {
  for (bool start : {false, true}) {
    GraphBuilder b;
    const Quant quant = {0.1f, -9};
    const int in = b.input(kInt8, {1, 1, 3}, quant);
    const int window = handle(b, "window");
    if (start) b.node("CALL_ONCE", {}, {}, {{"init_subgraph_index", 1}});
    const int old = b.value(kInt8, {1, 4, 3}, quant);
    const int all = b.value(kInt8, {1, 5, 3}, quant);
    const int recent = b.value(kInt8, {1, 4, 3}, quant);
    const int again = b.value(kInt8, {1, 4, 3}, quant);
    b.node("READ_VARIABLE", {window}, {old});
    b.node("CONCATENATION", {old, in}, {all}, {{"axis", 1}});
    b.node("STRIDED_SLICE", {all, ints32(b, {0, 1, 0}), ints32(b, {1, 5, 3}), ints32(b, {1, 1, 1})},
           {recent});
    b.node("ASSIGN_VARIABLE", {window, recent}, {});
    b.node("READ_VARIABLE", {handle(b, "window")}, {again});
    for (int output : {old, recent, again}) b.output(output);
    if (start) {
      b.next_subgraph();
      const int first =
          b.constant(cases.random().integers<std::int8_t>(12, -128, 127), {1, 4, 3}, quant);
      b.node("ASSIGN_VARIABLE", {handle(b, "window"), first}, {});
    }
    cases.add(start ? "window_set_once" : "window", kInt8, b, /*runs=*/7);
  }
}

}  // namespace

std::vector<Case> lookup_cases() {
  Cases cases(/*seed=*/33);
  add_gathers(cases);
  add_gathers_nd(cases);
  add_resizes(cases);
  add_delays(cases);
  add_windows(cases);
  return cases.take();
}

}  // namespace mote::tests
