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

/// Elements with the channels last in place of second, or back.
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

bench::OnnxPort port_of(const onnx::Port& from) {
  return {.name = from.name, .type = from.type, .shape = dims_of(from)};
}

}  // namespace

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

std::vector<float> random_input(std::mt19937& random, std::int64_t count, DType type) {
  std::vector<float> values(static_cast<std::size_t>(count));
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int> any(type == DType::kUint8 ? 0 : -128,
                                         type == DType::kUint8 ? 255 : 127);
  for (float& x : values)
    x = type == DType::kFloat32 ? normal(random) : static_cast<float>(any(random));
  return values;
}

bench::OrtLibrary* onnx_runtime() {
  static const std::string path = find_onnx_runtime();
  static auto library = path.empty() ? Result<bench::OrtLibrary>(unsupported("no library"))
                                     : bench::OrtLibrary::open(path);
  return library ? &*library : nullptr;
}

// Network

Result<Network> Network::create(const std::vector<std::byte>& bytes) {
  auto file = onnx::read_file(bytes);
  MOTE_TRY(file);
  auto model = onnx::read_onnx(bytes, "network");
  MOTE_TRY(model);
  compiler::with_gru();
  auto program = compiler::compile(std::move(*model));
  MOTE_TRY(program);
  auto interpreter =
      runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
  MOTE_TRY(interpreter);
  return Network(std::move(*file), std::move(*interpreter));
}

std::int64_t Network::input_count() const { return count_of(dims_of(file_.inputs[0])); }
std::int64_t Network::output_count() const { return count_of(dims_of(file_.outputs[0])); }

double Network::unit() const {
  for (const onnx::Node& node : file_.nodes)
    if (node.op == "DequantizeLinear" && node.outputs[0] == file_.outputs[0].name)
      for (const onnx::Tensor& constant : file_.constants)
        if (constant.name == node.inputs[1]) return onnx::numbers_of(constant).values[0];
  return 1;
}

double Network::input_unit() const {
  for (const onnx::Node& node : file_.nodes)
    if (node.op == "QuantizeLinear" && node.inputs[0] == file_.inputs[0].name)
      for (const onnx::Tensor& constant : file_.constants)
        if (constant.name == node.inputs[1]) return onnx::numbers_of(constant).values[0];
  return 0;
}

bool Network::is_quantized() const {
  return std::any_of(file_.nodes.begin(), file_.nodes.end(), [](const onnx::Node& node) {
    return node.op == "DequantizeLinear" || node.op.starts_with("QLinear");
  });
}

std::vector<float> Network::run(const std::vector<float>& input) {
  const onnx::Port& in = file_.inputs[0];
  const auto port = network_.input(0);
  const std::vector<int> dims = dims_of(in), out_dims = dims_of(file_.outputs[0]);
  write(is_turned(dims, port.info().shape) ? turned(input, dims, true) : input, in.type,
        port.bytes());
  network_.run();
  const auto made = network_.output(0);
  std::vector<float> output = read(made.info().type, made.bytes());
  return is_turned(out_dims, made.info().shape) ? turned(output, out_dims, false) : output;
}

// Contest

Result<Contest> Contest::create(bench::OrtLibrary& library, const std::vector<std::byte>& bytes) {
  auto network = Network::create(bytes);
  MOTE_TRY(network);
  const onnx::File& file = network->file();
  auto peer = library.load({std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                            port_of(file.inputs[0]), port_of(file.outputs[0])});
  MOTE_TRY(peer);
  return Contest(std::move(*network), std::move(*peer));
}

Result<void> Contest::run(const std::vector<float>& input) {
  write(input, network_.file().inputs[0].type, peer_.input());
  MOTE_TRY(peer_.run());
  theirs_ = read(network_.file().outputs[0].type, peer_.output());
  ours_ = network_.run(input);
  if (ours_.size() == theirs_.size()) return {};
  return bad_input(cat("mote has ", ours_.size(), " outputs, ONNX Runtime ", theirs_.size()));
}

void Differences::note(const std::vector<float>& ours, const std::vector<float>& theirs,
                       double unit) {
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double steps = std::nearbyint(std::abs(double{ours[i]} - double{theirs[i]}) / unit);
    const int units = std::isnan(steps) ? 1 << 20 : static_cast<int>(std::min(steps, 1e6));
    ++count, within_one += units <= 1, equal += units == 0, worst = std::max(worst, units);
  }
}

Differences& Differences::operator+=(const Differences& more) {
  count += more.count, within_one += more.within_one, equal += more.equal;
  worst = std::max(worst, more.worst);
  return *this;
}

std::string Differences::text() const {
  const auto share = [&](std::int64_t part) {
    return std::to_string(100 * static_cast<double>(part) / static_cast<double>(count)) + " %";
  };
  return cat(count, " outputs: ", share(equal), " equal, ", share(within_one),
             " within one unit, the worst ", worst, " off");
}

}  // namespace mote::tests
