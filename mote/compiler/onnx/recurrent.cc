#include <algorithm>
#include <optional>
#include <utility>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// Recurrent layers.
namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Where LSTM's inputs stand, and GRU's up to the state.
constexpr std::size_t kWeights = 1, kRecurrent = 2, kBias = 3, kLengths = 4, kHidden = 5, kCell = 6,
                      kPeephole = 7;
constexpr int kLstmGates = 4, kGruGates = 3;
/// Of TensorFlow Lite's gates (input, forget, cell, output) the place among ONNX's (input, output,
/// forget, cell).
constexpr int kPlaceOfGate[kLstmGates] = {0, 2, 3, 1};

struct Sizes {
  int times = 0, batch = 0, features = 0, units = 0, directions = 1;
};

/// The constant's numbers; zeros, `count` of them, where it is left out.
Result<std::vector<float>> numbers(const Importer& to, const Node& node, std::size_t i,
                                   std::string_view what, std::int64_t count) {
  if (!to.has_input(node, i)) return std::vector<float>(static_cast<std::size_t>(count));
  const auto value = to.constant_input(node, i, what);
  MOTE_TRY(value);
  const Numbers list = numbers_of(*value->constant);
  if (list.count() != count)
    return bad_input(
        cat(what, " is ", describe_dims(value->dims), ", expected ", count, " numbers"));
  return std::vector<float>(list.values.begin(), list.values.end());
}

Result<void> expect_zeros(const Importer& to, const Node& node, std::size_t i,
                          std::string_view what) {
  if (!to.has_input(node, i)) return {};
  const auto value = to.constant_input(node, i, what);
  MOTE_TRY(value);
  for (double x : numbers_of(*value->constant).values)
    if (x != 0) return unsupported(cat(what, " is not zero, which is how each run begins"));
  return {};
}

/// That it is the layer that everybody has: tanh and sigmoid, no peepholes, every sequence whole.
Result<void> check_form(const Importer& to, const Node& node) {
  for (std::size_t i : {kLengths, kPeephole})
    if (to.has_input(node, i))
      return unsupported(i == kLengths ? "it has sequences of other lengths (sequence_lens)"
                                       : "it has peepholes");
  for (const char* name : {"activations", "clip"})
    if (node.find(name)) return unsupported(cat("it sets ", name, ", expected the defaults"));
  if (integer(node, "input_forget", 0) != 0 || integer(node, "layout", 0) != 0)
    return unsupported("it sets input_forget or layout, expected the defaults");
  MOTE_TRY(expect_zeros(to, node, kHidden, "the initial state"));
  MOTE_TRY(expect_zeros(to, node, kCell, "the initial cell"));
  if (node.outputs.size() > 2 && to.is_read(node.outputs[2]))
    return unsupported("its last cell is read, expected outputs only");
  return {};
}

Result<Sizes> sizes_of(const Node& node, const Value& in) {
  const std::string direction = text(node, "direction", "forward");
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
    return bad_input(cat("its direction is '", direction, "'"));
  constexpr std::int64_t kMostUnits = 1 << 15;
  const std::int64_t units = integer(node, "hidden_size", 0);
  if (in.rank() != 3 || units < 1 || units > kMostUnits)
    return bad_input(cat("its input is ", describe_dims(in.dims), " and its hidden_size ", units));
  return Sizes{.times = in.dims[0],
               .batch = in.dims[1],
               .features = in.dims[2],
               .units = static_cast<int>(units),
               .directions = direction == "bidirectional" ? 2 : 1};
}

/// What a layer has for one direction: numbers of its gates, in ONNX's order.
struct Weights {
  std::vector<float> input, recurrent;  ///< [gates, units, features], [gates, units, units]
  std::vector<float> input_bias, recurrent_bias;  ///< [gates, units]
};

/// The gate's part of numbers that are by gate.
std::vector<float> gate_of(const std::vector<float>& all, int gates, int gate) {
  const auto size = static_cast<std::ptrdiff_t>(all.size()) / gates;
  return {all.begin() + gate * size, all.begin() + (gate + 1) * size};
}

