#pragma once

#include <array>
#include <random>
#include <utility>
#include <vector>

#include "tests/support/graph_builder.h"
#include "tests/support/gru_definition.h"

/// Networks with a GRU as TensorFlow's converter writes Keras' GRU(): a WHILE with two subgraphs,
/// dimensions that the file does not know given as 1.
namespace mote::tests {

struct LoopForm {
  /// How a step's state gets into the list of all.
  enum class SetItem {
    kSlices,   ///< SLICE of those before, EXPAND_DIMS, SLICE of those behind, CONCATENATION
    kUpdate,   ///< DYNAMIC_UPDATE_SLICE
    kOnlyLast  ///< a list of one, which is replaced: RESHAPE
  };
  SetItem set_item = SetItem::kSlices;
  bool reset_after = true;
  bool sequences = false;         ///< all states are the output: [batches, times, units]
  bool has_two_counters = false;  ///< the condition asks both
  int batches = 2, times = 5, features = 3, units = 4;
};

class LoopNetwork {
 public:
  explicit LoopNetwork(const LoopForm& form, unsigned seed = 1) : form_(form), random_(seed) {
    layer.batches = form.batches, layer.times = form.times;
    layer.features = form.features, layer.units = form.units;
    input = floats(form.batches * form.times * form.features);
    layer.in.assign(input.begin(), input.end());
    const int rows = 3 * form.units;
    weights_ = numbers(rows * form.features, layer.weights);
    recurrent_ = numbers(rows * form.units, layer.recurrent);
    bias_ = numbers(rows, layer.input_bias);
    recurrent_bias_ = numbers(rows, layer.recurrent_bias);
    if (!form.reset_after) layer.recurrent_bias.assign(layer.recurrent_bias.size(), 0);
    build_main();
    build_condition();
    build_body();
  }

  GraphBuilder b;
  std::vector<float> input;
  GruLayer layer;

  /// What the network gives, by the definition of the layer.
  std::vector<double> expected() const {
    std::vector<double> state(static_cast<std::size_t>(form_.batches * form_.units));
    const auto all = outputs_of_gru(layer, form_.reset_after, state);
    return form_.sequences ? all : state;
  }

 private:
  using Attribute = GraphBuilder::Attribute;

  /// Within [-1, 1).
  std::vector<float> floats(int count) {
    std::uniform_real_distribution<float> any(-1, 1);
    std::vector<float> list(static_cast<std::size_t>(count));
    for (float& x : list) x = any(random_);
    return list;
  }
  std::vector<float> numbers(int count, std::vector<double>& wide) {
    const auto list = floats(count);
    wide.assign(list.begin(), list.end());
    return list;
  }
  int ints(const std::vector<std::int32_t>& values) {
    return b.constant(values, {static_cast<int>(values.size())});
  }
  int scalar(std::int32_t value) { return b.constant(std::vector<std::int32_t>{value}, {}); }
  int emit(const char* op, std::vector<int> inputs, std::vector<int> shape,
           DType type = DType::kFloat32, std::initializer_list<Attribute> attrs = {}) {
    const int out = b.value(type, std::move(shape));
    b.node(op, std::move(inputs), {out}, attrs);
    return out;
  }
  /// The loop's five values, as inputs of a subgraph.
  std::vector<int> arguments() {
    const int units = form_.units;
    return {b.input(DType::kInt32, {}), b.input(DType::kInt32, {}),
            b.input(DType::kFloat32, {1, 1, units}),
            b.input(DType::kFloat32, {form_.batches, units}),
            b.input(DType::kFloat32, {form_.times, form_.batches, form_.features})};
  }

  void build_main() {
    const auto [batches, times, features, units] =
        std::array{form_.batches, form_.times, form_.features, form_.units};
    const int in = b.input(DType::kFloat32, {batches, times, features});
    const int shape = emit("SHAPE", {in}, {3}, DType::kInt32, {{"out_type", std::int64_t{2}}});
    const int batch = emit("STRIDED_SLICE", {shape, ints({0}), ints({1}), ints({1})}, {},
                           DType::kInt32, {{"shrink_axis_mask", std::int64_t{1}}});
    const int packed = emit("PACK", {batch, scalar(units)}, {2}, DType::kInt32,
                            {{"axis", std::int64_t{0}}, {"values_count", std::int64_t{2}}});
    const int state = emit("FILL", {packed, b.constant(std::vector<float>{0}, {})}, {1, units});
    const int x = emit("TRANSPOSE", {in, ints({1, 0, 2})}, {times, batches, features});
    const int length = form_.set_item == LoopForm::SetItem::kOnlyLast ? 1 : times;
    const int list =
        b.constant(std::vector<float>(static_cast<std::size_t>(length * batches * units)),
                   {length, batches, units});
    const int zero = scalar(0);
    const std::vector<int> outputs = {b.value(DType::kInt32, {}), b.value(DType::kInt32, {}),
                                      b.value(DType::kFloat32, {1, 1, units}),
                                      b.value(DType::kFloat32, {batches, units}),
                                      b.value(DType::kFloat32, {times, batches, features})};
    b.node("WHILE", {zero, zero, list, state, x}, outputs,
           {{"cond_subgraph_index", std::int64_t{1}}, {"body_subgraph_index", std::int64_t{2}}});
    if (form_.sequences)
      b.output(emit("TRANSPOSE", {outputs[2], ints({1, 0, 2})}, {1, 1, units}));
    else
      b.output(emit("STRIDED_SLICE",
                    {outputs[2], ints({-1, 0, 0}), ints({0, batches, units}), ints({1, 1, 1})},
                    {1, units}, DType::kFloat32,
                    {{"begin_mask", std::int64_t{6}},
                     {"end_mask", std::int64_t{6}},
                     {"shrink_axis_mask", std::int64_t{1}}}));
  }

