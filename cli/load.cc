#include "cli/load.h"

#include <charconv>
#include <cstring>
#include <random>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/dispatch/kernel_table.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

using tensor_io::PixelRange;

Result<PixelRange> pixel_range(const Args& args) {
  const std::string text = args.text("--pixel-range");
  if (text.empty()) return PixelRange::kFromTensor;
  if (text == "0..1") return PixelRange::kZeroToOne;
  if (text == "-1..1") return PixelRange::kMinusOneToOne;
  if (text == "0..255") return PixelRange::kZeroTo255;
  return fail(ErrorCode::kUsage,
              cat("--pixel-range is '", text, "', expected 0..1, -1..1 or 0..255"));
}

/// One random element in the low bytes, from 64 random bits.
std::uint64_t random_element(DType type, std::uint64_t bits) {
  switch (type) {
    case DType::kInt8:
    case DType::kUint8:
    case DType::kInt16:
    case DType::kUint16:
      return bits >> 40;
    case DType::kFloat32: {
      const float value = static_cast<float>(bits >> 40) / 8388608.0f - 1.0f;
      std::uint32_t word = 0;
      std::memcpy(&word, &value, sizeof word);
      return word;
    }
    case DType::kInt32:
    case DType::kUint32:
    case DType::kInt64:
    case DType::kUint64:
    case DType::kBool:
      return bits >> 63;
  }
  return 0;
}

/// The lowest or highest element of a type, as random_element() has their ranges.
std::uint64_t extreme_element(DType type, bool is_high) {
  switch (type) {
    case DType::kInt8:
      return is_high ? 0x7f : 0x80;
    case DType::kInt16:
      return is_high ? 0x7fff : 0x8000;
    case DType::kUint8:
    case DType::kUint16:
      return is_high ? 0xffff : 0;
    case DType::kFloat32:
      return is_high ? 0x3f800000 : 0xbf800000;  // 1 and -1
    default:
      return is_high;
  }
}

}  // namespace

Result<ModelFile> read_model(const std::string& path) {
  auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  const auto size = static_cast<std::int64_t>(file->size());
  const std::string source = path == "-" ? "standard input" : path;
  auto model = onnx::may_be_onnx(*file)
                   ? onnx::read_onnx(*file, source)
                   : model::read_tflite_with_extras(
                         std::make_shared<const std::vector<std::byte>>(std::move(*file)), source);
  if (!model) return tl::unexpected(model.error());
  return ModelFile{std::move(*model), size};
}

std::string isa_names() {
  std::string names;
  for (const auto* table : dispatch::available_tables())
    names += cat(names.empty() ? "" : ", ", table->isa);
  return names;
}

Result<std::int64_t> arena_limit_from(const Args& args) {
  constexpr std::int64_t kMost = std::int64_t{1} << 31;
  return args.integer("--arena", kMost, 0, kMost);
}

Result<std::int64_t> threads_from(const Args& args) {
  return args.integer("--threads", 1, 1, compiler::kMaxThreads);
}

Result<std::vector<tensor_io::InputSets>> inputs_from(const Args& args,
                                                      const program::Program& program) {
  return inputs_from(args, program, args.texts("--input"));
}

Result<std::vector<tensor_io::InputSets>> inputs_from(const Args& args,
                                                      const program::Program& program,
                                                      std::span<const std::string> paths) {
  tensor_io::InputOptions options{.resize = args.has("--resize")};
  if (args.has("--format")) {
    options.format = tensor_io::format_named(args.text("--format"));
    if (!options.format)
      return fail(ErrorCode::kUsage, cat("--format is '", args.text("--format"),
                                         "', expected bin, npy, bmp, png, ppm, pgm or wav"));
  }
  const auto range = pixel_range(args);
  if (!range) return tl::unexpected(range.error());
  options.pixels = *range;
  LoadOptions load;
  MOTE_TRY(set_stream(args, load));
  if (load.stream) options.stream_axis = load.stream->axis;
  return tensor_io::read_inputs(paths, program, options);
}

tensor_io::InputSets random_inputs(const program::Program& program, int runs, std::uint64_t seed) {
  tensor_io::InputSets sets{.name = cat("random inputs of seed ", seed), .count = runs};
  std::mt19937_64 engine(seed);
  for (int run = 0; run < runs; ++run)
    for (int id : program.inputs) {
      const program::TensorInfo& input = program.tensors[static_cast<std::size_t>(id)];
      const auto size = static_cast<std::size_t>(size_of(input.type));
      for (std::int64_t i = 0; i < input.bytes; i += size_of(input.type)) {
        const std::uint64_t element = random_element(input.type, engine());
        const auto* bytes = reinterpret_cast<const std::byte*>(&element);
        sets.bytes.insert(sets.bytes.end(), bytes, bytes + size);
      }
    }
  return sets;
}

Result<void> set_stream(const Args& args, LoadOptions& options) {
  if (!args.has("--stream")) return {};
  const std::string text = args.text("--stream");
  const char *at = text.data(), *end = text.data() + text.size();
  Stream stream;
  auto result = std::from_chars(at, end, stream.axis);
  if (result.ec == std::errc() && result.ptr != end && *result.ptr == ',')
    result = std::from_chars(result.ptr + 1, end, stream.hop);
  options.stream = stream;
  if (result.ec == std::errc() && result.ptr == end && stream.axis >= 0) return {};
  return fail(ErrorCode::kUsage,
              cat("--stream is '", text,
                  "', expected the number of the input's axis, from 0, and "
                  "behind a comma how many columns are new in each run: --stream=1,2"));
}

std::optional<Bands> bands_from(const Args& args) {
  const bool reads_rows = args.has("--read-rows");
  if (args.text("--optimize") != "ram" && !reads_rows) return std::nullopt;
  return Bands{.reads_rows = reads_rows};
}

Result<void> set_bands(const Args& args, LoadOptions& options) {
  const std::string aim = args.text("--optimize", "balance");
  if (auto bands = bands_from(args)) options.bands = std::move(bands);
  if (aim == "ram" || aim == "balance") return {};
  return fail(ErrorCode::kUsage, cat("--optimize is '", aim, "', expected balance or ram"));
}

tensor_io::InputSets extreme_inputs(const program::Program& program) {
  // After how many elements low and high change places; 0: never.
  struct Pattern {
    std::int64_t period;
    bool starts_high;
  };
  constexpr Pattern kPatterns[] = {{0, false}, {0, true},  {1, false}, {1, true},
                                   {2, false}, {3, false}, {64, true}};
  tensor_io::InputSets sets{.name = "extremes", .count = static_cast<int>(std::size(kPatterns))};
  for (const Pattern& pattern : kPatterns)
    for (int id : program.inputs) {
      const program::TensorInfo& input = program.tensors[static_cast<std::size_t>(id)];
      const auto size = size_of(input.type);
      for (std::int64_t i = 0; i < input.bytes / size; ++i) {
        const bool turned = pattern.period > 0 && i / pattern.period % 2 == 1;
        const std::uint64_t element = extreme_element(input.type, pattern.starts_high != turned);
        const auto* bytes = reinterpret_cast<const std::byte*>(&element);
        sets.bytes.insert(sets.bytes.end(), bytes, bytes + size);
      }
    }
  return sets;
}

std::string shape_text(std::span<const int> shape) { return graph::describe_shape(shape); }

}  // namespace mote::cli
