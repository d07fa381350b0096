#include "mote/host/tensor_io/convert.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>

#include "mote/host/sources/wav.h"
#include "mote/support/cat.h"

namespace mote::tensor_io {
namespace {

using program::TensorInfo;

std::string shape_text(std::span<const int> shape) {
  std::string text;
  for (int dimension : shape) text += cat(text.empty() ? "" : ", ", dimension);
  return cat("[", text, "]");
}

/// Real numbers for one run or several, as the tensor holds them.
Result<Bytes> quantize(std::span<const float> values, const TensorInfo& input,
                       const std::string& source) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return bad_input(cat(source, ": element ", i, " is ", values[i], ", expected a number"));
  const auto bytes = static_cast<std::size_t>(input.bytes);
  const std::size_t count = bytes / static_cast<std::size_t>(size_of(input.type));
  Bytes all(values.size() / count * bytes);
  for (std::size_t run = 0; run * count < values.size(); ++run)
    MOTE_TRY(runtime::Port(&input, all.data() + run * bytes)
                 .write_real(values.subspan(run * count, count)));
  return all;
}

/// Whether arrays of that shape hold the input, for one run or several.
bool fits(std::span<const int> shape, std::span<const int> input) {
  if (std::ranges::equal(shape, input)) return true;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return false;
  const bool batch_of_one = !input.empty() && input[0] == 1;
  if (batch_of_one && std::ranges::equal(shape, input.subspan(1))) return true;
  if (shape.empty()) return false;
  return std::ranges::equal(shape.subspan(1), input) ||
         (batch_of_one && std::ranges::equal(shape.subspan(1), input.subspan(1)));
}

/// Whether the array is a row of columns along that axis of the input, as many as several runs
/// take. Dimensions of 1 do not count: [300, 40] fits [1, 2, 1, 40] along axis 1.
bool is_stream(std::span<const int> shape, std::span<const int> input, int axis) {
  const auto without_ones = [](std::span<const int> dims) {
    std::vector<int> list;
    std::ranges::copy_if(dims, std::back_inserter(list), [](int d) { return d != 1; });
    return list;
  };
  if (axis < 0 || axis >= std::ssize(input)) return false;
  const auto at = static_cast<std::size_t>(axis);
  const std::vector<int> column = without_ones(input.subspan(at + 1)), all = without_ones(shape);
  const bool has_one = all.size() == column.size();
  if (!without_ones(input.first(at)).empty() || (!has_one && all.size() != column.size() + 1))
    return false;
  const int columns = has_one ? 1 : all[0];
  return columns > 0 && columns % input[at] == 0 &&
         std::equal(column.rbegin(), column.rend(), all.rbegin());
}

struct Reals {
  double low = 0, high = 0;  ///< what the pixels 0 and 255 stand for
};
constexpr Reals kUsualRanges[] = {{0, 1}, {-1, 1}, {0, 255}};

Reals reals_of(PixelRange range) {
  switch (range) {
    case PixelRange::kZeroToOne:
      return kUsualRanges[0];
    case PixelRange::kMinusOneToOne:
      return kUsualRanges[1];
    case PixelRange::kZeroTo255:
    case PixelRange::kFromTensor:
      return kUsualRanges[2];
  }
  return {};
}

/// Whether an 8-bit tensor spans one of the usual ranges, to 2 % of it.
Result<void> check_usual(const TensorInfo& input, const std::string& source) {
  constexpr const char* kWayOut =
      "; say what they stand for with --pixel-range=0..1, -1..1 or 0..255";
  if ((input.type != DType::kInt8 && input.type != DType::kUint8) || input.scale == 0)
    return bad_input(cat(source, ": ", describe(input), " does not say what pixels mean", kWayOut));
  const double smallest = input.type == DType::kInt8 ? -128 : 0;
  const double low = (smallest - input.zero_point) * double{input.scale};
  const double high = (smallest + 255 - input.zero_point) * double{input.scale};
  for (const Reals& usual : kUsualRanges) {
    const double slack = 0.02 * (usual.high - usual.low);
    if (std::abs(low - usual.low) <= slack && std::abs(high - usual.high) <= slack) return {};
  }
  return bad_input(cat(source, ": ", describe(input), " spans the real numbers from ", low, " to ",
                       high, ", which is no usual range of pixels", kWayOut));
}

/// height, width and channels of an image input; nothing where it is none.
struct PictureShape {
  int height = 0, width = 0, channels = 0;
};
Result<PictureShape> picture_shape(const TensorInfo& input, const std::string& source) {
  std::span<const int> shape = input.shape;
  if (shape.size() == 4 && shape[0] == 1) shape = shape.subspan(1);
  if (shape.size() == 3 && (shape[2] == 1 || shape[2] == 3))
    return PictureShape{shape[0], shape[1], shape[2]};
  return bad_input(cat(source, " is a picture, but ", describe(input),
                       " is none: expected [1, height, width, 1 or 3]"));
}

}  // namespace

