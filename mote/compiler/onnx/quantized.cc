#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// Between real numbers and integers. Operators in between are made ones of integers afterwards
/// (integers.h).
namespace mote::onnx {
namespace {

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// Of QuantizeLinear or DequantizeLinear: real = scale * (integer - zero point).
struct Form {
  DType type = DType::kUint8;  ///< of the integers, as the file has them
  graph::Quantization quant;   ///< for them
};

/// ONNX has this type when neither a zero point nor output_dtype says otherwise.
Result<DType> type_of_integers(const Node& node) {
  constexpr DType kTypes[] = {DType::kUint8, DType::kInt8, DType::kUint16, DType::kInt16};
  constexpr std::int64_t kFirst = 2;  // ONNX's number of UINT8; the others follow
  const std::int64_t code = integer(node, "output_dtype", 0);
  if (code == 0) return DType::kUint8;
  if (code < kFirst || code >= kFirst + std::ssize(kTypes))
    return unsupported(cat("it makes ONNX's type ", code, ", expected integers of 8 or 16 bits"));
  return kTypes[code - kFirst];
}

/// `rank` and `dims` are of what is quantised.
Result<Form> form_of(const Importer& to, const Node& node, const std::vector<int>& dims,
                     DType type) {
  if (integer(node, "block_size", 0) != 0)
    return unsupported("it has a scale for each block, expected one, or one a channel");
  const auto scales = to.constant_input(node, 1, "the scale");
  MOTE_TRY(scales);
  Form form{.type = type, .quant = {}};
  for (double scale : numbers_of(*scales->constant).values) {
    if (!std::isnormal(static_cast<float>(scale)) || scale < 0)
      return bad_input(cat("its scale is ", scale, ", expected a positive number"));
    form.quant.scale.push_back(static_cast<float>(scale));
  }
  form.quant.zero_point.resize(form.quant.scale.size());
  if (to.has_input(node, 2)) {
    const auto given = to.constant_input(node, 2, "the zero point");
    MOTE_TRY(given);
    const Numbers numbers = numbers_of(*given->constant);
    if (numbers.values.size() != form.quant.scale.size())
      return bad_input(cat("it has ", form.quant.scale.size(), " scales and ",
                           numbers.values.size(), " zero points, expected as many"));
    form.type = given->constant->type;
    for (std::size_t i = 0; i < numbers.values.size(); ++i)
      form.quant.zero_point[i] = to_integer(numbers.values[i]);
  }
  if (form.quant.scale.empty()) return bad_input("it has no scale");
  if (form.quant.scale.size() == 1) return form;
  const auto axis = axis_of(integer(node, "axis", 1), static_cast<int>(dims.size()));
  MOTE_TRY(axis);
  form.quant.axis = *axis;
  if (dims[at(*axis)] != std::ssize(form.quant.scale))
    return bad_input(cat("it has ", form.quant.scale.size(), " scales along dimension ", *axis,
                         " of ", describe_dims(dims)));
  return form;
}

/// What is unsigned in the file, as signed integers.
Grid grid_of(const Form& form) {
  Grid grid{form.type, form.quant};
  const int shift = form.type == DType::kUint8 ? 128 : form.type == DType::kUint16 ? 32768 : 0;
  if (shift != 0) grid.type = shift == 128 ? DType::kInt8 : DType::kInt16;
  for (std::int64_t& zero_point : grid.quant.zero_point) zero_point -= shift;
  return grid;
}

Result<void> expect_activations(const Form& form) {
  if (form.quant.scale.size() > 1)
    return unsupported(cat("it has ", form.quant.scale.size(),
                           " scales for computed values, expected one; quantise activations by "
                           "tensor"));
  switch (form.type) {
    case DType::kInt8:
    case DType::kUint8:
    case DType::kInt16:
    case DType::kUint16:
      return {};
    default:
      return unsupported(cat("its integers are ", name_of(form.type),
                             ", expected 8 or 16 bits; quantise activations to 8 bits"));
  }
}

/// Which scale an element of a constant has.
class Channels {
 public:
  explicit Channels(const graph::Quantization& quant, const std::vector<int>& dims)
      : count_(quant.scale.size()) {
    for (std::size_t i = at(quant.axis) + 1; count_ > 1 && i < dims.size(); ++i)
      below_ *= at(dims[i]);
  }
  std::size_t of(std::size_t element) const { return count_ > 1 ? element / below_ % count_ : 0; }

