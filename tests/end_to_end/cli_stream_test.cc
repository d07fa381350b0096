// `mote run --stream`: what files hold streams, what comes out, and what is refused how.

#include <gmock/gmock.h>

#include "mote/support/cat.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

/// INT8 [1, 4, 1, 2] -> DEPTHWISE_CONV_2D over three columns, by `stride` -> MEAN: [1, 2]. Sums.
graph::Model model(int stride = 1) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 5, 1, 2}, {1.0f, 3});
  const int filter =
      b.constant(std::vector<std::int8_t>(6, 1), {1, 3, 1, 2}, Quant({1.0f, 1.0f}, 3));
  const int columns = stride == 1 ? 3 : 2;
  const int sums = b.value(DType::kInt8, {1, columns, 1, 2}, {1.0f, 0});
  b.node("DEPTHWISE_CONV_2D", {in, filter, graph::kNoTensor}, {sums},
         {{"padding", std::int64_t{1}},
          {"stride_h", std::int64_t{stride}},
          {"stride_w", std::int64_t{1}},
          {"depth_multiplier", std::int64_t{1}},
          {"dilation_h_factor", std::int64_t{1}},
          {"dilation_w_factor", std::int64_t{1}},
          {"fused_activation_function", std::int64_t{0}}});
  const int all = b.value(DType::kInt8, {1, 2}, {1.0f, 0});
  b.node("SUM", {sums, b.constant(std::vector<std::int32_t>{1, 2}, {2})}, {all});
  b.output(all);
  return b.build();
}

class StreamRun : public testing::Test {
 protected:
  /// The outputs for a file of columns.
  std::string outputs(const std::string& input, const std::string& stream) {
    const Outcome outcome =
        run_mote({"run", write_model(folder_, "m.tflite", model()), "--stream=" + stream,
                  "--input=" + input, "--output=" + folder_.path("out.bin")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return contents(folder_.path("out.bin"));
  }

  TemporaryFolder folder_;
  // Columns weigh 1, 2, 3, 2, 1 from the oldest on; before the stream there is the zero point, 3.
  const std::vector<std::int8_t> columns_ = {4, 3, 3, 3, 3, 5, 3, 3};
  const std::string sums_ = raw(std::vector<std::int8_t>{1, 0, 2, 0, 3, 2, 2, 4});
};

TEST_F(StreamRun, GivesAnOutputForEachColumnOfARawFile) {
  EXPECT_EQ(outputs(folder_.write("in.bin", raw(columns_)), "1"), sums_);
}

TEST_F(StreamRun, TakesArraysWhoseRowsAreColumns) {
  for (const char* shape : {"(4, 2)", "(4, 1, 2)", "(1, 4, 1, 2)", "(4, 1, 1, 2)"})
    EXPECT_EQ(outputs(folder_.write("in.npy", npy(npy_header("|i1", shape), raw(columns_))), "1"),
              sums_)
        << shape;
  const auto other = folder_.write("other.npy", npy(npy_header("|i1", "(2, 4)"), raw(columns_)));
  const Outcome outcome = run_mote(
      {"run", write_model(folder_, "m.tflite", model()), "--stream=1", "--input=" + other});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("or a stream along axis 1"));
}

TEST_F(StreamRun, TakesAsManyColumnsAtOnceAsTheHopSays) {
  const std::string second_and_fourth = sums_.substr(2, 2) + sums_.substr(6, 2);
  EXPECT_EQ(outputs(folder_.write("in.bin", raw(columns_)), "1,2"), second_and_fourth);
  EXPECT_EQ(
      outputs(folder_.write("in.npy", npy(npy_header("|i1", "(4, 2)"), raw(columns_))), "1,2"),
      second_and_fourth);
}

TEST_F(StreamRun, StartsAnewWithEachFile) {
  const std::string in = folder_.write("in.bin", raw(columns_));
  const Outcome outcome =
      run_mote({"run", write_model(folder_, "m.tflite", model()), "--stream=1", "--input=" + in,
                "--input=" + in, "--output=" + folder_.path("out.bin")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(contents(folder_.path("out.bin")), sums_ + sums_);
}

TEST_F(StreamRun, RefusesWhatIsNoAxis) {
  const std::string path = write_model(folder_, "m.tflite", model());
  const std::string in = "--input=" + folder_.write("in.bin", raw(columns_));
  for (const char* value : {"", "x", "1,", "1,2,3", "-1", "1;2"}) {
    const Outcome outcome = run_mote({"run", path, cat("--stream=", value), in});
    EXPECT_EQ(outcome.exit_code, 2) << value;
    EXPECT_THAT(outcome.err, HasSubstr("expected the number of the input's axis")) << value;
  }
  const Outcome outcome = run_mote({"run", path, "--stream=1,5", in});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("expected a hop from 1 to 4"));
}

TEST_F(StreamRun, RefusesAHopThatAStrideDoesNotTake) {
  const std::string path = write_model(folder_, "s.tflite", model(2));
  for (const char* verb : {"run", "compile"}) {
    std::vector<std::string> words = {verb, path, "--stream=1", "--output=" + folder_.path("x")};
    if (words[0] == "run") words.push_back("--input=" + folder_.write("in.bin", raw(columns_)));
    const Outcome outcome = run_mote(words);
    EXPECT_EQ(outcome.exit_code, 1) << verb;
    EXPECT_THAT(outcome.err, HasSubstr("node 0 DEPTHWISE_CONV_2D")) << verb;
  }
}

}  // namespace
}  // namespace mote::tests