Result<Weights> weights_of(const Importer& to, const Node& node, const Sizes& sizes, int gates,
                           int direction) {
  const std::int64_t rows = std::int64_t{sizes.directions} * gates * sizes.units;
  const auto weights = numbers(to, node, kWeights, "the weights", rows * sizes.features);
  MOTE_TRY(weights);
  const auto recurrent = numbers(to, node, kRecurrent, "the recurrent weights", rows * sizes.units);
  MOTE_TRY(recurrent);
  const auto bias = numbers(to, node, kBias, "the bias", rows * 2);
  MOTE_TRY(bias);
  const int directions = sizes.directions;  // each has two biases, one behind the other
  return Weights{.input = gate_of(*weights, directions, direction),
                 .recurrent = gate_of(*recurrent, directions, direction),
                 .input_bias = gate_of(*bias, 2 * directions, 2 * direction),
                 .recurrent_bias = gate_of(*bias, 2 * directions, 2 * direction + 1)};
}

/// How the weights of gates of ONNX lie in the file, for a tensor [gates, units, ...]: where they
/// are integers and rows of a gate have one scale. Nothing where they are floats, or of other
/// scales.
std::optional<Grid> grid_of_gates(const Importer& to, const Node& node, std::size_t i, int gates,
                                  int units) {
  const auto value = to.constant_input(node, i, "the weights");
  if (!value || !value->grid) return std::nullopt;
  const graph::Quantization& rows = value->grid->quant;
  if (rows.axis != 1 || std::ssize(rows.scale) != std::ptrdiff_t{gates} * units)
    return std::nullopt;
  Grid grid{value->grid->type, {}};
  for (std::size_t row = 0; row < rows.scale.size(); ++row) {
    const std::size_t first = row / at(units) * at(units);
    if (rows.scale[row] != rows.scale[first] || rows.zero_point[row] != rows.zero_point[first])
      return std::nullopt;
    if (row != first) continue;
    grid.quant.scale.push_back(rows.scale[row]);
    grid.quant.zero_point.push_back(rows.zero_point[row]);
  }
  return grid;
}

/// State that is zero when a run begins.
int add_zeroed_state(Importer& to, const std::vector<int>& dims) {
  const int state = to.add_variable(DType::kFloat32, dims);
  const int zeros =
      to.add_floats(dims, std::vector<float>(static_cast<std::size_t>(count_of(dims))));
  graph::Attributes attrs;
  attrs.set("axis", std::int64_t{0});
  attrs.set("begin", std::int64_t{0});
  attrs.set("end", std::int64_t{dims[0]});
  attrs.set("hop", std::int64_t{1});
  to.emit_without_output("STREAM_WRITE", {state, zeros}, std::move(attrs));
  return state;
}

/// The layer in one direction over [T, N, features]. @returns [T, N, units].
using RunDirection = Result<int>(Importer&, const Node&, const Sizes&, int in, int direction);

Result<int> run_lstm(Importer& to, const Node& node, const Sizes& sizes, int in, int direction) {
  const int units = sizes.units;
  const auto weights = weights_of(to, node, sizes, kLstmGates, direction);
  MOTE_TRY(weights);
  std::vector<int> inputs(24, graph::kNoTensor);
  inputs[0] = in;
  for (int gate = 0; gate < kLstmGates; ++gate) {
    const int place = kPlaceOfGate[gate];
    inputs[at(1 + gate)] =
        to.add_floats({units, sizes.features}, gate_of(weights->input, kLstmGates, place));
    inputs[at(5 + gate)] =
        to.add_floats({units, units}, gate_of(weights->recurrent, kLstmGates, place));
    // Both biases are added to the same sum.
    std::vector<float> sum = gate_of(weights->input_bias, kLstmGates, place);
    const std::vector<float> other = gate_of(weights->recurrent_bias, kLstmGates, place);
    for (std::size_t u = 0; u < sum.size(); ++u) sum[u] += other[u];
    inputs[at(12 + gate)] = to.add_floats({units}, sum);
  }
  inputs[18] = add_zeroed_state(to, {sizes.batch, units});
  inputs[19] = add_zeroed_state(to, {sizes.batch, units});
  graph::Attributes attrs;
  constexpr std::int64_t kTanh = 4;
  attrs.set("fused_activation_function", kTanh);
  attrs.set("cell_clip", 0.0);
  attrs.set("proj_clip", 0.0);
  attrs.set("time_major", std::int64_t{1});
  return to.emit("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {sizes.times, sizes.batch, units},
                 DType::kFloat32, std::move(attrs));
}

