#include <algorithm>

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// Convolutions, pools and what else works on images.
namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

constexpr int kSame = 0;

/// How windows lie along rows (0) and columns (1).
struct Windows {
  Ints kernel, strides, dilations, pads;
};

/// A filter without its rows, of which it has one.
Tensor of_signal(Tensor filter) {
  filter.shape.erase(filter.shape.begin() + 1);
  if (filter.quant.axis > 0) --filter.quant.axis;
  return filter;
}

/// What windows say of columns alone.
Windows of_signal(const Windows& w) {
  return {{w.kernel[1]}, {w.strides[1]}, {w.dilations[1]}, {w.pads[1], w.pads[3]}};
}

/// Borders that TensorFlow Lite makes: SAME shares them, the end gets the larger half.
Windows windows_of(const Exporter& to, const Node& node, std::span<const int> taps) {
  const std::vector<int>&in = to.tensor(node.inputs[0]).shape, &out = to.graph().output(node).shape;
  const int stride[] = {node.attrs.integer("stride_h", 1), node.attrs.integer("stride_w", 1)};
  const int dilation[] = {node.attrs.integer("dilation_h_factor", 1),
                          node.attrs.integer("dilation_w_factor", 1)};
  Windows windows{.pads = Ints(4)};
  for (std::size_t i = 0; i < 2; ++i) {
    const int reach = (taps[i] - 1) * dilation[i] + 1;
    const int total = node.attrs.integer("padding") == kSame
                          ? std::max(0, (out[i + 1] - 1) * stride[i] + reach - in[i + 1])
                          : 0;
    windows.kernel.push_back(taps[i]);
    windows.strides.push_back(stride[i]);
    windows.dilations.push_back(dilation[i]);
    windows.pads[i] = total / 2;
    windows.pads[i + 2] = total - total / 2;
  }
  return windows;
}

Result<void> write_convolution(Exporter& to, const Node& node) {
  const bool is_depthwise = node.op == "DEPTHWISE_CONV_2D";
  const Tensor &in = to.tensor(node.inputs[0]), &filter = to.tensor(node.inputs[1]);
  if (!filter.is_constant()) return unsupported("its filter is computed, expected constants");
  const std::string* wave = filter.shape[1] == 1 ? to.signal(node.inputs[0]) : nullptr;
  const auto image =
      wave ? Result<std::string>(*wave) : to.value(node.inputs[0], Form::kChannelsSecond);
  MOTE_TRY(image);
  // OHWI, or 1HWO, to OIHW.
  std::vector<int> order =
      is_depthwise ? std::vector<int>{3, 0, 1, 2} : std::vector<int>{0, 3, 1, 2};
  if (wave) order = is_depthwise ? std::vector<int>{2, 0, 1} : std::vector<int>{0, 2, 1};
  const auto weights = to.constant_of(wave ? of_signal(filter) : filter, order);
  MOTE_TRY(weights);
  Names inputs = {*image, *weights};
  if (to.graph().input(node, 2)) {
    const auto bias = to.bias(node, 2);
    MOTE_TRY(bias);
    inputs.push_back(*bias);
  }
  const int taps[] = {filter.shape[1], filter.shape[2]};
  Windows w = windows_of(to, node, taps);
  if (wave) w = of_signal(w);
  const int group = is_depthwise ? in.shape[3] : in.shape[3] / filter.shape[3];
  const std::string out = to.emit("Conv", inputs,
                                  {{"kernel_shape", w.kernel},
                                   {"strides", w.strides},
                                   {"pads", w.pads},
                                   {"dilations", w.dilations},
                                   {"group", std::int64_t{group}}});
  return wave ? to.set_signal_of(node, out) : to.set(node, out, Form::kChannelsSecond);
}