std::string describe(const TensorInfo& input) {
  return cat("the input '", input.name, "' ", name_of(input.type), " ", shape_text(input.shape));
}

Result<Bytes> convert_array(const Array& array, const TensorInfo& input,
                            const InputOptions& options, const std::string& source) {
  if (!fits(array.shape, input.shape) && !is_stream(array.shape, input.shape, options.stream_axis))
    return bad_input(
        cat(source, " has shape ", shape_text(array.shape), ", ", describe(input),
            " takes its own shape, or several of it along a first dimension",
            options.stream_axis < 0 ? "" : cat(", or a stream along axis ", options.stream_axis)));
  const bool real = array.type == DType::kFloat32;
  if (real && (input.type == DType::kFloat32 || input.scale != 0)) {
    std::vector<float> values(array.data.size() / sizeof(float));
    std::memcpy(values.data(), array.data.data(), array.data.size());
    return quantize(values, input, source);
  }
  if (array.type == input.type) return array.data;
  return bad_input(cat(source, " holds ", name_of(array.type), ", ", describe(input), " takes ",
                       name_of(input.type), input.scale == 0 ? "" : " or FLOAT32"));
}

Result<Bytes> convert_image(const Image& image, const TensorInfo& input,
                            const InputOptions& options, const std::string& source) {
  const auto shape = picture_shape(input, source);
  if (!shape) return tl::unexpected(shape.error());
  const bool same = image.width == shape->width && image.height == shape->height &&
                    image.channels == shape->channels;
  if (!same && !options.resize)
    return bad_input(cat(source, " is ", image.width, "x", image.height,
                         image.channels == 1 ? " grey" : " in colour", ", ", describe(input),
                         " takes ", shape->width, "x", shape->height,
                         shape->channels == 1 ? " grey" : " in colour", "; --resize converts it"));
  const Image fitting =
      same ? image : resize(with_channels(image, shape->channels), shape->width, shape->height);
  if (options.pixels == PixelRange::kFromTensor) {
    MOTE_TRY(check_usual(input, source));
    const int offset = input.type == DType::kInt8 ? 128 : 0;
    Bytes bytes;
    for (std::uint8_t pixel : fitting.pixels)
      bytes.push_back(static_cast<std::byte>(pixel - offset));
    return bytes;
  }
  const Reals reals = reals_of(options.pixels);
  std::vector<float> values;
  for (std::uint8_t pixel : fitting.pixels)
    values.push_back(static_cast<float>(reals.low + (reals.high - reals.low) * pixel / 255));
  return quantize(values, input, source);
}

Result<Bytes> convert_wav(std::span<const std::byte> file, const TensorInfo& input,
                          const std::string& source) {
  const auto recording = sources::parse_wav(source, file);
  if (!recording) return tl::unexpected(recording.error());
  const bool fmt_first = file.size() >= 36 && std::memcmp(file.data() + 12, "fmt ", 4) == 0;
  if (!fmt_first || recording->channels() != 1 || recording->unit != "counts" ||
      std::to_integer<int>(file[34]) != 16)
    return unsupported(cat(source,
                           " is not 16-bit mono PCM; convert it, say by "
                           "`sox in.wav -c 1 -b 16 out.wav`"));
  const auto long_dimensions = std::count_if(input.shape.begin(), input.shape.end(),
                                             [](int dimension) { return dimension > 1; });
  if (long_dimensions > 1)
    return bad_input(cat(source, " is a recording, but ", describe(input),
                         " is no row of samples: it wants features computed from them"));
  const std::int64_t count = input.bytes / size_of(input.type);
  std::vector<float> samples = recording->samples;
  if (static_cast<std::int64_t>(samples.size()) % count != 0)
    return bad_input(cat(source, " has ", samples.size(), " samples, ", describe(input), " takes ",
                         count, " a run; cut or pad it to a multiple"));
  const bool counts = input.type == DType::kInt16 &&
                      (input.scale == 0 || (input.scale == 1 && input.zero_point == 0));
  if (!counts && input.type != DType::kFloat32 && input.scale == 0)
    return bad_input(cat(source, ": ", describe(input),
                         " has no scale, so that samples cannot be "
                         "quantised for it"));
  if (!counts)
    for (float& sample : samples) sample /= 32768;
  return quantize(samples, input, source);
}

}  // namespace mote::tensor_io
