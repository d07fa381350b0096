// Real models against the reference's recorded outputs. Skipped where the evaluation material is
// absent.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "mote/compiler/compile.h"
#include "mote/compiler/graph/print.h"
#include "mote/compiler/model/tflite.h"
#include "mote/compiler/passes/passes.h"
#include "mote/dispatch/kernel_table.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/golden/compare.h"
#include "tests/support/same_outputs.h"
#include "tests/support/shared.h"

namespace mote::tests {
namespace {

Result<graph::Model> read(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return tl::unexpected(bytes.error());
  return model::read_tflite(std::make_shared<const std::vector<std::byte>>(std::move(*bytes)),
                            path);
}

Result<runtime::Interpreter> load(const std::string& path, std::string_view isa,
                                  compiler::Options options = {}) {
  const auto model = read(path);
  if (!model) return tl::unexpected(model.error());
  options.isa = isa;
  auto program = compiler::compile(*model, options);
  if (!program) return tl::unexpected(program.error());
  return runtime::Interpreter::create(
      std::make_shared<const program::Program>(std::move(*program)));
}

std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
  auto bytes = read_file(path.string());
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? std::move(*bytes) : std::vector<std::byte>();
}

/// Resets, runs one record's inputs and compares all outputs; "" or the first difference.
std::string run_record(runtime::Interpreter& interpreter, std::span<const std::byte> input,
                       std::span<const std::byte> expected, double tolerance) {
  interpreter.reset();
  for (int i = 0; i < interpreter.input_count(); ++i) {
    const auto target = interpreter.input(i).bytes();
    if (input.size() < target.size()) return "the record's input is too short";
    std::copy_n(input.begin(), target.size(), target.begin());
    input = input.subspan(target.size());
  }
  interpreter.run();
  for (int o = 0; o < interpreter.output_count(); ++o) {
    const auto port = interpreter.output(o);
    if (expected.size() < port.bytes().size()) return "the record's output is too short";
    const auto text =
        difference(port.info().type, port.bytes(), expected.first(port.bytes().size()), tolerance);
    if (!text.empty()) return cat("output ", o, ": ", text);
    expected = expected.subspan(port.bytes().size());
  }
  return input.empty() && expected.empty() ? "" : "the record is longer than the model's tensors";
}

struct RealModel {
  const char* name;         ///< its folder in golden/, its file in models/
  double tolerance = 1e-5;  ///< of floats, relative to the largest magnitude
};

void PrintTo(const RealModel& model, std::ostream* out) { *out << model.name; }

const compiler::Options kWaysToCompile[] = {
    {}, {.shrink = false}, {.threads = 2}, {.threads = 3, .split_all = true}};

/// The kernels of other machines in plain C++: what they compute does not depend on threads, and
/// takes long.
bool is_portable(const dispatch::KernelTable& table) {
  return table.needs == "nothing" && table.isa != "scalar";
}
constexpr std::int64_t kMostPortableMacs = 100'000'000;
std::span<const compiler::Options> ways_to_compile(const dispatch::KernelTable& table) {
  return std::span(kWaysToCompile).first(is_portable(table) ? 1 : std::size(kWaysToCompile));
}

class RealModelTest : public testing::TestWithParam<RealModel> {};

TEST_P(RealModelTest, GivesEveryRecordedOutput) {
  const auto [name, tolerance] = GetParam();
  const auto golden = shared_folder() / "golden" / name;
  MOTE_NEED_SHARED(std::filesystem::path("golden") / name / "manifest.json");
  const auto manifest = nlohmann::json::parse(std::ifstream(golden / "manifest.json"));
  const auto folder = (shared_folder() / "models" / name).parent_path();
  const std::string model = folder / manifest["model"].get<std::string>();
  for (const auto* table : dispatch::available_tables())
    for (const auto& options : ways_to_compile(*table)) {
      auto interpreter = load(model, table->isa, options);
      ASSERT_TRUE(interpreter) << interpreter.error().message;
      if (is_portable(*table) && program::macs(interpreter->program()) > kMostPortableMacs)
        continue;
      for (const auto& record : manifest["records"]) {
        const std::string record_name = record["name"];
        EXPECT_EQ(run_record(*interpreter, bytes_of(golden / (record_name + ".in.bin")),
                             bytes_of(golden / (record_name + ".out.bin")), tolerance),
                  "")
            << record_name << " on " << table->isa << ", " << options.threads << " threads"
            << (options.shrink ? "" : ", not shrunk");
      }
    }
}

// Missing here: audio_preprocessor_int8 (custom operators).
constexpr RealModel kModels[] = {
    {"ad01_fp32"},
    {"ad01_int8"},
    {"hello_world_float"},
    {"hello_world_int8"},
    {"keyword_scrambled_8bit"},
    {"kws_ref_model"},
    {"kws_ref_model_float32", 1e-4},
    {"micro_speech_quantized"},
    {"mobilenet_v1_0.25_128_quant"},
    {"mobilenet_v2_1.0_224_quant"},
    {"person_detect"},
    {"pretrainedResnet_quant"},
    {"seanet/add0"},
    {"seanet/add5"},
    {"seanet/conv0"},
    {"seanet/conv12"},
    {"seanet/leaky_relu3"},
    {"seanet/pad4"},
    {"seanet/quantize0"},
    {"seanet/quantize1"},
    {"seanet/strided_slice7"},
    {"seanet/sub2"},
    {"str_ww_ref_model"},
    {"tf2_mobilenet_v2_1.0_224_ptq"},
    {"vww_96_int8"},
};
std::string test_name(const testing::TestParamInfo<RealModel>& test) {
  std::string name = test.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Golden, RealModelTest, testing::ValuesIn(kModels), test_name);

TEST(Shrinking, LeavesHalfTheMacsAndASixthOfTheWeightsOfThePersonDetector) {
  MOTE_NEED_SHARED("models/vww_96_int8.tflite");
  const auto model = read(shared_folder() / "models/vww_96_int8.tflite");
  ASSERT_TRUE(model) << model.error().message;
  passes::Certificate certificate;
  const auto program = compiler::compile(
      *model, {.observer = [&](const auto&, const passes::Changes& changes, const auto&) {
        if (!changes.certificate.tensors.empty()) certificate = changes.certificate;
      }});
  ASSERT_TRUE(program) << program.error().message;
  const passes::Cost &before = certificate.before, &after = certificate.after;
  EXPECT_LE(after.macs, before.macs * 53 / 100) << "of " << before.macs;
  EXPECT_LE(after.weight_bytes, before.weight_bytes * 18 / 100) << "of " << before.weight_bytes;
  const auto plain = compiler::compile(*model, {.shrink = false});
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(first_difference(*plain, *program, 12), "");
}

/// The 250 real keyword inputs in the order of y_labels.csv: their files, and their classes.
struct KeywordInputs {
  std::vector<std::vector<std::byte>> inputs;
  std::vector<int> labels;
};

KeywordInputs keyword_inputs() {
  KeywordInputs set;
  const auto folder = shared_folder() / "data" / "kws_mfcc";
  std::ifstream index(folder / "y_labels.csv");
  for (std::string line; std::getline(index, line);) {
    set.inputs.push_back(bytes_of(folder / line.substr(0, line.find(','))));
    set.labels.push_back(std::stoi(line.substr(line.rfind(',') + 1)));
  }
  return set;
}

TEST(KeywordSet, GivesAll3000BytesOfTheReference) {
  MOTE_NEED_SHARED("golden/kws_ref_model/kws_mfcc.out.bin");
  const KeywordInputs set = keyword_inputs();
  ASSERT_EQ(set.inputs.size(), 250u);
  const auto expected = bytes_of(shared_folder() / "golden/kws_ref_model/kws_mfcc.out.bin");
  ASSERT_EQ(expected.size(), 3000u);
  for (const auto* table : dispatch::available_tables()) {
    auto interpreter = load(shared_folder() / "models/kws_ref_model.tflite", table->isa);
    ASSERT_TRUE(interpreter) << interpreter.error().message;
    int right = 0;
    for (std::size_t i = 0; i < set.inputs.size(); ++i) {
      EXPECT_EQ(run_record(*interpreter, set.inputs[i], std::span(expected).subspan(12 * i, 12), 0),
                "")
          << "input " << i << " on " << table->isa;
      const auto scores = *interpreter->output(0).as<std::int8_t>();
      right += std::max_element(scores.begin(), scores.end()) - scores.begin() == set.labels[i];
    }
    EXPECT_EQ(right, 227) << table->isa;
  }
}

TEST(KeywordSet, IsRight228TimesWithTheHybridModel) {
  MOTE_NEED_SHARED("golden/kws_ref_model_float32/kws_mfcc.out.bin");
  const KeywordInputs set = keyword_inputs();
  const auto expected = bytes_of(shared_folder() / "golden/kws_ref_model_float32/kws_mfcc.out.bin");
  ASSERT_EQ(expected.size(), 250u * 48);
  auto interpreter = load(shared_folder() / "models/kws_ref_model_float32.tflite", "scalar");
  ASSERT_TRUE(interpreter) << interpreter.error().message;
  int right = 0;
  for (std::size_t i = 0; i < set.inputs.size(); ++i) {
    std::vector<float> real;
    for (std::byte b : set.inputs[i])
      real.push_back(static_cast<float>((static_cast<std::int8_t>(b) - 83) * 0.5847029089927673));
    EXPECT_EQ(run_record(*interpreter, std::as_bytes(std::span(real)),
                         std::span(expected).subspan(48 * i, 48), 1e-4),
              "")
        << "input " << i;
    const auto scores = *interpreter->output(0).as<float>();
    right += std::max_element(scores.begin(), scores.end()) - scores.begin() == set.labels[i];
  }
  EXPECT_EQ(right, 228);
}

/// All of a model that a pass may change.
std::string state_of(const graph::Model& model) {
  std::string text;
  for (const graph::Graph& graph : model.graphs) {
    text += graph::print(graph);
    for (const graph::Node& node : graph.nodes) text += node.from_uint8 ? '8' : '-';
    for (const graph::Tensor& tensor : graph.tensors)
      text += cat(name_of(tensor.type), ' ', graph::describe_shape(tensor.shape), ' ',
                  tensor.scale(), ' ', tensor.zero_point(), ' ',
                  reinterpret_cast<std::uintptr_t>(tensor.data.data()), '\n');
  }
  return text;
}

/// What compile() relies on: it verifies only what passes say that they changed.
TEST(Models, StayAsTheyAreAfterPassesThatSayNothing) {
  MOTE_NEED_SHARED("models");
  int silent = 0;
  for (const auto& file : std::filesystem::directory_iterator(shared_folder() / "models")) {
    if (file.path().extension() != ".tflite") continue;
    auto model = read(file.path().string());
    if (!model || !compiler::compile(*model)) continue;
    const passes::Context context = compiler::pass_context();
    for (const passes::Pass* pass : passes::all_passes()) {
      const std::string before = state_of(*model);
      const auto changes = pass->run(*model, context);
      if (!changes) break;
      if (!changes->empty()) continue;
      ++silent;
      EXPECT_EQ(state_of(*model), before) << pass->name << " on " << file.path();
    }
  }
  EXPECT_GT(silent, 0);
}

}  // namespace
}  // namespace mote::tests
