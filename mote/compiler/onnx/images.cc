#include <algorithm>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/compiler/onnx/numbers.h"
#include "mote/support/cat.h"

/// Images of other heights and widths.
namespace mote::onnx {
namespace {

/// How coordinates of the two images belong together, as TensorFlow Lite's two flags say it.
Result<graph::Attributes> resize_attributes(const Node& node, bool is_nearest) {
  const std::string how = node.op == "Upsample"
                              ? "asymmetric"
                              : text(node, "coordinate_transformation_mode", "half_pixel");
  const std::string rounding = text(node, "nearest_mode", "round_prefer_floor");
  if (how != "asymmetric" && how != "half_pixel" && how != "pytorch_half_pixel" &&
      how != "align_corners")
    return unsupported(cat("its coordinate_transformation_mode is '", how, "'"));
  // TensorFlow Lite rounds down, and where corners are aligned to the nearest.
  if (is_nearest && how == "asymmetric" && node.op == "Resize" && rounding != "floor")
    return unsupported(cat("its nearest_mode is '", rounding, "', expected floor"));
  graph::Attributes attrs;
  attrs.set("align_corners", std::int64_t{how == "align_corners"});
  attrs.set("half_pixel_centers", std::int64_t{how.ends_with("half_pixel")});
  return attrs;
}

Result<void> convert_resize(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->rank() != 4)
    return unsupported(cat("its input is ", describe_dims(in->dims), ", expected an image"));
  const std::string mode = text(node, "mode", "nearest");
  if (mode != "nearest" && mode != "linear" && mode != "bilinear")
    return unsupported(cat("its mode is '", mode, "', expected nearest or linear"));
  const auto attrs = resize_attributes(node, mode == "nearest");
  MOTE_TRY(attrs);
  // Opset 10 and Upsample have the scales second, later ones third; sizes are fourth.
  std::vector<int> dims = in->dims;
  const std::size_t scales_at = node.inputs.size() > 2 ? 2 : 1;
  if (to.has_input(node, 3)) {
    const auto sizes = to.integers(node, 3, "the sizes");
    MOTE_TRY(sizes);
    if (sizes->size() != dims.size()) return bad_input("its sizes are not one a dimension");
    for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = static_cast<int>((*sizes)[i]);
  } else {
    std::vector<double> scales;
    if (const Attribute* given = node.find("scales")) {
      scales.assign(given->reals.begin(), given->reals.end());
    } else {
      const auto value = to.constant_input(node, scales_at, "the scales");
      MOTE_TRY(value);
      scales = numbers_of(*value->constant).values;
    }
    if (scales.size() != dims.size()) return bad_input("its scales are not one a dimension");
    for (std::size_t i = 0; i < dims.size(); ++i)
      dims[i] = static_cast<int>(
          std::clamp(static_cast<double>(dims[i]) * scales[i], 0.0, double{1 << 24}));
  }
  constexpr int kMost = 1 << 14;
  if (dims[0] != in->dims[0] || dims[1] != in->dims[1] || dims[2] < 1 || dims[3] < 1 ||
      dims[2] > kMost || dims[3] > kMost)
    return unsupported(cat("it makes ", describe_dims(dims), " of ", describe_dims(in->dims),
                           ", expected other heights and widths only"));
  const auto image = to.tensor_of(*in, Layout::kChannelsLast);
  MOTE_TRY(image);
  const int out = to.emit(mode == "nearest" ? "RESIZE_NEAREST_NEIGHBOR" : "RESIZE_BILINEAR",
                          {*image, to.add_integers({dims[2], dims[3]})},
                          stored_dims(dims, Layout::kChannelsLast), in->type, *attrs);
  to.set(node.outputs[0], out, dims, Layout::kChannelsLast);
  return {};
}

Result<void> convert_depth_to_space(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const std::int64_t block = integer(node, "blocksize", 0);
  const bool is_to_space = node.op == "DepthToSpace";
  if (in->rank() != 4 || block < 1 || block > 64)
    return bad_input("it has no image, or no blocksize");
  if (is_to_space && text(node, "mode", "DCR") != "DCR")
    return unsupported("its mode is CRD, expected DCR");
  const int b = static_cast<int>(block);
  std::vector<int> dims = in->dims;
  if (is_to_space ? dims[1] % (b * b) != 0 : dims[2] % b != 0 || dims[3] % b != 0)
    return bad_input(cat("blocks of ", b, " do not divide ", describe_dims(dims)));
  dims[1] = is_to_space ? dims[1] / (b * b) : dims[1] * b * b;
  dims[2] = is_to_space ? dims[2] * b : dims[2] / b;
  dims[3] = is_to_space ? dims[3] * b : dims[3] / b;
  const auto image = to.tensor_of(*in, Layout::kChannelsLast);
  MOTE_TRY(image);
  graph::Attributes attrs;
  attrs.set("block_size", block);
  const int out = to.emit(is_to_space ? "DEPTH_TO_SPACE" : "SPACE_TO_DEPTH", {*image},
                          stored_dims(dims, Layout::kChannelsLast), in->type, std::move(attrs));
  to.set(node.outputs[0], out, dims, Layout::kChannelsLast);
  return {};
}

constexpr Converter kConverters[] = {
    {"DepthToSpace", convert_depth_to_space},
    {"Resize", convert_resize},
    {"SpaceToDepth", convert_depth_to_space},
    {"Upsample", convert_resize},
};

}  // namespace

std::span<const Converter> image_converters() { return kConverters; }

}  // namespace mote::onnx
