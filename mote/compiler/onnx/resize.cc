#include <algorithm>
#include <cmath>
#include <vector>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/compiler/onnx/numbers.h"
#include "mote/compiler/onnx/window.h"
#include "mote/support/cat.h"

/// Images of other heights and widths.
namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// What belongs to what along one dimension.
struct Side {
  int in = 1, out = 1;
  double scale = 1;  ///< output to input
};

/// How the node does it.
struct Form {
  std::string mode, coordinates, rounding;
  bool is_nearest() const { return mode == "nearest"; }
  bool has_corners() const { return coordinates == "align_corners"; }
  bool has_centres() const { return coordinates.starts_with("half_pixel") || is_of_pytorch(); }
  bool is_of_pytorch() const { return coordinates == "pytorch_half_pixel"; }
};

Result<Form> form_of(const Importer& to, const Node& node) {
  constexpr std::int64_t kWithCoordinates = 11;  // before, there is one way
  const bool is_old = node.op == "Upsample" || to.file().opset < kWithCoordinates;
  Form form{.mode = text(node, "mode", "nearest"),
            .coordinates =
                is_old ? "asymmetric" : text(node, "coordinate_transformation_mode", "half_pixel"),
            .rounding = is_old ? "floor" : text(node, "nearest_mode", "round_prefer_floor")};
  if (form.mode == "bilinear") form.mode = "linear";
  if (form.mode != "nearest" && form.mode != "linear")
    return unsupported(cat("its mode is '", form.mode, "', expected nearest or linear"));
  if (form.coordinates != "asymmetric" && form.coordinates != "half_pixel_symmetric" &&
      form.coordinates != "half_pixel" && !form.is_of_pytorch() && !form.has_corners())
    return unsupported(cat("its coordinate_transformation_mode is '", form.coordinates, "'"));
  if (const std::string policy = text(node, "keep_aspect_ratio_policy", "stretch");
      policy != "stretch")
    return unsupported(cat("its keep_aspect_ratio_policy is '", policy, "', expected stretch"));
  return form;
}

/// By ONNX's dimensions.
Result<std::vector<Side>> sides_of(const Importer& to, const Node& node,
                                   const std::vector<int>& dims) {
  std::vector<Side> sides;
  for (int dim : dims) sides.push_back({dim, dim, 1});
  std::vector<int> axes;
  for (int i = 0; i < static_cast<int>(dims.size()); ++i) axes.push_back(i);
  if (const Attribute* given = node.find("axes")) {
    axes.clear();
    for (std::int64_t axis : given->integers) {
      const auto from_front = axis_of(axis, static_cast<int>(dims.size()));
      MOTE_TRY(from_front);
      axes.push_back(*from_front);
    }
  }
  const bool has_sizes = to.has_input(node, 3);
  std::vector<double> given;
  if (const Attribute* scales = node.find("scales"); scales && !has_sizes) {
    given.assign(scales->reals.begin(), scales->reals.end());
  } else {
    // Opset 10 and Upsample have the scales second, later ones third; sizes are fourth.
    const std::size_t place = has_sizes ? 3 : node.inputs.size() > 2 ? 2 : 1;
    const auto value = to.constant_input(node, place, has_sizes ? "the sizes" : "the scales");
    MOTE_TRY(value);
    given = numbers_of(*value->constant).values;
  }
  if (given.size() != axes.size())
    return bad_input(cat("its ", has_sizes ? "sizes" : "scales", " are not one a dimension"));
  constexpr double kMost = 1 << 14;
  for (std::size_t i = 0; i < given.size(); ++i) {
    Side& side = sides[at(axes[i])];
    const double size = has_sizes ? given[i] : std::floor(side.in * given[i] + 1e-6);
    if (!(size >= 1) || size > kMost)
      return unsupported(cat("it makes ", size, " elements along dimension ", axes[i]));
    side.out = static_cast<int>(size);
    side.scale = has_sizes ? size / side.in : given[i];
  }
  return sides;
}

double place_of(const Form& form, const Side& side, int i) {
  if (form.has_corners()) return side.out == 1 ? 0 : double{1} * i * (side.in - 1) / (side.out - 1);
  if (form.coordinates == "asymmetric" || (form.is_of_pytorch() && side.out == 1))
    return i / side.scale;
  double offset = 0;
  if (form.coordinates == "half_pixel_symmetric")
    offset = side.in / 2.0 * (1 - side.out / (side.in * side.scale));
  return offset + (i + 0.5) / side.scale - 0.5;
}

/// Which element becomes each one.
std::vector<int> sources_of(const Form& form, const Side& side) {
  std::vector<int> sources;
  for (int i = 0; i < side.out; ++i) {
    const double place = static_cast<double>(static_cast<float>(place_of(form, side, i)));
    const double nearest = form.rounding == "floor"               ? std::floor(place)
                           : form.rounding == "ceil"              ? std::ceil(place)
                           : form.rounding == "round_prefer_ceil" ? std::floor(place + 0.5)
                                                                  : std::ceil(place - 0.5);
    sources.push_back(static_cast<int>(std::clamp(nearest, 0.0, side.in - 1.0)));
  }
  return sources;
}

