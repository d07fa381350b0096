#include "mote/support/cat.h"
#include "tests/golden/cases/simple.h"
#include "tests/golden/families.h"

/// What reorders or repeats the elements of one tensor.
namespace mote::tests {
namespace {

using enum DType;
using Shape = std::vector<int>;

constexpr DType kAll[] = {kInt8, kInt16, kFloat32, kInt32, kInt64, kBool, kUint8};

void add_blocks(Cases& cases) {
  struct Form {
    Shape wide;
    int block;
  };
  const Form forms[] = {{{1, 4, 6, 1}, 2}, {{2, 3, 3, 2}, 3}, {{1, 4, 4, 4}, 2}, {{1, 2, 5, 3}, 1}};
  for (DType type : {kInt8, kFloat32})
    for (std::size_t i = 0; i < std::size(forms); ++i)
      for (const char* op : {"DEPTH_TO_SPACE", "SPACE_TO_DEPTH"}) {
        const auto& [wide, block] = forms[i];
        const Shape deep = {wide[0], wide[1] / block, wide[2] / block, wide[3] * block * block};
        const bool widens = std::string_view(op) == "DEPTH_TO_SPACE";
        GraphBuilder b;
        const int in = b.input(type, widens ? deep : wide, quant_of(type));
        const int out = b.value(type, widens ? wide : deep, quant_of(type));
        b.node(op, {in}, {out}, {{"block_size", block}});
        b.output(out);
        cases.add(cat(op, "_", i), type, b);
      }
}

void add_batches(Cases& cases) {
  struct Form {
    Shape whole;
    std::vector<int> blocks, margins;
  };
  const Form forms[] = {{{1, 4, 6, 3}, {2, 3}, {0, 0, 0, 0}}, {{2, 5, 4, 1}, {3, 2}, {1, 0, 0, 2}},
                        {{1, 3, 3, 4}, {2, 2}, {0, 1, 1, 0}}, {{1, 7, 2}, {3}, {1, 1}},
                        {{2, 1, 1, 2}, {4, 4}, {2, 1, 3, 0}}, {{1, 4, 3, 2}, {1, 1}, {0, 2, 1, 0}}};
  for (DType type : {kInt8, kFloat32})
    for (std::size_t i = 0; i < std::size(forms); ++i)
      for (const char* op : {"BATCH_TO_SPACE_ND", "SPACE_TO_BATCH_ND"}) {
        const auto& [whole, blocks, margins] = forms[i];
        Shape dealt = whole;
        for (std::size_t k = 0; k < blocks.size(); ++k) {
          dealt[k + 1] = (whole[k + 1] + margins[2 * k] + margins[2 * k + 1]) / blocks[k];
          dealt[0] *= blocks[k];
        }
        const bool gathers = std::string_view(op) == "BATCH_TO_SPACE_ND";
        // The reference never sets the byte that it pads with; it happens to be 0.
        const Quant quant = type == kInt8 ? Quant{0.5f, 0} : Quant{};
        GraphBuilder b;
        const int in = b.input(type, gathers ? dealt : whole, quant);
        const int at = ints32(b, blocks);
        const int edges = ints32(b, margins, {static_cast<int>(blocks.size()), 2});
        const int out = b.value(type, gathers ? whole : dealt, quant);
        b.node(op, {in, at, edges}, {out});
        b.output(out);
        cases.add(cat(op, "_", i), type, b);
      }
}

void add_reversals(Cases& cases) {
  struct Form {
    Shape shape;
    std::vector<int> axes;
  };
  const Form forms[] = {{{5}, {0}},          {{3, 4}, {1}},    {{3, 4}, {0}},
                        {{3, 4}, {-1, 0}},   {{2, 3, 4}, {1}}, {{2, 3, 4}, {1, 2}},
                        {{2, 3, 2, 4}, {-3}}};
  for (DType type : kAll)
    for (std::size_t i = 0; i < std::size(forms); ++i) {
      GraphBuilder b;
      const int in = b.input(type, forms[i].shape, quant_of(type));
      const int out = b.value(type, forms[i].shape, quant_of(type));
      b.node("REVERSE_V2", {in, ints32(b, forms[i].axes)}, {out});
      b.output(out);
      cases.add(cat("REVERSE_V2_", i), type, b);
    }
}

void add_broadcasts(Cases& cases) {
  struct Form {
    Shape in, out;
  };
  const Form forms[] = {{{1}, {5}},
                        {{3}, {2, 3}},
                        {{2, 1}, {2, 4}},
                        {{1, 3, 1}, {2, 3, 4}},
                        {{2, 1, 3, 1}, {2, 2, 3, 2}},
                        {{2, 3}, {2, 3}}};
  for (DType type : kAll)
    for (std::size_t i = 0; i < std::size(forms); ++i) {
      GraphBuilder b;
      const int in = b.input(type, forms[i].in, quant_of(type));
      const int out = b.value(type, forms[i].out, quant_of(type));
      b.node("BROADCAST_TO", {in, i % 2 ? ints64(b, forms[i].out) : ints32(b, forms[i].out)},
             {out});
      b.output(out);
      cases.add(cat("BROADCAST_TO_", i), type, b);
    }
}

void add_known(Cases& cases) {
  for (DType type : {kInt8, kFloat32, kInt32}) {
    GraphBuilder b;
    const int value = b.input(type, {}, quant_of(type));
    const int out = b.value(type, {2, 7}, quant_of(type));
    b.node("FILL", {ints32(b, {2, 7}), value}, {out});
    b.output(out);
    cases.add("FILL", type, b);
  }
  for (DType type : {kInt8, kFloat32, kInt32, kInt64}) {
    GraphBuilder b;
    const int in = b.input(type, {3, 5}, quant_of(type));
    const int out = b.value(type, {3, 5}, quant_of(type));
    b.node("ZEROS_LIKE", {in}, {out});
    b.output(out);
    cases.add("ZEROS_LIKE", type, b);
  }
  GraphBuilder b;
  const int in = b.input(kInt8, {3, 1, 4, 1, 5}, quant_of(kInt8));
  const int out = b.value(kInt32, {5});
  b.node("SHAPE", {in}, {out}, {{"out_type", 2}});
  b.output(out);
  cases.add("SHAPE", kInt32, b);
}

}  // namespace

std::vector<Case> rearrange_cases() {
  Cases cases(/*seed=*/34);
  add_blocks(cases);
  add_batches(cases);
  add_reversals(cases);
  add_broadcasts(cases);
  add_known(cases);
  return cases.take();
}

}  // namespace mote::tests
