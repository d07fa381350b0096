// The command line on models that other people trained. They are not part of the project: the tests
// are skipped, visibly, where MOTE_SHARED (default: ../shared beside the checkout) is not there.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "mote/support/cat.h"
#include "mote/support/json.h"
#include "tests/end_to_end/program.h"

namespace mote::tests {
namespace {

namespace fs = std::filesystem;

fs::path shared() {
  const char* named = std::getenv("MOTE_SHARED");
  return named ? fs::path(named) : fs::path(MOTE_SOURCE_DIR) / ".." / "shared";
}

class SharedModels : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(shared() / "models"))
      GTEST_SKIP() << shared() << " is not there; set MOTE_SHARED to where the models are";
  }
};

TEST_F(SharedModels, AreAllInspectedWhetherTheyCanRunOrNot) {
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shared() / "models")) {
    if (entry.path().extension() != ".tflite") continue;
    const Outcome outcome = run_mote({"inspect", entry.path().string(), "--json"});
    ++seen;
    EXPECT_EQ(outcome.exit_code, 0) << entry.path() << ": " << outcome.err;
    const auto json = parse_json(outcome.out, "the output");
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_FALSE(json->find("operators")->as<Json::Array>()->empty()) << entry.path();
  }
  EXPECT_GT(seen, 10);
}

/// Runs every record of a model's golden folder and compares every byte.
void expect_golden(const std::string& name) {
  const TemporaryFolder folder;
  const std::string out = folder.path("out.bin");
  int records = 0;
  for (const auto& entry : fs::directory_iterator(shared() / "golden" / name)) {
    const std::string input = entry.path().string();
    if (!input.ends_with(".in.bin")) continue;
    const std::string expected = input.substr(0, input.size() - 7) + ".out.bin";
    const Outcome outcome = run_mote({"run", (shared() / "models" / (name + ".tflite")).string(),
                                      "--input=" + input, "--output=" + out});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(contents(out), contents(expected)) << input;
    ++records;
  }
  EXPECT_GT(records, 0);
}

TEST_F(SharedModels, GiveTheReferencesBytes) {
  for (const char* name :
       {"kws_ref_model", "ad01_int8", "micro_speech_quantized", "hello_world_int8",
        "pretrainedResnet_quant", "vww_96_int8", "person_detect", "mobilenet_v1_0.25_128_quant"})
    expect_golden(name);
}

TEST_F(SharedModels, ComputeTheSameInBandsOfRows) {
  for (const char* name :
       {"pretrainedResnet_quant", "vww_96_int8", "mobilenet_v1_0.25_128_quant"}) {
    const Outcome outcome =
        run_mote({"diff", (shared() / "models" / (std::string(name) + ".tflite")).string(),
                  "--against=bands", "--random=2", "--isa=dsp"});
    EXPECT_EQ(outcome.exit_code, 0) << name << ": " << outcome.out << outcome.err;
  }
}

TEST_F(SharedModels, TakeLessMemoryInBandsOfRows) {
  const struct {
    const char* name;
    int arena_bytes;
  } cases[] = {{"vww_96_int8", 30'000}, {"pretrainedResnet_quant", 20'000}};
  const TemporaryFolder folder;
  for (const auto& [name, bytes] : cases) {
    const std::string model = (shared() / "models" / (std::string(name) + ".tflite")).string();
    const std::string arena = cat("--arena=", bytes), output = "--output=" + folder.path("");
    EXPECT_EQ(run_mote({"compile", model, "--target=cortex-m4", arena, output}).exit_code, 1);
    const Outcome banded =
        run_mote({"compile", model, "--target=cortex-m4", arena, output, "--optimize=ram"});
    EXPECT_EQ(banded.exit_code, 0) << banded.err;
    EXPECT_THAT(banded.out, testing::HasSubstr(" bands of ")) << name;
  }
}

TEST_F(SharedModels, RunOnAnyNumberOfInputsFromOneFile) {
  const TemporaryFolder folder;
  const fs::path golden = shared() / "golden" / "kws_ref_model";
  const std::string both = folder.write(
      "both.bin", contents(golden / "random_1.in.bin") + contents(golden / "ramp.in.bin"));
  const Outcome outcome = run_mote({"run", (shared() / "models/kws_ref_model.tflite").string(),
                                    "--input=" + both, "--output=-"});
  EXPECT_THAT(outcome.err, testing::HasSubstr("2 runs"));
  EXPECT_EQ(outcome.out, contents(golden / "random_1.out.bin") + contents(golden / "ramp.out.bin"));
}

/// The classes that a model finds in a picture of any size, the likeliest first.
std::vector<int> classes_of(const std::string& model, const std::string& picture) {
  const fs::path images = shared() / "data" / "images";
  const Outcome outcome =
      run_mote({"run", (shared() / "models" / (model + ".tflite")).string(),
                "--input=" + (images / picture).string(), "--resize", "--top-k=5",
                "--labels=" + (images / "imagenet_labels.txt").string(), "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = parse_json(outcome.out, "the output");
  if (!json) return {};
  const Json& run = (*json->find("runs")->as<Json::Array>())[0];
  const Json& output = (*run.find("outputs")->as<Json::Array>())[0];
  std::vector<int> classes;
  for (const Json& entry : *output.find("best")->as<Json::Array>())
    classes.push_back(static_cast<int>(*entry.find("class")->as<std::int64_t>()));
  return classes;
}

TEST_F(SharedModels, RecognisePictures) {
  constexpr int kTabby = 282, kSiamese = 285, kEgyptian = 286, kUniform = 653, kDaisy = 986;
  for (const std::string model : {"mobilenet_v2_1.0_224_quant", "tf2_mobilenet_v2_1.0_224_ptq"}) {
    const auto cat = classes_of(model, "cat.bmp");
    ASSERT_EQ(cat.size(), 5u) << model;
    EXPECT_TRUE(cat[0] >= kTabby && cat[0] <= kEgyptian) << model << " sees " << cat[0];
    EXPECT_NE(cat[0], kSiamese) << model << ": it is not";
    EXPECT_THAT(classes_of(model, "grace_hopper.bmp"), testing::Contains(kUniform)) << model;
    auto flower = classes_of(model, "sunflower.bmp");
    flower.resize(3);
    EXPECT_THAT(flower, testing::Contains(kDaisy)) << model;
  }
}

TEST_F(SharedModels, ShowLabelsBesideTheScores) {
  const fs::path images = shared() / "data" / "images";
  const Outcome outcome =
      run_mote({"run", (shared() / "models/mobilenet_v2_1.0_224_quant.tflite").string(),
                "--input=" + (images / "grace_hopper.bmp").string(), "--resize", "--top-k=5",
                "--labels=" + (images / "imagenet_labels.txt").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::ContainsRegex("  653 .*military uniform\n"));
}

}  // namespace
}  // namespace mote::tests
