#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/compiler/onnx/window.h"
#include "mote/support/cat.h"

/// Convolutions and pools.
namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::vector<float> floats_of(const Tensor& tensor) {
  const Numbers numbers = numbers_of(tensor);
  return {numbers.values.begin(), numbers.values.end()};
}

/// Weights [out, in of a group, height, width] and a bias an output.
struct Filter {
  int outputs = 0, depth = 0, high = 1, wide = 1;
  std::vector<float> weights, bias;
  std::shared_ptr<const Grid> grid;  ///< of the weights, by output; nullptr: they are floats

  float& weight(int o, int i, int y, int x) {
    return weights[at(((o * depth + i) * high + y) * wide + x)];
  }
};

/// A batch normalisation as a factor and an addend a channel.
struct Scaling {
  std::vector<float> factor, addend;
};

Result<Scaling> scaling_of(const Importer& to, const Node& node, int channels) {
  std::vector<float> lists[4];  // scale, bias, mean, variance
  for (std::size_t i = 0; i < std::size(lists); ++i) {
    const auto value = to.constant_input(node, i + 1, "a statistic");
    MOTE_TRY(value);
    lists[i] = floats_of(*value->constant);
    if (std::ssize(lists[i]) != channels)
      return bad_input(cat("it has ", lists[i].size(), " statistics for ", channels, " channels"));
  }
  const float epsilon = real(node, "epsilon", 1e-5f);
  Scaling scaling;
  for (std::size_t c = 0; c < at(channels); ++c) {
    const double factor = double{lists[0][c]} / std::sqrt(double{lists[3][c]} + double{epsilon});
    scaling.factor.push_back(static_cast<float>(factor));
    scaling.addend.push_back(
        static_cast<float>(double{lists[1][c]} - double{lists[2][c]} * factor));
  }
  return scaling;
}

/// Takes a normalisation that alone reads the node's output into its weights. @returns the value
/// that the two make.
Result<std::string> absorb_normalization(Importer& to, const Node& node, Filter& filter) {
  const Node* next = to.only_reader(node.outputs[0]);
  if (!next || next->op != "BatchNormalization" || next->inputs[0] != node.outputs[0])
    return node.outputs[0];
  const auto scaling = scaling_of(to, *next, filter.outputs);
  MOTE_TRY(scaling);
  const std::size_t each = filter.weights.size() / at(filter.outputs);
  for (std::size_t o = 0; o < at(filter.outputs); ++o) {
    for (std::size_t i = 0; i < each; ++i) filter.weights[o * each + i] *= scaling->factor[o];
    filter.bias[o] = filter.bias[o] * scaling->factor[o] + scaling->addend[o];
  }
  filter.grid = nullptr;
  to.skip(*next);
  return next->outputs[0];
}

/// `outputs_axis`: which of the first two dimensions of the file's filter counts outputs.
Result<Filter> filter_of(const Importer& to, const Node& node, int outputs_axis) {
  const auto weights = to.constant_input(node, 1, "the filter");
  MOTE_TRY(weights);
  const std::vector<int>& dims = weights->dims;
  if (dims.size() != 3 && dims.size() != 4)
    return unsupported(cat("its filter is ", describe_dims(dims), ", expected 3 or 4 dimensions"));
  Filter filter{.outputs = dims[at(outputs_axis)],
                .depth = dims[at(1 - outputs_axis)],
                .high = dims.size() == 4 ? dims[2] : 1,
                .wide = dims.back(),
                .weights = floats_of(*weights->constant)};
  filter.bias.resize(at(filter.outputs));
  if (weights->grid &&
      (weights->grid->quant.scale.size() == 1 || weights->grid->quant.axis == outputs_axis))
    filter.grid = weights->grid;
  if (outputs_axis == 0) return filter;
  Filter turned = filter;
  for (int o = 0; o < filter.outputs; ++o)
    for (int i = 0; i < filter.depth; ++i)
      for (int y = 0; y < filter.high; ++y)
        for (int x = 0; x < filter.wide; ++x)
          turned.weight(o, i, y, x) =
              filter.weights[at(((i * filter.outputs + o) * filter.high + y) * filter.wide + x)];
  return turned;
}

