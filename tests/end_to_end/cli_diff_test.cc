// `mote bench` and `mote diff`.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "mote/support/cat.h"
#include "mote/support/json.h"
#include "tests/end_to_end/cli_models.h"
#include "tests/support/graph_builder.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

TEST(Bench, ReportsTheMedianAndAProfile) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({"bench", model, "--seconds=0.05", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_GT(json->find("median_us")->number().value(), 0);
  EXPECT_GE(json->find("median_us")->number().value(), json->find("min_us")->number().value());
  EXPECT_EQ(json->find("calls")->as<Json::Array>()->size(), 1u);
  const Outcome text = run_mote({"bench", model, model, "--seconds=0.05"});
  EXPECT_THAT(text.out, HasSubstr("dense.tflite on "));
  EXPECT_THAT(text.out, HasSubstr(": median "));
  EXPECT_THAT(text.out, HasSubstr("100.0 %"));
}

TEST(Bench, PrintsAnArrayForSeveralModels) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "dense.tflite", dense_model());
  const Outcome outcome = run_mote({"bench", model, model, "--seconds=0.02", "--json"});
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(json->as<Json::Array>()->size(), 2u);
}

TEST(Bench, RefusesABudgetThatIsNone) {
  EXPECT_EQ(run_mote({"bench", "x.tflite", "--seconds=0"}).exit_code, 2);
  EXPECT_EQ(run_mote({"bench", "x.tflite", "--seconds=nan"}).exit_code, 2);
}

/// A folder with a model, an input and the tensors of its run.
class Diff : public testing::Test {
 protected:
  Diff() {
    const Outcome saved =
        run_mote({"run", model_, "--input=" + input_, "--save-tensors=" + tensors_});
    EXPECT_EQ(saved.exit_code, 0) << saved.err;
  }
  /// Replaces the saved output (tensor 3) by raw bytes.
  void replace_output(const std::string& bytes) {
    std::filesystem::remove(tensors_ + "/3.npy");
    folder_.write("tensors/3.bin", bytes);
  }

  TemporaryFolder folder_;
  std::string model_ = write_model(folder_, "dense.tflite", dense_model());
  std::string input_ = folder_.write("in.bin", raw<std::int8_t>({1, 2, 3, 4}));
  std::string tensors_ = folder_.path("tensors");
};

TEST_F(Diff, FindsNoDifferenceBetweenAnInstructionSetAndItself) {
  const Outcome outcome =
      run_mote({"diff", model_, "--isa=scalar", "--isa=scalar", "--random=20", "--seed=7"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("scalar against scalar, 2 tensors in 20 runs\nno difference\n"));
}

TEST_F(Diff, AgreesWithWhatRunSaved) {
  const Outcome outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("no difference"));
  EXPECT_THAT(contents(tensors_ + "/manifest.json"), HasSubstr("\"file\": \"3.npy\""));
}

TEST_F(Diff, NamesTheFirstLayerThatDiffersAndByHowMuch) {
  replace_output(raw<std::int8_t>({41, 101, 6}));
  const Outcome outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out,
              HasSubstr("first difference: node 0 FULLY_CONNECTED 't3', tensor 3 't3' INT8 [1, 3], "
                        "run 1:\n  2 of 3 elements (2 B) differ, by at most 3 LSB; the first, "
                        "element 1, is 101 against 104\n"));
  const Outcome json = run_mote({"diff", model_, "--tensors=" + tensors_, "--json"});
  EXPECT_EQ(json.exit_code, 3);
  EXPECT_THAT(json.out, HasSubstr("\"differing_bytes\": 2"));
}

TEST_F(Diff, RefusesSavedTensorsOfAnotherModel) {
  replace_output("four");
  Outcome outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("3.bin' has 4 B, the tensor 't3' [1, 3] has 3 B a run"));
  replace_output("sixsix");
  outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("holds 2 runs, the files before it 1 run"));
  folder_.write("tensors/3.npy", npy(npy_header("<i2", "(1, 3)"), "sixsix"));
  outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("holds INT16, the tensor 't3' is INT8"));
}

