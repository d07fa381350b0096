#include "cli/quantize/examples.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <iterator>

#include "cli/format.h"
#include "cli/load.h"
#include "mote/host/tensor_io/convert.h"
#include "mote/host/tensor_io/input.h"
#include "mote/host/tensor_io/npy.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using program::Program;
using program::TensorInfo;
using tensor_io::Array;

/// A file of data, and the class of the folder that it lies in; -1: no such folder.
struct DataFile {
  std::string path;
  int label = -1;
};

Result<std::vector<fs::path>> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().filename().string().front() != '.') entries.push_back(it->path());
  if (error)
    return fail(ErrorCode::kIo, cat("cannot read '", folder.string(), "': ", error.message()));
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// The files of a folder, or, where it holds folders, of each of those with its class.
Result<std::vector<DataFile>> files_of(const fs::path& folder, std::vector<std::string>& classes) {
  const auto entries = entries_of(folder);
  MOTE_TRY(entries);
  std::vector<DataFile> files;
  const auto is_folder = [](const fs::path& path) { return fs::is_directory(path); };
  const auto folders = std::count_if(entries->begin(), entries->end(), is_folder);
  if (folders > 0 && folders < std::ssize(*entries))
    return bad_input(cat("'", folder.string(),
                         "' holds files and folders, expected files alone, or a ",
                         "folder for each class"));
  for (const fs::path& entry : *entries) {
    if (!is_folder(entry)) {
      files.push_back({.path = entry.string()});
      continue;
    }
    const auto inner = entries_of(entry);
    MOTE_TRY(inner);
    for (const fs::path& file : *inner)
      files.push_back({.path = file.string(), .label = static_cast<int>(classes.size())});
    classes.push_back(entry.filename().string());
  }
  return files;
}

Result<std::vector<DataFile>> find_files(const Args& args, std::vector<std::string>& classes) {
  std::vector<DataFile> files;
  for (const std::string& path : args.texts("--data")) {
    if (!fs::is_directory(path)) {
      files.push_back({.path = path});
      continue;
    }
    auto inside = files_of(path, classes);
    if (!inside) return tl::unexpected(inside.error());
    files.insert(files.end(), inside->begin(), inside->end());
  }
  if (files.empty())
    return fail(
        ErrorCode::kUsage,
        "`mote quantize` needs data to calibrate with: --data=FILE.npy, or a folder that is "
        "not empty");
  return files;
}

std::vector<int> without_ones(std::span<const int> shape) {
  std::vector<int> list;
  std::ranges::copy_if(shape, std::back_inserter(list), [](int dim) { return dim != 1; });
  return list;
}

/// [N, C, ...] to [N, ..., C].
void move_channels(Array& array) {
  const auto size = static_cast<std::size_t>(size_of(array.type));
  const auto runs = static_cast<std::size_t>(array.shape[0]);
  const auto channels = static_cast<std::size_t>(array.shape[1]);
  const std::size_t places = array.data.size() / size / runs / channels;
  std::vector<std::byte> moved(array.data.size());
  for (std::size_t n = 0; n < runs; ++n)
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t p = 0; p < places; ++p)
        std::memcpy(moved.data() + ((n * places + p) * channels + c) * size,
                    array.data.data() + ((n * channels + c) * places + p) * size, size);
  array.data = std::move(moved);
  std::rotate(array.shape.begin() + 1, array.shape.begin() + 2, array.shape.end());
}

/// Brings an array of examples to the input's shape where it has the same elements with other
/// dimensions of 1, or in ONNX's order; leaves any other as it is.
void adapt(Array& array, const TensorInfo& input) {
  if (array.shape.size() < 2 || input.shape.empty() || input.shape[0] != 1) return;
  const std::span<const int> one(input.shape.begin() + 1, input.shape.end());
  const std::span<const int> rest(array.shape.begin() + 1, array.shape.end());
  std::vector<int> channels_first(one.begin(), one.end());
  if (one.size() >= 2)
    std::rotate(channels_first.begin(), channels_first.end() - 1, channels_first.end());
  if (without_ones(rest) == without_ones(one)) {
    array.shape.resize(1);
    array.shape.insert(array.shape.end(), one.begin(), one.end());
  } else if (std::ranges::equal(rest, channels_first)) {
    move_channels(array);
  }
}

/// The bytes of the inputs that a .npy file holds.
Result<std::vector<std::byte>> array_bytes(const std::string& path, const TensorInfo& input) {
  const auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  auto array = tensor_io::read_npy(*file, cat("'", path, "'"));
  if (!array) return tl::unexpected(array.error());
  adapt(*array, input);
  return tensor_io::convert_array(*array, input, {}, cat("'", path, "'"));
}