/// What TensorFlow Lite takes with the same attributes.
std::vector<int> usual_sources(const Form& form, const Side& side) {
  const bool has_corners = form.has_corners() && side.out > 1;
  const float step = has_corners
                         ? static_cast<float>(side.in - 1) / static_cast<float>(side.out - 1)
                         : static_cast<float>(side.in) / static_cast<float>(side.out);
  std::vector<int> sources;
  for (int i = 0; i < side.out; ++i) {
    const float place = (static_cast<float>(i) + (form.has_centres() ? 0.5f : 0.0f)) * step;
    const float nearest = has_corners ? std::round(place) : std::floor(place);
    sources.push_back(std::min(static_cast<int>(nearest), side.in - 1));
  }
  return sources;
}

graph::Attributes attributes_of(const Form& form) {
  graph::Attributes attrs;
  attrs.set("align_corners", std::int64_t{form.has_corners()});
  attrs.set("half_pixel_centers", std::int64_t{form.has_centres()});
  return attrs;
}

/// Of an image [N, H, W, C]: TensorFlow Lite's operator where it takes the same elements, else
/// their places.
int take_nearest(Importer& to, int image, const Form& form, const Side& high, const Side& wide) {
  std::vector<int> dims = to.stored(image);
  const DType type = to.type_of(image);
  const auto rows = sources_of(form, high), columns = sources_of(form, wide);
  if (rows == usual_sources(form, high) && columns == usual_sources(form, wide)) {
    dims[1] = high.out, dims[2] = wide.out;
    return to.emit("RESIZE_NEAREST_NEIGHBOR", {image, to.add_integers({high.out, wide.out})}, dims,
                   type, attributes_of(form));
  }
  for (const std::int64_t axis : {1, 2}) {
    const std::vector<int>& sources = axis == 1 ? rows : columns;
    graph::Attributes attrs;
    attrs.set("axis", axis);
    attrs.set("batch_dims", std::int64_t{0});
    dims[static_cast<std::size_t>(axis)] = static_cast<int>(sources.size());
    image = to.emit("GATHER", {image, to.add_integers(sources)}, dims, type, std::move(attrs));
  }
  return image;
}

/// That the sizes alone say how places belong together.
Result<void> check_linear(const Form& form, const Side& side) {
  constexpr double kSame = 1e-3;
  if (form.has_corners()) return {};
  if (std::abs(side.in * side.scale - side.out) > kSame)
    return unsupported(cat("it makes ", side.out, " elements of ", side.in, " with the scale ",
                           side.scale, "; export it with sizes, not scales"));
  if (form.is_of_pytorch() && side.out == 1 && side.in > 1)
    return unsupported("it makes a single row or column in the way of pytorch_half_pixel");
  return {};
}

Result<void> convert_resize(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto form = form_of(to, node);
  MOTE_TRY(form);
  const int rank = in->rank();
  if (rank != 3 && rank != 4)
    return unsupported(cat("its input is ", describe_dims(in->dims), ", expected an image"));
  const auto sides = sides_of(to, node, in->dims);
  MOTE_TRY(sides);
  std::vector<int> dims;
  for (const Side& side : *sides) dims.push_back(side.out);
  if (dims[0] != in->dims[0] || dims[1] != in->dims[1])
    return unsupported(cat("it makes ", describe_dims(dims), " of ", describe_dims(in->dims),
                           ", expected other heights and widths only"));
  const Side wide = sides->back(), high = rank == 4 ? (*sides)[2] : Side{};
  const bool shrinks = wide.out < wide.in || high.out < high.in;
  if (integer(node, "antialias", 0) != 0 && shrinks)
    return unsupported("it smooths what it makes smaller (antialias), expected not");
  const auto image = image_of(to, *in);
  MOTE_TRY(image);
  int out = *image;
  if (form->is_nearest()) {
    out = take_nearest(to, *image, *form, high, wide);
  } else {
    MOTE_TRY(check_linear(*form, high));
    MOTE_TRY(check_linear(*form, wide));
    out = to.emit("RESIZE_BILINEAR", {*image, to.add_integers({high.out, wide.out})},
                  {dims[0], high.out, wide.out, dims[1]}, in->type, attributes_of(*form));
  }
  to.set(node.outputs[0], to.reshape(out, stored_dims(dims, Layout::kChannelsLast)), dims,
         Layout::kChannelsLast);
  return {};
}

constexpr Converter kConverters[] = {
    {"Resize", convert_resize},
    {"Upsample", convert_resize},
};

}  // namespace

std::span<const Converter> resize_converters() { return kConverters; }

}  // namespace mote::onnx