 private:
  std::size_t count_, below_ = 1;
};

Result<Numbers> numbers_for(Importer& to, const Value& in) {
  if (!to.take_folding(count_of(in.dims)))
    return unsupported("what can be computed of constants is too large to be kept");
  return numbers_of(*in.constant);
}

void set_constant(Importer& to, const Node& node, const Numbers& numbers,
                  std::shared_ptr<const Grid> grid) {
  auto tensor = std::make_shared<const Tensor>(tensor_of_numbers(numbers));
  to.set(node.outputs[0], {.constant = tensor,
                           .type = tensor->type,
                           .dims = {tensor->dims.begin(), tensor->dims.end()},
                           .grid = std::move(grid)});
}

// Constants

Result<void> quantize_constant(Importer& to, const Node& node, const Value& in, const Form& form) {
  auto numbers = numbers_for(to, in);
  MOTE_TRY(numbers);
  const Grid grid = grid_of(form);
  const std::int64_t shift = form.quant.zero_point[0] - grid.quant.zero_point[0];
  const double half = grid.type == DType::kInt8 ? 128 : 32768;
  if (form.type == DType::kInt32) return unsupported("it makes INT32 of a constant");
  const Channels channels(form.quant, in.dims);
  for (std::size_t i = 0; i < numbers->values.size(); ++i) {
    const std::size_t channel = channels.of(i);
    const auto real = static_cast<float>(numbers->values[i]);
    const double step = std::nearbyint(double{real / form.quant.scale[channel]}) +
                        static_cast<double>(grid.quant.zero_point[channel]);
    numbers->values[i] = std::isnan(step) ? 0 : std::clamp(step, -half, half - 1);
    numbers->values[i] += static_cast<double>(shift);
  }
  numbers->type = form.type;
  set_constant(to, node, *numbers, nullptr);
  return {};
}

/// Weights of integers with a zero point a channel become ones without, where they then fit.
std::shared_ptr<const Grid> grid_of_constant(const Form& form, const Numbers& stored,
                                             const Channels& channels) {
  if (form.type == DType::kInt32 || form.type == DType::kUint32) return nullptr;
  Grid grid = grid_of(form);
  const bool has_zero_points =
      std::any_of(grid.quant.zero_point.begin(), grid.quant.zero_point.end(),
                  [](std::int64_t zero_point) { return zero_point != 0; });
  if (grid.quant.scale.size() > 1 && has_zero_points) {
    const double half = grid.type == DType::kInt8 ? 128 : 32768;
    for (std::size_t i = 0; i < stored.values.size(); ++i) {
      const double step =
          stored.values[i] - static_cast<double>(form.quant.zero_point[channels.of(i)]);
      if (step < -half || step >= half) return nullptr;
    }
    std::fill(grid.quant.zero_point.begin(), grid.quant.zero_point.end(), 0);
  }
  return std::make_shared<const Grid>(std::move(grid));
}

Result<void> dequantize_constant(Importer& to, const Node& node, const Value& in,
                                 const Form& form) {
  const auto stored = numbers_for(to, in);
  MOTE_TRY(stored);
  const Channels channels(form.quant, in.dims);
  auto grid = grid_of_constant(form, *stored, channels);
  Numbers reals{DType::kFloat32, stored->dims, stored->values};
  for (std::size_t i = 0; i < reals.values.size(); ++i) {
    const std::size_t channel = channels.of(i);
    reals.values[i] = (reals.values[i] - static_cast<double>(form.quant.zero_point[channel])) *
                      double{form.quant.scale[channel]};
  }
  set_constant(to, node, reals, std::move(grid));
  return {};
}

// Computed values

Result<void> convert_quantize(Importer& to, const Node& node) {
  auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->type != DType::kFloat32)
    return unsupported(cat("its input is ", name_of(in->type), ", expected float32"));
  const auto type = type_of_integers(node);
  MOTE_TRY(type);
  const auto form = form_of(to, node, in->dims, *type);
  MOTE_TRY(form);
  if (in->constant) return quantize_constant(to, node, *in, *form);
  MOTE_TRY(expect_activations(*form));
  Grid grid = grid_of(*form);
  const int out = to.emit("QUANTIZE", {in->tensor}, stored_dims(in->dims, in->layout), grid.type);
  to.quantization(out) = std::move(grid.quant);
  in->tensor = out, in->type = form->type;
  to.set(node.outputs[0], *in);
  return {};
}

/// An input of the network has the scale that its first reader says. That of UINT8 becomes INT8.
Result<void> adopt(Importer& to, const Node& node, Value& in, const Form& form) {
  if (form.type == DType::kUint16)
    return unsupported(
        "it reads an input of UINT16, which mote does not take; let the network begin with floats");
  to.quantization(in.tensor) = form.quant;
  if (form.type != DType::kUint8) return {};
  Grid grid = grid_of(form);
  const int out = to.emit("QUANTIZE", {in.tensor}, stored_dims(in.dims, in.layout), grid.type);
  to.quantization(out) = std::move(grid.quant);
  in.tensor = out;
  to.set(node.inputs[0], in);
  return {};
}

Result<void> convert_dequantize(Importer& to, const Node& node) {
  auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto form = form_of(to, node, in->dims, in->type);
  MOTE_TRY(form);
  if (in->type == DType::kFloat32 || form->type != in->type)
    return bad_input(cat("its input is ", name_of(in->type), ", its zero point ",
                         name_of(form->type), ", expected integers of one type"));
  if (in->constant) return dequantize_constant(to, node, *in, *form);
  MOTE_TRY(expect_activations(*form));
  if (to.quantization(in->tensor).scale.empty()) MOTE_TRY(adopt(to, node, *in, *form));
  const Grid grid = grid_of(*form);
  const graph::Quantization& known = to.quantization(in->tensor);
  if (to.type_of(in->tensor) != grid.type || known.scale != grid.quant.scale ||
      known.zero_point != grid.quant.zero_point)
    return unsupported(cat("it reads '", node.inputs[0], "' with the scale ", form->quant.scale[0],
                           " and the zero point ", form->quant.zero_point[0],
                           ", but it was made with others; quantise it anew in between"));
  const int out = to.emit("DEQUANTIZE", {in->tensor}, stored_dims(in->dims, in->layout));
  to.set(node.outputs[0], out, in->dims, in->layout, in->image);
  return {};
}

constexpr Converter kConverters[] = {
    {"DequantizeLinear", convert_dequantize},
    {"QuantizeLinear", convert_quantize},
};

}  // namespace

std::span<const Converter> quantized_converters() { return kConverters; }

}  // namespace mote::onnx