Result<void> read_bias(const Importer& to, const Node& node, Filter& filter) {
  if (!to.has_input(node, 2)) return {};
  const auto bias = to.constant_input(node, 2, "the bias");
  MOTE_TRY(bias);
  filter.bias = floats_of(*bias->constant);
  if (std::ssize(filter.bias) == filter.outputs) return {};
  return bad_input(cat("it has ", filter.bias.size(), " biases for ", filter.outputs, " outputs"));
}

/// [out, height, width, in], or of a depthwise one [1, height, width, out].
int add_weights(Importer& to, Filter& filter, bool is_depthwise) {
  std::vector<float> list;
  list.reserve(filter.weights.size());
  for (int o = 0; o < (is_depthwise ? 1 : filter.outputs); ++o)
    for (int y = 0; y < filter.high; ++y)
      for (int x = 0; x < filter.wide; ++x)
        for (int i = 0; i < (is_depthwise ? filter.outputs : filter.depth); ++i)
          list.push_back(is_depthwise ? filter.weight(i, 0, y, x) : filter.weight(o, i, y, x));
  const int tensor =
      is_depthwise ? to.add_floats({1, filter.high, filter.wide, filter.outputs}, list)
                   : to.add_floats({filter.outputs, filter.high, filter.wide, filter.depth}, list);
  if (filter.grid) {
    Grid grid = *filter.grid;
    grid.quant.axis = is_depthwise ? 3 : 0;
    to.set_grid(tensor, std::move(grid));
  }
  return tensor;
}

Result<void> convert_conv(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  auto filter = filter_of(to, node, 0);
  MOTE_TRY(filter);
  MOTE_TRY(read_bias(to, node, *filter));
  const std::vector<int> taps = in->rank() == 3 ? std::vector<int>{filter->wide}
                                                : std::vector<int>{filter->high, filter->wide};
  const auto windows = windows_of(node, in->dims, taps);
  MOTE_TRY(windows);
  const int channels = in->dims[1];
  const std::int64_t groups = integer(node, "group", 1);
  if (groups < 1 || groups * filter->depth != channels || filter->outputs % groups != 0)
    return bad_input(cat("its filter has ", filter->depth, " inputs in ", groups,
                         " groups, the image ", channels, " channels"));
  const auto name = absorb_normalization(to, node, *filter);
  MOTE_TRY(name);
  auto image = image_of(to, *in);
  MOTE_TRY(image);
  Padding padding = padding_of(*windows);
  if (padding == Padding::kNone) image = padded(to, *image, *windows, 0), padding = Padding::kValid;
  const bool is_depthwise = groups == channels && groups > 1;
  graph::Attributes attrs = attributes_of(*windows, padding);
  attrs.set("dilation_h_factor", std::int64_t{windows->high.dilation});
  attrs.set("dilation_w_factor", std::int64_t{windows->wide.dilation});
  if (is_depthwise) attrs.set("depth_multiplier", std::int64_t{filter->outputs / channels});
  const int weights = add_weights(to, *filter, is_depthwise);
  const int bias = to.add_floats({filter->outputs}, filter->bias);
  const int out = to.emit(is_depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D", {*image, weights, bias},
                          {in->dims[0], windows->high.out, windows->wide.out, filter->outputs},
                          DType::kFloat32, std::move(attrs));
  Node named = node;
  named.outputs[0] = *name;
  set_image(to, named, out, *windows, in->dims[0], filter->outputs);
  return {};
}

