#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// Between channels and places of images.
namespace mote::onnx {
namespace {

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
    {"SpaceToDepth", convert_depth_to_space},
};

}  // namespace

std::span<const Converter> image_converters() { return kConverters; }

}  // namespace mote::onnx