TEST_F(Diff, RefusesUnsignedTensorsOfASignedModel) {
  folder_.write("tensors/3.npy", npy(npy_header("|u1", "(1, 3)"), "abc"));
  const Outcome outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("holds UINT8, the tensor 't3' is INT8"));
}

TEST_F(Diff, TakesWhatTheFileHasAsUnsigned) {
  GraphBuilder b;
  const Quant quant(1.0f, 100);
  const int in = b.input(DType::kUint8, {1, 3}, quant),
            middle = b.value(DType::kUint8, {1, 3}, quant);
  const int out = b.value(DType::kUint8, {1, 3}, quant);
  b.node("ADD", {in, in}, {middle});
  b.node("ADD", {middle, in}, {out});
  b.output(out);
  const std::string model = write_model(folder_, "unsigned.tflite", b.build());
  std::filesystem::remove_all(tensors_);
  std::filesystem::create_directory(tensors_);
  const auto compare = [&](std::uint8_t last) {  // 2 (x - 100) + 100
    folder_.write("tensors/0.npy",
                  npy(npy_header("|u1", "(1, 3)"), raw<std::uint8_t>({100, 101, 90})));
    folder_.write("tensors/1.npy",
                  npy(npy_header("|u1", "(1, 3)"), raw<std::uint8_t>({100, 102, last})));
    return run_mote({"diff", model, "--tensors=" + tensors_});
  };
  const Outcome same = compare(80);
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  const Outcome other = compare(81);
  EXPECT_EQ(other.exit_code, 3) << other.out << other.err;
  EXPECT_THAT(other.out, HasSubstr("1 of 3 elements (1 B) differ, by at most 1 LSB"));
}

TEST_F(Diff, RefusesAFolderWithoutTensors) {
  std::filesystem::create_directory(folder_.path("empty"));
  const Outcome empty = run_mote({"diff", model_, "--tensors=" + folder_.path("empty")});
  EXPECT_EQ(empty.exit_code, 1);
  EXPECT_THAT(empty.err, HasSubstr("holds no tensor of this model"));
  const Outcome missing = run_mote({"diff", model_, "--tensors=/nowhere"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("'/nowhere' is no folder"));
}

TEST_F(Diff, AsksWhatToCompare) {
  EXPECT_EQ(run_mote({"diff", model_}).exit_code, 2);
  EXPECT_EQ(run_mote({"diff", model_, "--isa=scalar"}).exit_code, 2);
  EXPECT_EQ(run_mote({"diff", model_, "--isa=scalar", "--isa=abacus"}).exit_code, 2);
  std::filesystem::remove(tensors_ + "/0.npy");
  const Outcome outcome = run_mote({"diff", model_, "--tensors=" + tensors_});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the folder holds no inputs"));
  EXPECT_EQ(run_mote({"diff", model_, "--tensors=" + tensors_, "--input=" + input_}).exit_code, 0);
}

TEST_F(Diff, SaysWhichBoardsThereAreAndWhatTheyNeed) {
  const Outcome unknown = run_mote({"diff", model_, "--board=abacus"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err,
              HasSubstr("there is no board 'abacus'; there are: microbit, mps2-an385"));
  const std::string board = "--board=mps2-an386";
  EXPECT_EQ(run_mote({"diff", model_, board, "--isa=scalar", "--isa=scalar"}).exit_code, 2);
  EXPECT_EQ(run_mote({"diff", model_, board, "--tensors=" + tensors_}).exit_code, 2);
  EXPECT_EQ(run_mote({"run", model_, board, "--input=" + input_, "--threads=2"}).exit_code, 2);
  EXPECT_EQ(run_mote({"run", model_, "--shapes=static", "--input=" + input_}).exit_code, 2);
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  for (const Outcome& outcome :
       {run_mote({"diff", model_, board}), run_mote({"run", model_, board, "--input=" + input_})}) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("apt-get install gcc-arm-none-eabi"));
  }
  setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace mote::tests
