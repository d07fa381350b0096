#include "tests/onnx/contest.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <numeric>

#include "mote/compiler/compile.h"
#include "mote/compiler/onnx/import.h"
#include "mote/compiler/onnx/numbers.h"
#include "mote/support/cat.h"

namespace mote::tests {
namespace {

std::vector<int> dims_of(const onnx::Port& port) {
  std::vector<int> dims;
  for (const onnx::Dimension& dim : port.dims)
    dims.push_back(dim.size < 0 ? 1 : static_cast<int>(dim.size));
  return dims;
}

int count_of(const std::vector<int>& dims) {
  return std::accumulate(dims.begin(), dims.end(), 1, std::multiplies<>());
}

template <class T>
void write(const std::vector<float>& values, std::span<std::byte> bytes) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<T>(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof value);
  }
}

void write(const std::vector<float>& values, DType type, std::span<std::byte> bytes) {
  switch (type) {
    case DType::kInt8:
      return write<std::int8_t>(values, bytes);
    case DType::kUint8:
      return write<std::uint8_t>(values, bytes);
    case DType::kInt16:
      return write<std::int16_t>(values, bytes);
    default:
      return write<float>(values, bytes);
  }
}

std::vector<float> read(DType type, std::span<const std::byte> bytes) {
  onnx::Tensor tensor{.type = type, .data = {bytes.begin(), bytes.end()}};
  const auto numbers = onnx::numbers_of(tensor).values;
  return {numbers.begin(), numbers.end()};
}

/// Whether mote has this port with the channels last.
bool is_turned(const std::vector<int>& onnx, const std::vector<int>& stored) {
  std::vector<int> last = onnx;
  if (last.size() > 2) std::rotate(last.begin() + 1, last.begin() + 2, last.end());
  return onnx != stored && last == stored;
}

double unit_of(const onnx::File& file) {
  for (const onnx::Node& node : file.nodes)
    if (node.op == "DequantizeLinear" && node.outputs[0] == file.outputs[0].name)
      for (const onnx::Tensor& constant : file.constants)
        if (constant.name == node.inputs[1]) return onnx::numbers_of(constant).values[0];
  return 1;
}

}  // namespace

std::vector<float> turned(const std::vector<float>& values, const std::vector<int>& dims,
                          bool to_last) {
  const int channels = dims[1], places = count_of(dims) / dims[0] / channels;
  std::vector<float> out(values.size());
  for (int n = 0; n < dims[0]; ++n)
    for (int c = 0; c < channels; ++c)
      for (int p = 0; p < places; ++p) {
        const auto second = static_cast<std::size_t>((n * channels + c) * places + p);
        const auto last = static_cast<std::size_t>((n * places + p) * channels + c);
        out[to_last ? last : second] = values[to_last ? second : last];
      }
  return out;
}

std::string find_onnx_runtime() {
#ifdef __aarch64__
  constexpr const char* kMachine = "arm64";
#else
  constexpr const char* kMachine = "x64";
#endif
  const std::filesystem::path folder =
      cat(MOTE_SOURCE_DIR, "/build-release/peer/node_modules/onnxruntime-node/bin");
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const auto path = entry.path() / "linux" / kMachine / "libonnxruntime.so.1";
    if (std::filesystem::exists(path)) return path;
  }
  return "";
}

Result<Contest> Contest::create(bench::OrtLibrary& library, const std::vector<std::byte>& bytes) {
  auto file = onnx::read_file(bytes);
  MOTE_TRY(file);
  const auto port = [](const onnx::Port& from) {
    return bench::OnnxPort{.name = from.name, .type = from.type, .shape = dims_of(from)};
  };
  auto model = onnx::read_onnx(bytes, "contest");
  MOTE_TRY(model);
  auto program = compiler::compile(std::move(*model));
  MOTE_TRY(program);
  auto network =
      runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
  MOTE_TRY(network);
  auto peer = library.load({std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                            port(file->inputs[0]), port(file->outputs[0])});
  MOTE_TRY(peer);
  Contest contest(std::move(*file), std::move(*peer), std::move(*network));
  contest.unit_ = unit_of(contest.file_);
  return contest;
}

std::int64_t Contest::input_count() const { return count_of(dims_of(file_.inputs[0])); }

Result<void> Contest::run(const std::vector<float>& input) {
  const onnx::Port &in = file_.inputs[0], &out = file_.outputs[0];
  write(input, in.type, peer_.input());
  MOTE_TRY(peer_.run());
  theirs_ = read(out.type, peer_.output());
  const auto port = network_.input(0);
  const std::vector<int> dims = dims_of(in);
  write(is_turned(dims, port.info().shape) ? turned(input, dims, true) : input, in.type,
        port.bytes());
  network_.run();
  const auto made = network_.output(0);
  ours_ = read(made.info().type, made.bytes());
  const std::vector<int> out_dims = dims_of(out);
  if (is_turned(out_dims, made.info().shape)) ours_ = turned(ours_, out_dims, false);
  if (ours_.size() == theirs_.size()) return {};
  return bad_input(cat("mote has ", ours_.size(), " outputs, ONNX Runtime ", theirs_.size()));
}

void Differences::note(const Contest& contest) {
  for (std::size_t i = 0; i < contest.ours().size(); ++i) {
    const double apart = std::abs(double{contest.ours()[i]} - double{contest.theirs()[i]});
    const double steps = std::nearbyint(apart / contest.unit());
    const int units = std::isnan(steps) ? 1 << 20 : static_cast<int>(std::min(steps, 1e6));
    ++count, within_one += units <= 1, equal += units == 0, worst = std::max(worst, units);
  }
}

std::string Differences::text() const {
  const auto share = [&](std::int64_t part) {
    return std::to_string(100 * static_cast<double>(part) / static_cast<double>(count)) + " %";
  };
  return cat(count, " outputs: ", share(equal), " equal, ", share(within_one),
             " within one unit, the worst ", worst, " off");
}

}  // namespace mote::tests
