// `mote quantize` as a user meets it: what it prints, what it takes, what it refuses.

#include <gmock/gmock.h>

#include "mote/support/cat.h"
#include "tests/end_to_end/class_task.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// FLOAT32 [1, 2, 2, 3] -> FULLY_CONNECTED over pixels -> RELU -> [1, 2, 2, 2].
graph::Model pixel_model() {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 2, 2, 3}),
            middle = b.value(DType::kFloat32, {1, 2, 2, 2}),
            out = b.value(DType::kFloat32, {1, 2, 2, 2});
  b.node("FULLY_CONNECTED", {in, b.constant(std::vector<float>{1, 2, 3, 0.5f, -1, 0.25f}, {2, 3})},
         {middle}, {{"keep_num_dims", std::int64_t{1}}});
  b.node("RELU", {middle}, {out});
  b.output(out);
  return b.build();
}

/// Eight examples of numbers that grow, [8, 2, 2, 3] unless another shape is given.
std::string growing(const TemporaryFolder& folder, const std::string& shape = "(8, 2, 2, 3)") {
  std::vector<float> values;
  for (int i = 0; i < 96; ++i) values.push_back(static_cast<float>(i) / 10);
  return folder.write("data.npy", npy(npy_header("<f4", shape), raw(values)));
}

struct Quantizing {
  TemporaryFolder folder;
  std::string model = write_model(folder, "float.tflite", pixel_model());

  Outcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"quantize", model, "--out=" + folder.path("out.tflite")});
    return run_mote(arguments);
  }
};

TEST(QuantizeCommand, PrintsALineAnOperatorAndWhatItLoses) {
  const Quantizing q;
  const Outcome outcome = q.run({"--data=" + growing(q.folder), "--bias-correction=off"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(HasSubstr("index  operator         as    float range   scale  zero  clipped  SQNR dB"),
            HasSubstr("    0  FULLY_CONNECTED  int8  0 .. 56.6    0.2220  -128      0 %"),
            HasSubstr("operators     1 on integers, 0 hybrid, 0 on floats\n"),
            HasSubstr("methods       ranges by min-max, biases as they were")));
  const Outcome inspected = run_mote({"inspect", q.folder.path("out.tflite")});
  EXPECT_THAT(inspected.out, AllOf(HasSubstr("INT8 [1, 2, 2, 3]"), HasSubstr("INT8 [1, 2, 2, 2]")));
}

TEST(QuantizeCommand, WritesTheSameBytesAgain) {
  const Quantizing q;
  ASSERT_EQ(q.run({"--data=" + growing(q.folder)}).exit_code, 0);
  const std::string first = contents(q.folder.path("out.tflite"));
  ASSERT_EQ(q.run({"--data=" + growing(q.folder)}).exit_code, 0);
  EXPECT_EQ(first, contents(q.folder.path("out.tflite")));
}

TEST(QuantizeCommand, TakesChannelsFirst) {
  const Quantizing q;
  ASSERT_EQ(q.run({"--data=" + growing(q.folder)}).exit_code, 0);
  const std::string last = contents(q.folder.path("out.tflite"));
  std::vector<float> values(96);  // the same numbers as [8, 3, 2, 2]
  for (std::size_t n = 0; n < 8; ++n)
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t p = 0; p < 4; ++p)
        values[(n * 3 + c) * 4 + p] = static_cast<float>((n * 4 + p) * 3 + c) / 10;
  const std::string data =
      q.folder.write("first.npy", npy(npy_header("<f4", "(8, 3, 2, 2)"), raw(values)));
  ASSERT_EQ(q.run({"--data=" + data}).exit_code, 0);
  EXPECT_EQ(last, contents(q.folder.path("out.tflite")));
}

TEST(QuantizeCommand, TakesAFolderForEachClass) {
  const Quantizing q;
  std::filesystem::create_directories(q.folder.path("data/low"));
  std::filesystem::create_directories(q.folder.path("data/high"));
  for (const char* name : {"data/low/a.npy", "data/low/b.npy", "data/high/a.npy"})
    std::filesystem::copy(growing(q.folder), q.folder.path(name));
  const Outcome outcome = q.run({"--data=" + q.folder.path("data"), "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\"examples\": 24,"));
}

TEST(QuantizeCommand, SaysWhatItNeeds) {
  const Quantizing q;
  EXPECT_THAT(run_mote({"quantize", q.model, "--data=x.npy"}).err, HasSubstr("needs --out"));
  const Outcome outcome = q.run({});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("`mote quantize` needs --data"));
}

TEST(QuantizeCommand, RefusesDataOfAnotherShape) {
  const Quantizing q;
  const Outcome outcome = q.run({"--data=" + growing(q.folder, "(8, 12)")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("has shape [8, 12]"), HasSubstr("[1, 2, 2, 3]")));
}

TEST(QuantizeCommand, RefusesDataThatIsNoNumber) {
  const Quantizing q;
  std::vector<float> values(12, 1);
  values[5] = std::numeric_limits<float>::quiet_NaN();
  const std::string data =
      q.folder.write("nan.npy", npy(npy_header("<f4", "(1, 2, 2, 3)"), raw(values)));
  const Outcome outcome = q.run({"--data=" + data});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("element 5 is nan, expected a number"));
}

TEST(QuantizeCommand, RefusesLabelsThatAreNotAsManyAsExamples) {
  const Quantizing q;
  const Outcome outcome =
      q.run({"--data=" + growing(q.folder), "--labels=" + q.folder.write("labels.txt", "0\n1\n")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("holds 2 labels, the data 8 examples"));
}

TEST(QuantizeCommand, RefusesAModelThatIsQuantised) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "int8.tflite", dense_model());
  const Outcome outcome = run_mote(
      {"quantize", model, "--data=" + growing(folder), "--out=" + folder.path("out.tflite")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("is quantised already"));
}

TEST(QuantizeCommand, RefusesOperatorsThatMoteLacks) {
  const TemporaryFolder folder;
  const std::string model = write_model(folder, "strange.tflite", unsupported_model());
  const Outcome outcome = run_mote(
      {"quantize", model, "--data=" + growing(folder), "--out=" + folder.path("out.tflite")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(folder.path("out.tflite")));
}

TEST(QuantizeCommand, RefusesWordsThatItDoesNotKnow) {
  const Quantizing q;
  const Outcome outcome = q.run({"--data=" + growing(q.folder), "--scheme=int4"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--scheme is 'int4', expected one of int8, int16x8, weights"));
}

}  // namespace
}  // namespace mote::tests
