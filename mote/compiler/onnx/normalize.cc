#include <vector>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/compiler/onnx/numbers.h"
#include "mote/support/cat.h"

/// What becomes mean 0 and variance 1.
namespace mote::onnx {
namespace {

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// The tensor less its mean over these axes, divided by its deviation.
int normalize(Importer& to, int tensor, const std::vector<int>& axes, float epsilon) {
  const std::vector<int> dims = to.stored(tensor);
  std::vector<int> small = dims;
  for (int axis : axes) small[at(axis)] = 1;
  graph::Attributes attrs;
  attrs.set("keep_dims", std::int64_t{1});
  const auto mean = [&](int x) {
    return to.emit("MEAN", {x, to.add_integers(axes)}, small, DType::kFloat32, attrs);
  };
  const int centred = to.emit("SUB", {tensor, mean(tensor)}, dims);
  const int variance = mean(to.emit("SQUARE", {centred}, dims));
  const int root =
      to.emit("RSQRT", {to.emit("ADD", {variance, to.add_floats({1}, {epsilon})}, small)}, small);
  return to.emit("MUL", {centred, root}, dims);
}

Result<void> convert_layer_normalization(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto axis = axis_of(integer(node, "axis", -1), in->rank());
  MOTE_TRY(axis);
  for (std::size_t i = 1; i < node.outputs.size(); ++i)
    if (to.is_read(node.outputs[i])) return unsupported("it also gives mean and variance");
  const auto plain = to.tensor_of(*in);
  MOTE_TRY(plain);
  std::vector<int> axes;
  for (int i = *axis; i < in->rank(); ++i) axes.push_back(i);
  int out = normalize(to, *plain, axes, real(node, "epsilon", 1e-5f));
  for (std::size_t i = 1; i < 3 && to.has_input(node, i); ++i) {
    const auto value = to.constant_input(node, i, i == 1 ? "the factor" : "the addend");
    MOTE_TRY(value);
    const auto tensor = to.tensor_of(*value);
    MOTE_TRY(tensor);
    out = to.emit(i == 1 ? "MUL" : "ADD", {out, *tensor}, in->dims);
  }
  to.set(node.outputs[0], out, in->dims, Layout::kPlain);
  return {};
}

/// A number a channel, of as many channels or of groups of them.
Result<std::vector<float>> by_channel(const Importer& to, const Node& node, std::size_t i,
                                      int channels, int groups) {
  const auto value = to.constant_input(node, i, i == 1 ? "the factor" : "the addend");
  MOTE_TRY(value);
  const std::vector<double> given = numbers_of(*value->constant).values;
  const std::int64_t count = std::ssize(given);
  if (count != channels && count != groups)
    return bad_input(
        cat("it has ", count, " numbers for ", channels, " channels in ", groups, " groups"));
  std::vector<float> list;
  for (int c = 0; c < channels; ++c)
    list.push_back(static_cast<float>(given[at(c * count / channels)]));
  return list;
}

/// By groups of channels, or by channel.
Result<void> convert_group_normalization(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->rank() < 3 || in->type != DType::kFloat32)
    return unsupported(cat("its input is ", describe_dims(in->dims), " of ", name_of(in->type),
                           ", expected an image or a signal of float32"));
  const int channels = in->dims[1];
  const std::int64_t groups =
      node.op == "InstanceNormalization" ? channels : integer(node, "num_groups", 0);
  if (groups < 1 || groups > channels || channels % groups != 0)
    return bad_input(cat("it has ", groups, " groups of ", channels, " channels"));
  const auto factor = by_channel(to, node, 1, channels, static_cast<int>(groups)),
             addend = by_channel(to, node, 2, channels, static_cast<int>(groups));
  MOTE_TRY(factor);
  MOTE_TRY(addend);
  const auto image = to.tensor_of(*in, Layout::kChannelsLast);
  MOTE_TRY(image);
  const std::vector<int> stored = to.stored(*image);
  const auto places = static_cast<int>(count_of(in->dims) / in->dims[0] / channels);
  const auto count = static_cast<int>(groups);
  const int grouped = to.reshape(*image, {in->dims[0], places, count, channels / count});
  const int even = normalize(to, grouped, {1, 3}, real(node, "epsilon", 1e-5f));
  int out = to.reshape(even, stored);
  out = to.emit("MUL", {out, to.add_floats({channels}, *factor)}, stored);
  out = to.emit("ADD", {out, to.add_floats({channels}, *addend)}, stored);
  to.set(node.outputs[0], out, in->dims, Layout::kChannelsLast);
  return {};
}

constexpr Converter kConverters[] = {
    {"GroupNormalization", convert_group_normalization},
    {"InstanceNormalization", convert_group_normalization},
    {"LayerNormalization", convert_layer_normalization},
};

}  // namespace

std::span<const Converter> normalize_converters() { return kConverters; }

}  // namespace mote::onnx