/// The runs that files hold, as InputSets has them.
Result<tensor_io::InputSets> read_file_of(const DataFile& file, const Args& args,
                                          const Program& program) {
  const bool is_npy =
      args.text("--format").empty() ? file.path.ends_with(".npy") : args.text("--format") == "npy";
  if (is_npy && program.inputs.size() == 1) {
    const TensorInfo& input = program.tensors[static_cast<std::size_t>(program.inputs[0])];
    auto bytes = array_bytes(file.path, input);
    if (!bytes) return tl::unexpected(bytes.error());
    return tensor_io::InputSets{
        file.path, static_cast<int>(static_cast<std::int64_t>(bytes->size()) / input.bytes),
        std::move(*bytes)};
  }
  auto sets = inputs_from(args, program, std::span(&file.path, 1));
  if (!sets) return tl::unexpected(sets.error());
  return std::move(sets->front());
}

void append(Examples& examples, const tensor_io::InputSets& sets, int label) {
  const std::byte* at = sets.bytes.data();
  for (int run = 0; run < sets.count; ++run)
    for (std::size_t i = 0; i < examples.infos.size(); ++i) {
      const auto size = static_cast<std::size_t>(examples.infos[i].bytes);
      examples.inputs[i].insert(examples.inputs[i].end(), at, at + size);
      at += size;
    }
  examples.count += sets.count;
  if (label >= 0) examples.labels.resize(static_cast<std::size_t>(examples.count), label);
}

Result<void> read_labels(const std::string& path, Examples& examples) {
  const auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  const auto* at = reinterpret_cast<const char*>(file->data());
  const char* end = at + file->size();
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  std::vector<int> labels;
  for (;;) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end) break;
    int label = 0;
    const auto [rest, error] = std::from_chars(at, end, label);
    if (error != std::errc() || (rest != end && !is_blank(*rest)))
      return bad_input(cat("'", path, "': label ", labels.size(),
                           " is no whole number; expected one for each example, in their order"));
    at = rest;
    labels.push_back(label);
  }
  if (std::ssize(labels) != examples.count)
    return bad_input(cat("'", path, "' holds ", plural(std::ssize(labels), "label"), ", the data ",
                         plural(examples.count, "example"), "; expected as many"));
  examples.labels = std::move(labels);
  return {};
}

}  // namespace

Result<Examples> read_examples(const Args& args, const Program& program) {
  Examples examples;
  const auto files = find_files(args, examples.class_names);
  if (!files) return tl::unexpected(files.error());
  for (int id : program.inputs)
    examples.infos.push_back(program.tensors[static_cast<std::size_t>(id)]);
  examples.inputs.resize(examples.infos.size());
  if (examples.infos.size() > 1 && !std::ranges::all_of(*files, [](const DataFile& file) {
        return file.path.ends_with(".bin");
      })) {
    auto sets = inputs_from(args, program, args.texts("--data"));
    if (!sets) return tl::unexpected(sets.error());
    for (const auto& set : *sets) append(examples, set, -1);
  } else {
    for (const DataFile& file : *files) {
      const auto sets = read_file_of(file, args, program);
      if (!sets) return tl::unexpected(sets.error());
      append(examples, *sets, file.label);
    }
  }
  if (!args.has("--labels")) return examples;
  if (!examples.labels.empty())
    return fail(
        ErrorCode::kUsage,
        "--labels and a folder for each class both say what the classes are; leave --labels "
        "out");
  MOTE_TRY(read_labels(args.text("--labels"), examples));
  return examples;
}

void feed(const Examples& examples, int example, const runtime::Interpreter& interpreter) {
  for (int i = 0; i < interpreter.input_count(); ++i) {
    const auto place = static_cast<std::size_t>(i);
    const TensorInfo& info = examples.infos[place];
    const std::byte* from = examples.inputs[place].data() + example * info.bytes;
    const runtime::Port port = interpreter.input(i);
    if (port.info().type == info.type) {
      std::memcpy(port.bytes().data(), from, port.bytes().size());
      continue;
    }
    std::vector<float> values(static_cast<std::size_t>(info.bytes) / sizeof(float));
    std::memcpy(values.data(), from, static_cast<std::size_t>(info.bytes));
    (void)port.write_real(values);  // as many as the input has: the networks are of one shape
  }
}

}  // namespace mote::cli