Result<void> convert_batch_normalization(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->rank() < 2) return bad_input("its input has no channels");
  const int channels = in->dims[1];
  const auto scaling = scaling_of(to, node, channels);
  MOTE_TRY(scaling);
  const auto tensor = to.tensor_of(*in, in->layout);
  MOTE_TRY(tensor);
  const std::vector<int> dims = stored_dims(in->dims, in->layout);
  std::vector<int> of_channels(dims.size(), 1);
  of_channels[at(stored_axis(1, in->rank(), in->layout))] = channels;
  const int scaled = to.emit("MUL", {*tensor, to.add_floats(of_channels, scaling->factor)}, dims);
  const int out = to.emit("ADD", {scaled, to.add_floats(of_channels, scaling->addend)}, dims);
  to.set(node.outputs[0], out, in->dims, in->layout);
  return {};
}

// Pools

graph::Attributes pool_attributes(const Windows& windows, Padding padding) {
  graph::Attributes attrs = attributes_of(windows, padding);
  attrs.set("filter_height", std::int64_t{windows.high.taps});
  attrs.set("filter_width", std::int64_t{windows.wide.taps});
  return attrs;
}

/// How much of each window is within the image: what an average that leaves the borders out must be
/// divided by, where zeros around it were counted.
std::vector<float> shares_within(const Windows& windows) {
  const auto along = [](const Window& w) {
    std::vector<float> shares;
    for (int i = 0; i < w.out; ++i) {
      const int begin = i * w.stride - w.before;
      const int within = std::min(w.in, begin + w.taps) - std::max(0, begin);
      shares.push_back(static_cast<float>(within) / static_cast<float>(w.taps));
    }
    return shares;
  };
  std::vector<float> list;
  for (float high : along(windows.high))
    for (float wide : along(windows.wide)) list.push_back(high * wide);
  return list;
}

Result<void> convert_pool(Importer& to, const Node& node) {
  const bool is_average = node.op == "AveragePool";
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto windows = windows_of(node, in->dims);
  MOTE_TRY(windows);
  for (const Window* window : {&windows->high, &windows->wide})
    if (window->dilation != 1)
      return unsupported(
          cat("its window has gaps (dilation ", window->dilation, "), expected none"));
  if (node.outputs.size() > 1 && !node.outputs[1].empty())
    return unsupported("it also gives where the largest elements were");
  auto image = image_of(to, *in);
  MOTE_TRY(image);
  const bool counts_borders = is_average && integer(node, "count_include_pad", 0) != 0;
  Padding padding = padding_of(*windows);
  const bool needs_border =
      padding == Padding::kNone || (padding == Padding::kSame && counts_borders);
  if (needs_border) {
    const float least = std::numeric_limits<float>::lowest();
    image = padded(to, *image, *windows, is_average ? 0 : least);
    padding = Padding::kValid;
  }
  const std::vector<int> dims = {in->dims[0], windows->high.out, windows->wide.out, in->dims[1]};
  int out = to.emit(is_average ? "AVERAGE_POOL_2D" : "MAX_POOL_2D", {*image}, dims, DType::kFloat32,
                    pool_attributes(*windows, padding));
  if (is_average && needs_border && !counts_borders)
    out = to.emit("DIV", {out, to.add_floats({1, dims[1], dims[2], 1}, shares_within(*windows))},
                  dims);
  set_image(to, node, out, *windows, in->dims[0], in->dims[1]);
  return {};
}

/// Over all rows and columns.
Result<void> convert_global_pool(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->rank() < 3) return bad_input("its input has neither rows nor columns");
  const auto tensor = to.tensor_of(*in, Layout::kChannelsLast);
  MOTE_TRY(tensor);
  std::vector<int> axes, dims = in->dims;
  for (int axis = 1; axis + 1 < in->rank(); ++axis) axes.push_back(axis);
  std::fill(dims.begin() + 2, dims.end(), 1);
  graph::Attributes attrs;
  attrs.set("keep_dims", std::int64_t{1});
  const int out =
      to.emit(node.op == "GlobalMaxPool" ? "REDUCE_MAX" : "MEAN", {*tensor, to.add_integers(axes)},
              stored_dims(dims, Layout::kChannelsLast), DType::kFloat32, attrs);
  to.set(node.outputs[0], out, dims, Layout::kChannelsLast);
  return {};
}

