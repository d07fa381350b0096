// Writes tests/onnx/recorded: models, inputs, and what ONNX Runtime makes of them.
//   mote_record_onnx FOLDER

#include <filesystem>
#include <iostream>
#include <random>

#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/onnx/contest.h"
#include "tests/onnx/operators.h"
#include "tests/onnx/quantize.h"
#include "tests/onnx/write.h"

namespace mote::tests {
namespace {

constexpr int kCalibrationInputs = 50;

class Recorder {
 public:
  Recorder(bench::OrtLibrary& library, std::string folder)
      : library_(library), folder_(std::move(folder)) {}

  /// Of each example its input, then its output, as float32.
  Result<void> record(const std::string& name, const onnx::File& file, int examples) {
    const auto bytes = write_onnx(file);
    auto contest = Contest::create(library_, bytes);
    MOTE_TRY(contest);
    const Network& network = contest->network();
    std::mt19937 random(1);
    std::vector<float> all;
    for (int i = 0; i < examples; ++i) {
      const auto input = random_input(random, network.input_count(), network.file().inputs[0].type);
      MOTE_TRY(contest->run(input));
      all.insert(all.end(), input.begin(), input.end());
      all.insert(all.end(), contest->theirs().begin(), contest->theirs().end());
    }
    MOTE_TRY(write_file(cat(folder_, "/", name, ".onnx"), bytes));
    return write_file(cat(folder_, "/", name, ".bin"), std::as_bytes(std::span(all)));
  }

 private:
  bench::OrtLibrary& library_;
  std::string folder_;
};

const QuantizedForm& form_named(const std::string& name) {
  for (const QuantizedForm& form : kNetworkForms)
    if (name == form.name) return form;
  return kNetworkForms[0];
}

Result<void> record_all(const std::string& folder) {
  auto library = bench::OrtLibrary::open(find_onnx_runtime());
  MOTE_TRY(library);
  std::filesystem::create_directories(folder);
  Recorder recorder(*library, folder);
  for (const OperatorModel& model : later_operators())
    MOTE_TRY(recorder.record(model.name, model.file, 1));
  for (const OperatorModel& model : quantizable_operators())
    MOTE_TRY(recorder.record(
        cat("quantized_", model.name),
        quantize(model.file, measure_ranges(model.file, kCalibrationInputs), form_named("uint8")),
        2));
  const std::pair<const char*, const char*> networks[] = {
      {"ds_cnn", "uint8"}, {"unet_1d", "int8"}, {"mobilenet_v2", "operators"}};
  for (const auto& [name, form] : networks) {
    const auto bytes = read_file(cat(MOTE_SOURCE_DIR, "/tests/onnx/", name, ".onnx"));
    MOTE_TRY(bytes);
    const auto file = onnx::read_file(*bytes);
    MOTE_TRY(file);
    const Ranges ranges = measure_ranges(*file, kCalibrationInputs);
    MOTE_TRY(recorder.record(cat("network_", name, "_", form),
                             quantize(*file, ranges, form_named(form)), 2));
  }
  return {};
}

}  // namespace
}  // namespace mote::tests

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: mote_record_onnx FOLDER\n", 2;
  const auto done = mote::tests::record_all(argv[1]);
  if (!done) std::cerr << "mote_record_onnx: " << done.error().message << "\n";
  return done ? 0 : 1;
}