/// ONNX's gates are in mote's order: update, reset, candidate.
/// Those of integers keep their grid.
Result<int> run_gru(Importer& to, const Node& node, const Sizes& sizes, int in, int direction) {
  const int units = sizes.units;
  const auto weights = weights_of(to, node, sizes, kGruGates, direction);
  MOTE_TRY(weights);
  const std::vector<int> inputs = {
      in,
      to.add_floats({kGruGates, units, sizes.features}, weights->input),
      to.add_floats({kGruGates, units, units}, weights->recurrent),
      to.add_floats({kGruGates, units}, weights->input_bias),
      to.add_floats({kGruGates, units}, weights->recurrent_bias),
      add_zeroed_state(to, {sizes.batch, units})};
  for (std::size_t i : {kWeights, kRecurrent})  // the same places among mote's inputs
    if (auto grid = grid_of_gates(to, node, i, kGruGates, units))
      to.set_grid(inputs[i], std::move(*grid));
  graph::Attributes attrs;
  attrs.set("time_major", std::int64_t{1});
  attrs.set("linear_before_reset", integer(node, "linear_before_reset", 0));
  return to.emit("GRU", inputs, {sizes.times, sizes.batch, units}, DType::kFloat32,
                 std::move(attrs));
}

int reversed(Importer& to, int tensor) {
  return to.emit("REVERSE_V2", {tensor, to.add_integers({0})}, std::vector<int>(to.stored(tensor)));
}

/// The layer in its directions.
Result<void> convert(Importer& to, const Node& node, RunDirection run) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto sizes = sizes_of(node, *in);
  MOTE_TRY(sizes);
  MOTE_TRY(check_form(to, node));
  const auto plain = to.tensor_of(*in);
  MOTE_TRY(plain);
  const bool is_reverse = text(node, "direction", "forward") == "reverse";
  const int times = sizes->times, batch = sizes->batch, units = sizes->units;
  std::vector<int> all, last;
  for (int d = 0; d < sizes->directions; ++d) {
    const bool backwards = is_reverse || d == 1;
    auto out = run(to, node, *sizes, backwards ? reversed(to, *plain) : *plain, d);
    MOTE_TRY(out);
    const int step = to.emit(
        "SLICE", {*out, to.add_integers({times - 1, 0, 0}), to.add_integers({1, batch, units})},
        {1, batch, units});
    last.push_back(step);
    all.push_back(to.reshape(backwards ? reversed(to, *out) : *out, {times, 1, batch, units}));
  }
  const auto join = [&](const std::vector<int>& parts, int axis, const std::vector<int>& dims) {
    if (parts.size() == 1) return parts[0];
    graph::Attributes attrs;
    attrs.set("axis", std::int64_t{axis});
    attrs.set("fused_activation_function", std::int64_t{0});
    return to.emit("CONCATENATION", parts, dims, DType::kFloat32, std::move(attrs));
  };
  const std::vector<int> all_dims = {times, sizes->directions, batch, units},
                         last_dims = {sizes->directions, batch, units};
  to.set(node.outputs[0], join(all, 1, all_dims), all_dims, Layout::kPlain);
  if (node.outputs.size() > 1)
    to.set(node.outputs[1], join(last, 0, last_dims), last_dims, Layout::kPlain);
  return {};
}

Result<void> convert_gru(Importer& to, const Node& node) { return convert(to, node, run_gru); }
Result<void> convert_lstm(Importer& to, const Node& node) { return convert(to, node, run_lstm); }

constexpr Converter kConverters[] = {
    {"GRU", convert_gru},
    {"LSTM", convert_lstm},
};

}  // namespace

std::span<const Converter> recurrent_converters() { return kConverters; }

}  // namespace mote::onnx
