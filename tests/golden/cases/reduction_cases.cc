#include "mote/support/cat.h"
#include "tests/golden/cases/simple.h"
#include "tests/golden/families.h"

/// What makes fewer elements of many: pooling, MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX, ARG_MIN.
namespace mote::tests {
namespace {

using enum DType;
using Shape = std::vector<int>;

struct PoolForm {
  Shape in;
  int filter_h, filter_w, stride_h, stride_w;
};

int pooled(int in, int filter, int stride, bool same) {
  return same ? (in + stride - 1) / stride : (in - filter + stride) / stride;
}

void add_pool(Cases& cases, const std::string& name, const char* op, DType type,
              const PoolForm& form, bool same, int activation, Quant quant) {
  const Shape out_shape = {form.in[0], pooled(form.in[1], form.filter_h, form.stride_h, same),
                           pooled(form.in[2], form.filter_w, form.stride_w, same), form.in[3]};
  GraphBuilder b;
  const int in = b.input(type, form.in, quant);
  const int out = b.value(type, out_shape, quant);
  b.node(op, {in}, {out},
         {{"padding", same ? 0 : 1},
          {"stride_h", form.stride_h},
          {"stride_w", form.stride_w},
          {"filter_height", form.filter_h},
          {"filter_width", form.filter_w},
          {"fused_activation_function", activation}});
  b.output(out);
  cases.add(name, type, b, /*runs=*/4);
}

void add_pools(Cases& cases) {
  const PoolForm forms[] = {{{1, 4, 4, 3}, 2, 2, 2, 2},  {{1, 5, 7, 1}, 3, 2, 1, 2},
                            {{2, 6, 5, 17}, 3, 3, 2, 2}, {{1, 25, 5, 4}, 25, 5, 25, 5},
                            {{1, 3, 3, 33}, 3, 3, 1, 1}, {{1, 9, 1, 2}, 1, 1, 4, 3},
                            {{1, 2, 3, 5}, 2, 3, 2, 3}};
  for (const char* op : {"AVERAGE_POOL_2D", "MAX_POOL_2D"})
    for (DType type : {kInt8, kInt16, kFloat32}) {
      for (std::size_t i = 0; i < std::size(forms); ++i)
        for (bool same : {false, true})
          add_pool(cases, cat(op, "_", i, same ? "_same" : "_valid"), op, type, forms[i], same, 0,
                   quant_of(type));
      // Windows larger than the input exist only with padding.
      add_pool(cases, cat(op, "_wider_than_its_input"), op, type, {{1, 2, 3, 2}, 5, 4, 1, 1}, true,
               0, quant_of(type));
      for (int activation : {1, 2, 3}) {
        add_pool(cases, cat(op, "_activation", activation), op, type, forms[0], true, activation,
                 type == kFloat32 ? Quant{} : Quant{0.07f, type == kInt8 ? 11 : 0});
        if (type != kInt8) continue;
        for (int zero_point : {-128, 127})
          add_pool(cases, cat(op, "_activation", activation, "_zero_point", zero_point), op, type,
                   forms[1], true, activation, {0.03f, zero_point});
      }
    }
}

struct ReduceForm {
  Shape in;
  std::vector<int> axes;
};

Shape reduced(const ReduceForm& form, bool keep) {
  Shape shape;
  const auto rank = static_cast<int>(form.in.size());
  for (int k = 0; k < rank; ++k) {
    bool gone = false;
    for (int axis : form.axes) gone = gone || axis == k || axis + rank == k;
    if (!gone || keep) shape.push_back(gone ? 1 : form.in[static_cast<std::size_t>(k)]);
  }
  return shape;
}

void add_reduction(Cases& cases, const std::string& name, const char* op, DType type,
                   const ReduceForm& form, bool keep, const Quant& in_quant,
                   const Quant& out_quant) {
  GraphBuilder b;
  const int in = b.input(type, form.in, in_quant);
  const int axes = form.axes.size() == 1 && !keep
                       ? b.constant(std::vector<std::int32_t>{form.axes[0]}, {})
                       : ints32(b, form.axes);
  const int out = b.value(type, reduced(form, keep), out_quant);
  b.node(op, {in, axes}, {out}, {{"keep_dims", keep ? 1 : 0}});
  b.output(out);
  cases.add(name, type, b, /*runs=*/5);
}

const ReduceForm kReduceForms[] = {{{7}, {0}},
                                   {{3, 5}, {1}},
                                   {{3, 5}, {0}},
                                   {{2, 3, 4}, {1}},
                                   {{2, 3, 4}, {0, 2}},
                                   {{1, 4, 5, 3}, {1, 2}},
                                   {{2, 4, 5, 3}, {2, 1}},
                                   {{2, 3, 2, 4}, {-1}},
                                   {{2, 3, 2, 4}, {0, 1, 2, 3}},
                                   {{2, 3, 2, 4}, {3, -3}},
                                   {{1, 7, 7, 20}, {1, 2}},
                                   {{2, 2, 3, 2, 2}, {1, 3}},
                                   {{5, 4}, {1, 1, -1}},
                                   {{4, 1, 3}, {1}}};

void add_sums(Cases& cases) {
  // Ratios of scales that shift left and right, far ones, and zero points at the ends.
  struct Scales {
    Quant in, out;
  };
  const Scales int8_scales[] = {{{0.5f, -3}, {0.5f, -3}},
                                {{0.02f, 127}, {0.013f, -128}},
                                {{0.9f, -128}, {0.004f, 127}},
                                {{0.001f, 5}, {0.7f, 0}}};
  const Scales int16_scales[] = {
      {{0.01f, 0}, {0.01f, 0}}, {{0.001f, 0}, {0.0037f, 0}}, {{0.02f, 0}, {0.0005f, 0}}};
  for (const char* op : {"MEAN", "SUM"})
    for (std::size_t i = 0; i < std::size(kReduceForms); ++i)
      for (bool keep : {false, true}) {
        const std::string name = cat(op, "_", i, keep ? "_keep" : "");
        add_reduction(cases, name, op, kFloat32, kReduceForms[i], keep, {}, {});
        for (std::size_t s = 0; s < std::size(int8_scales); ++s)
          add_reduction(cases, cat(name, "_scales", s), op, kInt8, kReduceForms[i], keep,
                        int8_scales[s].in, int8_scales[s].out);
        for (std::size_t s = 0; s < std::size(int16_scales); ++s)
          add_reduction(cases, cat(name, "_scales", s), op, kInt16, kReduceForms[i], keep,
                        int16_scales[s].in, int16_scales[s].out);
      }
}

void add_extremes(Cases& cases) {
  for (const char* op : {"REDUCE_MAX", "REDUCE_MIN"})
    for (DType type : {kInt8, kFloat32})
      for (std::size_t i = 0; i < std::size(kReduceForms); ++i)
        for (bool keep : {false, true})
          add_reduction(cases, cat(op, "_", i, keep ? "_keep" : ""), op, type, kReduceForms[i],
                        keep, quant_of(type), quant_of(type));
}

void add_places(Cases& cases) {
  const ReduceForm forms[] = {{{9}, {0}},       {{3, 7}, {1}},       {{3, 7}, {-2}},
                              {{2, 5, 3}, {1}}, {{1, 4, 4, 6}, {3}}, {{1, 4, 4, 6}, {-3}},
                              {{2, 1, 3}, {1}}};
  for (const char* op : {"ARG_MAX", "ARG_MIN"})
    for (DType type : {kInt8, kFloat32})
      for (std::size_t i = 0; i < std::size(forms); ++i) {
        GraphBuilder b;
        const int in = b.input(type, forms[i].in, quant_of(type));
        const int axis = b.constant(std::vector<std::int32_t>{forms[i].axes[0]}, {});
        const int out = b.value(kInt32, reduced(forms[i], false));
        b.node(op, {in, axis}, {out}, {{"output_type", 2}});
        b.output(out);
        cases.add(cat(op, "_", i), type, b, /*runs=*/6);
      }
}

}  // namespace

std::vector<Case> reduction_cases() {
  Cases cases(/*seed=*/32);
  add_pools(cases);
  add_sums(cases);
  add_extremes(cases);
  add_places(cases);
  return cases.take();
}

}  // namespace mote::tests