  void build_condition() {
    b.next_subgraph();
    const auto in = arguments();
    int goes_on = emit("LESS", {in[1], scalar(form_.times)}, {}, DType::kBool);
    if (form_.has_two_counters)
      goes_on = emit("LOGICAL_AND",
                     {emit("LESS", {in[0], scalar(form_.times)}, {}, DType::kBool), goes_on}, {},
                     DType::kBool);
    b.output(goes_on);
  }

  void build_body() {
    b.next_subgraph();
    const auto in = arguments();
    const int one = scalar(1);
    const int time = emit("ADD", {in[1], one}, {}, DType::kInt32);
    const int x = emit("GATHER", {in[4], in[1]}, {form_.batches, form_.features});
    const int state = step(x, in[3]);
    const int list = set_item(in[2], in[1], time, state);
    const int count = emit("ADD", {in[0], one}, {}, DType::kInt32);
    for (int output : {count, time, list, state, in[4]}) b.output(output);
  }

  int layer_of(int x, const std::vector<float>& weights, const std::vector<float>* bias, int first,
               int gates) {
    const int rows = gates * form_.units,
              depth = static_cast<int>(weights.size()) / form_.units / 3;
    const auto part = [&](const std::vector<float>& all, int width) {
      const auto from = all.begin() + first * form_.units * width;
      return std::vector<float>(from, from + rows * width);
    };
    const int filter = b.constant(part(weights, depth), {rows, depth});
    const int added = bias ? b.constant(part(*bias, 1), {rows}) : graph::kNoTensor;
    return emit("FULLY_CONNECTED", {x, filter, added}, {form_.batches, rows});
  }
  std::vector<int> gates_of(int all, int count) {
    std::vector<int> gates;
    for (int g = 0; g < count; ++g)
      gates.push_back(b.value(DType::kFloat32, {form_.batches, form_.units}));
    if (count == 3)
      b.node("SPLIT", {scalar(1), all}, gates, {{"num_splits", std::int64_t{count}}});
    else
      b.node("SPLIT_V", {all, ints({form_.units, -1}), scalar(1)}, gates,
             {{"num_splits", std::int64_t{count}}});
    return gates;
  }
  int wide(const char* op, std::vector<int> inputs) {
    return emit(op, std::move(inputs), {form_.batches, form_.units});
  }
  int step(int x, int state) {
    const int gates = form_.reset_after ? 3 : 2;
    const auto held = gates_of(
        layer_of(state, recurrent_, form_.reset_after ? &recurrent_bias_ : nullptr, 0, gates),
        gates);
    const auto from_input = gates_of(layer_of(x, weights_, &bias_, 0, 3), 3);
    const int update = wide("LOGISTIC", {wide("ADD", {from_input[0], held[0]})});
    const int kept = wide("MUL", {update, state});
    const int rest = wide("SUB", {b.constant(std::vector<float>{1}, {}), update});
    const int reset = wide("LOGISTIC", {wide("ADD", {from_input[1], held[1]})});
    const int let_in = form_.reset_after
                           ? wide("MUL", {reset, held[2]})
                           : layer_of(wide("MUL", {reset, state}), recurrent_, nullptr, 2, 1);
    const int candidate = wide("TANH", {wide("ADD", {from_input[2], let_in})});
    return wide("ADD", {kept, wide("MUL", {rest, candidate})});
  }

  int set_item(int list, int at, int behind, int item) {
    const std::vector<int> unknown = {1, 1, form_.units};
    if (form_.set_item == LoopForm::SetItem::kOnlyLast)
      return emit("RESHAPE", {item, ints({1, form_.batches, form_.units})}, unknown);
    const auto place = [&](int index, const std::vector<std::int32_t>& rest) {
      const int first = emit("RESHAPE", {index, ints({1})}, {1}, DType::kInt32);
      return emit("CONCATENATION", {first, ints(rest)}, {3}, DType::kInt32);
    };
    const int expanded = emit("EXPAND_DIMS", {item, scalar(0)}, unknown);
    if (form_.set_item == LoopForm::SetItem::kUpdate)
      return emit("DYNAMIC_UPDATE_SLICE", {list, expanded, place(at, {0, 0})}, unknown);
    const int before = emit("SLICE", {list, ints({0, 0, 0}), place(at, {-1, -1})}, {1, 1, 1});
    const int rest = emit("SLICE", {list, place(behind, {0, 0}), ints({-1, -1, -1})}, {1, 1, 1});
    return emit("CONCATENATION", {before, expanded, rest}, unknown);
  }

  LoopForm form_;
  std::mt19937 random_;
  std::vector<float> weights_, recurrent_, bias_, recurrent_bias_;
};

}  // namespace mote::tests