// Transposed convolutions

Result<void> convert_conv_transpose(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  auto filter = filter_of(to, node, 1);
  MOTE_TRY(filter);
  MOTE_TRY(read_bias(to, node, *filter));
  if (integer(node, "group", 1) != 1) return unsupported("it has groups, expected one");
  if (filter->depth != in->dims[1])
    return bad_input(cat("its filter has ", filter->depth, " inputs, the image ", in->dims[1]));
  if (node.find("output_shape") || text(node, "auto_pad", "NOTSET") != "NOTSET")
    return unsupported("its borders are not given as pads; export it with pads");
  Node plain = node;  // its window, without borders and as a convolution sees it
  std::erase_if(plain.attributes, [](const Attribute& a) { return a.name == "pads"; });
  std::vector<int> large = in->dims;
  for (std::size_t i = 2; i < large.size(); ++i) large[i] = 1 << 20;
  const std::vector<int> taps = in->rank() == 3 ? std::vector<int>{filter->wide}
                                                : std::vector<int>{filter->high, filter->wide};
  auto windows = windows_of(plain, large, taps);
  MOTE_TRY(windows);
  const std::size_t axes = taps.size();
  const Attribute *pads = node.find("pads"), *more = node.find("output_padding");
  if ((pads && pads->integers.size() != 2 * axes) || (more && more->integers.size() != axes))
    return bad_input("its pads are not two an axis");
  std::vector<int> whole = {in->dims[0], 1, 1, filter->outputs}, begin(4), size = whole;
  for (std::size_t i = 0; i < axes; ++i) {
    Window& w = axes == 2 && i == 0 ? windows->high : windows->wide;
    const std::size_t axis = axes == 2 ? i + 1 : 2;
    if (w.dilation != 1) return unsupported("its window has gaps, expected none");
    whole[axis] = (in->dims[2 + i] - 1) * w.stride + w.taps;
    const std::int64_t before = pads ? pads->integers[i] : 0,
                       after =
                           (pads ? pads->integers[axes + i] : 0) - (more ? more->integers[i] : 0);
    if (before < 0 || after < 0 || before + after >= whole[axis])
      return unsupported("its pads take away less than output_padding adds");
    begin[axis] = static_cast<int>(before);
    size[axis] = w.out = static_cast<int>(whole[axis] - before - after);
  }
  const auto name = absorb_normalization(to, node, *filter);
  MOTE_TRY(name);
  const auto image = image_of(to, *in);
  MOTE_TRY(image);
  const int weights = add_weights(to, *filter, false);
  const int bias = to.add_floats({filter->outputs}, filter->bias);
  int out = to.emit("TRANSPOSE_CONV", {to.add_integers(whole), weights, *image, bias}, whole,
                    DType::kFloat32, attributes_of(*windows, Padding::kValid));
  if (size != whole)
    out = to.emit("SLICE", {out, to.add_integers(begin), to.add_integers(size)}, size);
  Node named = node;
  named.outputs[0] = *name;
  set_image(to, named, out, *windows, in->dims[0], filter->outputs);
  return {};
}

constexpr Converter kConverters[] = {
    {"AveragePool", convert_pool},
    {"BatchNormalization", convert_batch_normalization},
    {"Conv", convert_conv},
    {"ConvTranspose", convert_conv_transpose},
    {"GlobalAveragePool", convert_global_pool},
    {"GlobalMaxPool", convert_global_pool},
    {"MaxPool", convert_pool},
};

}  // namespace

std::span<const Converter> window_converters() { return kConverters; }

}  // namespace mote::onnx
