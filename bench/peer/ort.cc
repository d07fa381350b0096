#include "bench/peer/ort.h"

#include <dlfcn.h>

#include <cstdint>
#include <numeric>

#include "mote/compiler/onnx/tensor.h"
#include "mote/support/cat.h"

namespace mote::bench {

/// ONNX Runtime's C interface is a table of functions to which versions only add at the end. These
/// are the places, in version 1, of those that are called here (onnxruntime.ai, "C API").
struct OrtApi {
  enum Place {
    kGetErrorMessage = 2,
    kCreateEnv = 3,
    kCreateSessionFromArray = 8,
    kRun = 9,
    kCreateSessionOptions = 10,
    kSetSessionExecutionMode = 13,
    kEnableMemPattern = 16,
    kEnableCpuMemArena = 18,
    kSetSessionGraphOptimizationLevel = 23,
    kSetIntraOpNumThreads = 24,
    kSetInterOpNumThreads = 25,
    kCreateTensorWithDataAsOrtValue = 49,
    kCreateCpuMemoryInfo = 69,
    kReleaseStatus = 93,
    kReleaseMemoryInfo = 94,
    kReleaseSession = 95,
    kReleaseValue = 96,
    kReleaseSessionOptions = 100,
  };
  void* functions[101];
};

namespace {

// Values of ONNX Runtime's enumerations.
constexpr int kLogErrors = 3, kSequential = 0, kEnableAll = 99, kArenaAllocator = 1,
              kDefaultMemory = 0;
constexpr std::uint32_t kApiVersion = 1;

struct OrtApiBase {
  const OrtApi* (*get_api)(std::uint32_t version);
  const char* (*version_text)();
};

template <class... Arguments>
void release(const OrtApi& api, OrtApi::Place place, Arguments... arguments) {
  reinterpret_cast<void (*)(Arguments...)>(api.functions[place])(arguments...);
}

/// Calls a function that returns a status: nullptr where all went well.
template <class... Arguments>
Result<void> call(const OrtApi& api, OrtApi::Place place, Arguments... arguments) {
  void* status = reinterpret_cast<void* (*)(Arguments...)>(api.functions[place])(arguments...);
  if (!status) return {};
  const char* message =
      reinterpret_cast<const char* (*)(void*)>(api.functions[OrtApi::kGetErrorMessage])(status);
  auto error = unsupported(cat("ONNX Runtime: ", message));
  release(api, OrtApi::kReleaseStatus, status);
  return error;
}

std::size_t byte_count(const OnnxPort& port) {
  return static_cast<std::size_t>(
      std::accumulate(port.shape.begin(), port.shape.end(), std::int64_t{1}, std::multiplies<>()) *
      size_of(port.type));
}

Result<void*> make_tensor(const OrtApi& api, const OnnxPort& port, std::span<std::byte> data) {
  void *memory = nullptr, *value = nullptr;
  MOTE_TRY(call(api, OrtApi::kCreateCpuMemoryInfo, kArenaAllocator, kDefaultMemory, &memory));
  const std::vector<std::int64_t> sizes(port.shape.begin(), port.shape.end());
  const auto done =
      call(api, OrtApi::kCreateTensorWithDataAsOrtValue, static_cast<const void*>(memory),
           static_cast<void*>(data.data()), data.size(), sizes.data(), sizes.size(),
           static_cast<int>(onnx::code_of(port.type)), &value);
  release(api, OrtApi::kReleaseMemoryInfo, memory);
  MOTE_TRY(done);
  return value;
}

/// One thread, every optimisation, memory from the arena.
Result<void*> make_options(const OrtApi& api) {
  void* options = nullptr;
  MOTE_TRY(call(api, OrtApi::kCreateSessionOptions, &options));
  MOTE_TRY(call(api, OrtApi::kSetIntraOpNumThreads, options, 1));
  MOTE_TRY(call(api, OrtApi::kSetInterOpNumThreads, options, 1));
  MOTE_TRY(call(api, OrtApi::kSetSessionExecutionMode, options, kSequential));
  MOTE_TRY(call(api, OrtApi::kSetSessionGraphOptimizationLevel, options, kEnableAll));
  MOTE_TRY(call(api, OrtApi::kEnableCpuMemArena, options));
  MOTE_TRY(call(api, OrtApi::kEnableMemPattern, options));
  return options;
}

}  // namespace

struct OrtNetwork::Handles {
  const OrtApi& api;
  void *session = nullptr, *input = nullptr, *output = nullptr;
  std::string input_name, output_name;

  explicit Handles(const OrtApi& table) : api(table) {}
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    for (void* value : {input, output})
      if (value) release(api, OrtApi::kReleaseValue, value);
    if (session) release(api, OrtApi::kReleaseSession, session);
  }
};

OrtNetwork::OrtNetwork(OrtNetwork&&) noexcept = default;
OrtNetwork& OrtNetwork::operator=(OrtNetwork&&) noexcept = default;
OrtNetwork::~OrtNetwork() = default;

Result<void> OrtNetwork::run() {
  const char *in = handles_->input_name.c_str(), *out = handles_->output_name.c_str();
  return call(handles_->api, OrtApi::kRun, handles_->session, static_cast<const void*>(nullptr),
              static_cast<const char* const*>(&in), static_cast<void* const*>(&handles_->input),
              std::size_t{1}, static_cast<const char* const*>(&out), std::size_t{1},
              &handles_->output);
}

Result<OrtLibrary> OrtLibrary::open(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return unsupported(cat("ONNX Runtime cannot be loaded: ", ::dlerror()));
  const auto get_base =
      reinterpret_cast<const OrtApiBase* (*)()>(::dlsym(library, "OrtGetApiBase"));
  const OrtApi* api = get_base ? get_base()->get_api(kApiVersion) : nullptr;
  if (!api) return unsupported(cat("'", path, "' is not ONNX Runtime"));
  OrtLibrary result;
  result.api_ = api;
  result.version_ = get_base()->version_text();
  MOTE_TRY(call(*api, OrtApi::kCreateEnv, kLogErrors, "mote", &result.environment_));
  return result;
}

Result<OrtNetwork> OrtLibrary::load(const OnnxFile& file) {
  OrtNetwork network;
  network.handles_ = std::make_unique<OrtNetwork::Handles>(*api_);
  network.input_.resize(byte_count(file.input));
  network.output_.resize(byte_count(file.output));
  const auto options = make_options(*api_);
  MOTE_TRY(options);
  const auto created =
      call(*api_, OrtApi::kCreateSessionFromArray, static_cast<const void*>(environment_),
           static_cast<const void*>(file.bytes.data()), file.bytes.size(),
           static_cast<const void*>(*options), &network.handles_->session);
  release(*api_, OrtApi::kReleaseSessionOptions, *options);
  MOTE_TRY(created);
  network.handles_->input_name = file.input.name;
  network.handles_->output_name = file.output.name;
  const auto in = make_tensor(*api_, file.input, network.input_);
  MOTE_TRY(in);
  network.handles_->input = *in;
  const auto out = make_tensor(*api_, file.output, network.output_);
  MOTE_TRY(out);
  network.handles_->output = *out;
  return network;
}

}  // namespace mote::bench
