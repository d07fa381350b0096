#include "mote/host/tensor_io/input.h"

#include <algorithm>
#include <cstring>

#include "mote/host/tensor_io/convert.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::tensor_io {
namespace {

using program::Program;
using program::TensorInfo;

const TensorInfo& input_info(const Program& program, std::size_t i) {
  return program.tensors[static_cast<std::size_t>(program.inputs[i])];
}

std::string quoted(const std::string& path) {
  return path == "-" ? "standard input" : cat("'", path, "'");
}

/// One input's bytes from a file that is not raw.
Result<Bytes> convert(const std::string& path, Format format, const TensorInfo& input,
                      const InputOptions& options) {
  const auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  const std::string source = quoted(path);
  if (format == Format::kNpy)
    return read_npy(*file, source).and_then([&](const Array& array) {
      return convert_array(array, input, options, source);
    });
  if (format == Format::kWav) return convert_wav(*file, input, path);
  const auto image = format == Format::kBmp   ? read_bmp(*file, source)
                     : format == Format::kPng ? read_png(*file, source)
                                              : read_pnm(*file, source);
  if (!image) return tl::unexpected(image.error());
  return convert_image(*image, input, options, source);
}

/// "2 inputs, 490 B + 12 B".
std::string describe_inputs(const Program& program) {
  std::string sizes;
  for (std::size_t i = 0; i < program.inputs.size(); ++i)
    sizes += cat(i == 0 ? "" : " + ", input_info(program, i).bytes, " B");
  return sizes;
}

Result<InputSets> read_raw(const std::string& path, const Program& program) {
  auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  const auto one_run = static_cast<std::size_t>(bytes_of_inputs(program));
  if (file->empty() || file->size() % one_run != 0)
    return bad_input(cat(quoted(path), " has ", file->size(), " B, expected ",
                         describe_inputs(program), " for each run"));
  if (file->size() / one_run > 0x7fffffff)
    return bad_input(cat(quoted(path), " holds more runs than mote counts"));
  const auto runs = static_cast<int>(file->size() / one_run);
  return InputSets{path, runs, std::move(*file)};
}

/// Several inputs' bytes, interleaved run by run.
Result<InputSets> interleave(std::span<const Bytes> inputs, const Program& program,
                             std::span<const std::string> paths) {
  InputSets sets{.name = paths[0]};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto runs = static_cast<int>(static_cast<std::int64_t>(inputs[i].size()) /
                                       input_info(program, i).bytes);
    if (i == 0) sets.count = runs;
    if (runs != sets.count)
      return bad_input(cat(quoted(paths[i]), " holds the input of ", runs, " runs, ",
                           quoted(paths[0]), " of ", sets.count));
  }
  for (int run = 0; run < sets.count; ++run)
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto size = input_info(program, i).bytes;
      const auto from = inputs[i].begin() + run * size;
      sets.bytes.insert(sets.bytes.end(), from, from + size);
    }
  return sets;
}

Result<std::vector<Format>> formats_of(std::span<const std::string> paths,
                                       const InputOptions& options) {
  std::vector<Format> formats;
  for (const std::string& path : paths) {
    auto format = options.format ? Result<Format>(*options.format) : format_of(path);
    if (!format) return tl::unexpected(format.error());
    formats.push_back(*format);
  }
  return formats;
}

/// A file an input, for a network that has several.
Result<std::vector<InputSets>> read_together(std::span<const std::string> paths,
                                             std::span<const Format> formats,
                                             const Program& program, const InputOptions& options) {
  if (paths.size() != program.inputs.size())
    return bad_input(cat("the network has ", program.inputs.size(), " inputs (",
                         describe_inputs(program), "), but ", paths.size(),
                         paths.size() == 1 ? " file was" : " files were",
                         " given; give one for each, in order, or one raw .bin file with all"));
  std::vector<Bytes> inputs;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (formats[i] == Format::kRaw)
      return bad_input(cat(quoted(paths[i]),
                           ": a raw file holds all inputs of the network; it "
                           "cannot be given beside other files"));
    auto bytes = convert(paths[i], formats[i], input_info(program, i), options);
    if (!bytes) return tl::unexpected(bytes.error());
    inputs.push_back(std::move(*bytes));
  }
  auto sets = interleave(inputs, program, paths);
  if (!sets) return tl::unexpected(sets.error());
  return std::vector<InputSets>{std::move(*sets)};
}

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  constexpr std::pair<std::string_view, Format> kNames[] = {
      {"bin", Format::kRaw}, {"npy", Format::kNpy}, {"bmp", Format::kBmp}, {"png", Format::kPng},
      {"ppm", Format::kPnm}, {"pgm", Format::kPnm}, {"wav", Format::kWav},
  };
  for (const auto& [known, format] : kNames)
    if (name == known) return format;
  return std::nullopt;
}

Result<Format> format_of(const std::string& path) {
  if (path == "-") return Format::kRaw;
  const std::size_t dot = path.find_last_of("./");
  if (dot != std::string::npos && path[dot] == '.')
    if (const auto format = format_named(path.substr(dot + 1))) return *format;
  return fail(ErrorCode::kUsage, cat("the name '", path,
                                     "' does not say what the file holds; expected it to end in "
                                     ".bin, .npy, .bmp, .png, .ppm, .pgm or .wav, or --format"));
}

std::int64_t bytes_of_inputs(const Program& program) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < program.inputs.size(); ++i) bytes += input_info(program, i).bytes;
  return bytes;
}

Result<std::vector<InputSets>> read_inputs(std::span<const std::string> paths,
                                           const Program& program, const InputOptions& options) {
  if (program.inputs.empty()) return bad_input("the network has no inputs; leave --input out");
  const auto formats = formats_of(paths, options);
  if (!formats) return tl::unexpected(formats.error());
  const bool all_raw =
      std::ranges::count(*formats, Format::kRaw) == static_cast<std::ptrdiff_t>(formats->size());
  if (program.inputs.size() > 1 && !all_raw)
    return read_together(paths, *formats, program, options);
  std::vector<InputSets> all;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if ((*formats)[i] == Format::kRaw) {
      auto sets = read_raw(paths[i], program);
      if (!sets) return tl::unexpected(sets.error());
      all.push_back(std::move(*sets));
      continue;
    }
    auto bytes = convert(paths[i], (*formats)[i], input_info(program, 0), options);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto runs = static_cast<std::int64_t>(bytes->size()) / input_info(program, 0).bytes;
    all.push_back({paths[i], static_cast<int>(runs), std::move(*bytes)});
  }
  return all;
}

void feed(const InputSets& sets, int index, const runtime::Interpreter& interpreter) {
  const auto one_run = static_cast<std::size_t>(bytes_of_inputs(interpreter.program()));
  const std::byte* from = sets.bytes.data() + static_cast<std::size_t>(index) * one_run;
  for (int i = 0; i < interpreter.input_count(); ++i) {
    const auto to = interpreter.input(i).bytes();
    std::memcpy(to.data(), from, to.size());
    from += to.size();
  }
}

}  // namespace mote::tensor_io