Result<void> write_transpose_conv(Exporter& to, const Node& node) {
  const Tensor &filter = to.tensor(node.inputs[1]), &in = to.tensor(node.inputs[2]);
  if (!filter.is_constant()) return unsupported("its filter is computed, expected constants");
  const std::vector<int>& out = to.graph().output(node).shape;
  const std::string* wave =
      filter.shape[1] == 1 && out[1] == 1 ? to.signal(node.inputs[2]) : nullptr;
  const auto image =
      wave ? Result<std::string>(*wave) : to.value(node.inputs[2], Form::kChannelsSecond);
  MOTE_TRY(image);
  // OHWI to IOHW.
  const std::vector<int> order = wave ? std::vector<int>{2, 0, 1} : std::vector<int>{3, 0, 1, 2};
  const auto weights = to.constant_of(wave ? of_signal(filter) : filter, order);
  MOTE_TRY(weights);
  Names inputs = {*image, *weights};
  if (to.graph().input(node, 3)) {
    const auto bias = to.bias(node, 3);
    MOTE_TRY(bias);
    inputs.push_back(*bias);
  }
  const int stride[] = {node.attrs.integer("stride_h", 1), node.attrs.integer("stride_w", 1)};
  Ints pads(4), more(2);
  for (std::size_t i = 0; i < 2; ++i) {
    const int whole = (in.shape[i + 1] - 1) * stride[i] + filter.shape[i + 1];
    const int total = std::max(0, whole - out[i + 1]);
    pads[i] = total / 2, pads[i + 2] = total - total / 2;
    more[i] = std::max(0, out[i + 1] - whole);
  }
  Ints kernel = {filter.shape[1], filter.shape[2]}, strides = {stride[0], stride[1]};
  if (wave) {
    kernel.erase(kernel.begin()), strides.erase(strides.begin()), more.erase(more.begin());
    pads = {pads[1], pads[3]};
  }
  const std::string made = to.emit(
      "ConvTranspose", inputs,
      {{"kernel_shape", kernel}, {"strides", strides}, {"pads", pads}, {"output_padding", more}});
  return wave ? to.set_signal_of(node, made) : to.set(node, made, Form::kChannelsSecond);
}

Result<void> write_pool(Exporter& to, const Node& node) {
  const int taps[] = {node.attrs.integer("filter_height"), node.attrs.integer("filter_width")};
  const std::string* wave = taps[0] == 1 ? to.signal(node.inputs[0]) : nullptr;
  const auto image =
      wave ? Result<std::string>(*wave) : to.value(node.inputs[0], Form::kChannelsSecond);
  MOTE_TRY(image);
  Windows w = windows_of(to, node, taps);
  if (wave) w = of_signal(w);
  const std::string out =
      to.emit(node.op == "MAX_POOL_2D" ? "MaxPool" : "AveragePool", {*image},
              {{"kernel_shape", w.kernel}, {"strides", w.strides}, {"pads", w.pads}});
  return wave ? to.set_signal_of(node, out) : to.set(node, out, Form::kChannelsSecond);
}

Result<void> write_resize(Exporter& to, const Node& node) {
  const auto image = to.value(node.inputs[0], Form::kChannelsSecond);
  MOTE_TRY(image);
  const bool is_linear = node.op == "RESIZE_BILINEAR";
  const bool aligns = node.attrs.integer("align_corners") != 0,
             is_half = node.attrs.integer("half_pixel_centers") != 0;
  const std::string how = aligns ? "align_corners" : is_half ? "half_pixel" : "asymmetric";
  ModelBuilder::Attributes attributes = {{"mode", std::string(is_linear ? "linear" : "nearest")},
                                         {"coordinate_transformation_mode", how}};
  if (!is_linear)
    attributes.emplace_back("nearest_mode",
                            std::string(aligns || is_half ? "round_prefer_ceil" : "floor"));
  const std::string sizes =
      to.builder().list(dims_in(to.graph().output(node).shape, Form::kChannelsSecond));
  return to.set(node, to.emit("Resize", {*image, "", "", sizes}, attributes),
                Form::kChannelsSecond);
}

Result<void> write_space(Exporter& to, const Node& node) {
  const auto image = to.value(node.inputs[0], Form::kChannelsSecond);
  MOTE_TRY(image);
  const std::int64_t block = node.attrs.integer("block_size");
  ModelBuilder::Attributes attributes = {{"blocksize", block}};
  const bool is_depth = node.op == "DEPTH_TO_SPACE";
  if (is_depth) attributes.emplace_back("mode", std::string("DCR"));
  return to.set(node, to.emit(is_depth ? "DepthToSpace" : "SpaceToDepth", {*image}, attributes),
                Form::kChannelsSecond);
}

constexpr OperatorWriter kWriters[] = {{"AVERAGE_POOL_2D", write_pool},
                                       {"CONV_2D", write_convolution},
                                       {"DEPTHWISE_CONV_2D", write_convolution},
                                       {"DEPTH_TO_SPACE", write_space},
                                       {"MAX_POOL_2D", write_pool},
                                       {"RESIZE_BILINEAR", write_resize},
                                       {"RESIZE_NEAREST_NEIGHBOR", write_resize},
                                       {"SPACE_TO_DEPTH", write_space},
                                       {"TRANSPOSE_CONV", write_transpose_conv}};

}  // namespace

std::span<const OperatorWriter> window_writers() { return kWriters; }

}  // namespace mote::onnx
