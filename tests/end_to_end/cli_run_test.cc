#include <gmock/gmock.h>

#include <cmath>

#include "mote/support/cat.h"
#include "mote/support/json.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

/// A folder with a model in it, and `mote run` on files written there.
class Run : public testing::Test {
 protected:
  std::string model(const graph::Model& model) { return write_model(folder_, "m.tflite", model); }
  std::string file(const std::string& name, const std::string& bytes) {
    return folder_.write(name, bytes);
  }
  /// Runs the model on `input` and expects it to be refused with `sentence` in one line.
  void expect_refused(const std::string& model_path, const std::string& input,
                      const std::string& sentence, std::vector<std::string> flags = {}) {
    std::vector<std::string> words = {"run", model_path, "--input=" + input};
    words.insert(words.end(), flags.begin(), flags.end());
    const Outcome outcome = run_mote(words);
    EXPECT_EQ(outcome.exit_code, 1) << input;
    EXPECT_EQ(outcome.out, "") << input;
    EXPECT_THAT(outcome.err, HasSubstr(sentence)) << input;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
  /// What the model answers to `input`, as raw bytes.
  std::string answer(const std::string& model_path, std::vector<std::string> flags) {
    const std::string out = folder_.path("out.bin");
    std::vector<std::string> words = {"run", model_path, "--output=" + out};
    words.insert(words.end(), flags.begin(), flags.end());
    const Outcome outcome = run_mote(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.exit_code == 0 ? contents(out) : "";
  }

  TemporaryFolder folder_;
};

TEST_F(Run, RunsEveryInputOfARawFile) {
  const std::string dense = model(dense_model());
  const std::string input = file("in.bin", raw<std::int8_t>({1, 2, 3, 4, 0, 0, 0, 0}));
  const std::string out = folder_.path("out.bin");
  const Outcome outcome = run_mote({"run", dense, "--input=" + input, "--output=" + out});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("2 runs"));
  EXPECT_EQ(contents(out), raw<std::int8_t>({41, 104, 5, 11, 101, 1}));
}

TEST_F(Run, ReadsStandardInputAndWritesStandardOutput) {
  const std::string dense = model(dense_model());
  const std::string input = file("in.bin", raw<std::int8_t>({1, 2, 3, 4}));
  const Outcome outcome = run_mote({"run", dense, "--input=-", "--output=-"}, {.in = input});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, raw<std::int8_t>({41, 104, 5}));
}

TEST_F(Run, PrintsTheBestClassesWithTheirLabels) {
  const std::string dense = model(dense_model());
  const std::string input = file("in.bin", raw<std::int8_t>({1, 2, 3, 4}));
  const std::string labels = file("labels.txt", "yes\nno\r\nmaybe\n");
  const Outcome outcome =
      run_mote({"run", dense, "--input=" + input, "--labels=" + labels, "--top-k=2"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("class    score  stored  label\n"
                                     "    1  103.000     104  no\n"
                                     "    0  40.0000      41  yes\n"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("maybe")));
}

TEST_F(Run, PrintsJson) {
  const std::string dense = model(dense_model());
  const std::string input = file("in.bin", raw<std::int8_t>({1, 2, 3, 4}));
  const Outcome outcome = run_mote({"run", dense, "--input=" + input, "--json"});
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  const auto& first = (*json->find("runs")->as<Json::Array>())[0];
  const auto& output = (*first.find("outputs")->as<Json::Array>())[0];
  EXPECT_EQ((*output.find("values")->as<Json::Array>())[1].number(), 103.0);
}

TEST_F(Run, RefusesLabelsThatAreNotAsManyAsClasses) {
  expect_refused(model(dense_model()), file("in.bin", "abcd"),
                 "names 2 classes, the output 't3' has 3; expected a line for each",
                 {"--labels=" + file("labels.txt", "yes\nno")});
}

TEST_F(Run, RefusesRawFilesOfTheWrongSize) {
  const std::string dense = model(dense_model());
  expect_refused(dense, file("empty.bin", ""), "has 0 B, expected 4 B for each run");
  expect_refused(dense, file("short.bin", "abc"), "has 3 B, expected 4 B for each run");
  expect_refused(dense, file("long.bin", "abcde"), "has 5 B, expected 4 B for each run");
}

TEST_F(Run, AsksWhatAFileOfAnUnknownNameHolds) {
  const std::string dense = model(dense_model());
  const std::string input = file("in.dat", "abcd");
  const Outcome outcome = run_mote({"run", dense, "--input=" + input});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("does not say what the file holds"));
  EXPECT_EQ(run_mote({"run", dense, "--input=" + input, "--format=bin"}).exit_code, 0);
  EXPECT_EQ(run_mote({"run", dense, "--input=" + input, "--format=gif"}).exit_code, 2);
  EXPECT_EQ(run_mote({"run", dense}).exit_code, 2) << "no input at all";
}

TEST_F(Run, TakesArraysOfTheInputsTypeAndShape) {
  const std::string dense = model(dense_model());
  const std::string data = raw<std::int8_t>({1, 2, 3, 4});
  for (const char* shape : {"(1, 4)", "(4,)", "(1,4,)"})
    EXPECT_EQ(answer(dense, {"--input=" + file("in.npy", npy(npy_header("|i1", shape), data))}),
              raw<std::int8_t>({41, 104, 5}))
        << shape;
  EXPECT_EQ(
      answer(dense, {"--input=" + file("two.npy", npy(npy_header("|i1", "(2, 4)"), data + data))}),
      raw<std::int8_t>({41, 104, 5, 41, 104, 5}));
}

TEST_F(Run, QuantisesArraysOfRealNumbers) {
  const std::string identity = model(identity_model(DType::kInt8, {1, 3}, {0.5f, 1}));
  const std::string input =
      file("in.npy", npy(npy_header("<f4", "(1, 3)"), raw<float>({1.0f, -0.5f, 1000.0f})));
  EXPECT_EQ(answer(identity, {"--input=" + input}), raw<std::int8_t>({3, 0, 127}));
}

TEST_F(Run, WritesArraysThatNumPyReads) {
  const std::string dense = model(dense_model());
  const std::string input = file("in.bin", raw<std::int8_t>({1, 2, 3, 4, 1, 2, 3, 4}));
  const std::string out = folder_.path("out.npy");
  EXPECT_EQ(run_mote({"run", dense, "--input=" + input, "--output=" + out}).exit_code, 0);
  EXPECT_THAT(contents(out), HasSubstr(npy_header("|i1", "(2, 3)")));
  EXPECT_EQ(contents(out).size() % 64, 6u);
}

TEST_F(Run, RefusesArraysThatAreNotWhatTheInputTakes) {
  const std::string dense = model(dense_model());
  const auto refuse = [&](const std::string& header, const std::string& data,
                          const std::string& sentence) {
    expect_refused(dense, file("in.npy", npy(header, data)), sentence);
  };
  const std::string four = "abcd", nan = raw<float>({1, 2, std::nanf(""), 4});
  refuse(npy_header("<i2", "(1, 4)"), four + four, "holds INT16, the input 't0' INT8 [1, 4] takes");
  refuse(npy_header("|i1", "(4, 1)"), four, "has shape [4, 1], the input 't0' INT8 [1, 4] takes");
  refuse(npy_header("|i1", "(0, 4)"), "", "has shape [0, 4]");
  refuse(npy_header("|i1", "(1, 4)", "True"), four, "is in Fortran order, expected C order");
  refuse(npy_header("<f4", "(1, 4)"), nan, "element 2 is nan, expected a number");
  refuse(npy_header("<f8", "(1, 4)"), nan + nan, "holds elements of type '<f8'");
  refuse(npy_header(">f4", "(1, 4)"), nan, "holds elements of type '>f4'");
  refuse(npy_header("|O", "(1, 4)"), four, "holds elements of type '|O'");
}

TEST_F(Run, RefusesDamagedAndHostileArrays) {
  const std::string dense = model(dense_model());
  const std::string good = npy(npy_header("|i1", "(1, 4)"), "abcd");
  expect_refused(dense, file("a.npy", ""), "is not a .npy file");
  expect_refused(dense, file("b.npy", good.substr(0, 9)), "is not a .npy file");
  expect_refused(dense, file("c.npy", good.substr(0, 30)), "ends within its .npy header");
  expect_refused(dense, file("d.npy", good.substr(0, good.size() - 1)),
                 "holds 3 B of elements, its header says 4 B");
  expect_refused(dense, file("e.npy", good + "e"), "holds 5 B of elements, its header says 4 B");
  const std::string nines = "999999999";
  expect_refused(
      dense,
      file("f.npy", npy(npy_header("|i1", cat("(", nines, ", ", nines, ", ", nines, ")")), "abcd")),
      "its header says more than fit any file");
  for (const char* header :
       {"", "{", "{'descr': '|i1'}", "{'descr': '|i1', 'fortran_order': False, 'shape': (-1, 4)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1 4)}",
        "{'descr': '|i1', 'fortran_order': 0, 'shape': (1, 4)}",
        "{'descr': [('x', '|i1')], 'fortran_order': False, 'shape': (1, 4)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1, 4), 'more': 1}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1, 4)} + exit()"})
    expect_refused(dense, file("g.npy", npy(header, "abcd")), "has a damaged .npy header");
}

TEST_F(Run, TakesPicturesAsTheInputsScaleSays) {
  // Two pixels, blue-green-red, and two bytes to fill the row.
  const std::string picture =
      file("in.bmp", bmp(2, 1, std::string("\x03\x02\x01\xff\xfe\xfd\0\0", 8)));
  const std::string bytes = model(identity_model(DType::kUint8, {1, 1, 2, 3}, {1 / 255.0f, 0}));
  EXPECT_EQ(answer(bytes, {"--input=" + picture}), "\x01\x02\x03\xfd\xfe\xff");
  const std::string centred = model(identity_model(DType::kInt8, {1, 1, 2, 3}, {1 / 127.5f, -1}));
  EXPECT_EQ(answer(centred, {"--input=" + picture}),
            raw<std::int8_t>({-127, -126, -125, 125, 126, 127}));
  const std::string real = model(identity_model(DType::kFloat32, {1, 1, 2, 3}));
  EXPECT_EQ(answer(real, {"--input=" + picture, "--pixel-range=0..255"}),
            raw<float>({1, 2, 3, 253, 254, 255}));
  EXPECT_EQ(answer(real, {"--input=" + picture, "--pixel-range=-1..1"}).size(), 24u);
}

TEST_F(Run, AsksWhatPixelsMeanWhereTheModelDoesNotSay) {
  const std::string picture = file("in.bmp", bmp(2, 1, std::string(8, '\0')));
  expect_refused(model(identity_model(DType::kFloat32, {1, 1, 2, 3})), picture,
                 "does not say what pixels mean; say what they stand for with --pixel-range");
  expect_refused(model(identity_model(DType::kInt8, {1, 1, 2, 3}, {0.1f, 3})), picture,
                 "which is no usual range of pixels");
}

TEST_F(Run, ResizesPicturesOnlyWhenAskedTo) {
  const std::string identity = model(identity_model(DType::kUint8, {1, 2, 2, 1}, {1 / 255.0f, 0}));
  const std::string picture = file("in.pgm", std::string("P5 1 1 255\n\x40"));
  expect_refused(identity, picture,
                 "is 1x1 grey, the input 't0' UINT8 [1, 2, 2, 1] takes 2x2 grey; "
                 "--resize converts it");
  EXPECT_EQ(answer(identity, {"--input=" + picture, "--resize"}), "\x40\x40\x40\x40");
}

TEST_F(Run, RefusesDamagedAndHostilePictures) {
  const std::string identity = model(identity_model(DType::kUint8, {1, 1, 2, 3}, {1 / 255.0f, 0}));
  expect_refused(identity, file("a.bmp", ""), "is not a .bmp file");
  expect_refused(identity, file("b.bmp", bmp(2, 1, "abc")), "ends early");
  expect_refused(identity, file("c.bmp", bmp(2147483647, 2147483647, "abc")), "claims to be");
  expect_refused(identity, file("d.bmp", bmp(2147483647, 1, "abc")), "claims to be");
  expect_refused(identity, file("e.bmp", bmp(1, -2147483647 - 1, "abc")), "claims to be");
  expect_refused(identity, file("f.bmp", bmp(0, 1, "abc")), "claims to be 0x1 pixels");
  expect_refused(identity, file("a.ppm", "P3 2 1 255 1 2 3"), "is no binary .pgm or .ppm");
  expect_refused(identity, file("b.ppm", "P6 2 1 255\nabcde"), "ends early: 5 B of pixels");
  expect_refused(identity, file("c.ppm", "P6 2 1 65535\nabcdefabcdef"), "has samples up to 65535");
  expect_refused(identity, file("d.ppm", "P6 99999999999 1 255\n"), "claims to be -1x");
  expect_refused(identity, file("a.png", ""), "is not a whole .png file");
  expect_refused(identity, file("b.png", "\x89PNG\r\n\x1a\n"), "is not a whole .png file");
  expect_refused(model(dense_model()), file("g.bmp", bmp(2, 1, std::string(8, '\0'))),
                 "is a picture, but the input 't0' INT8 [1, 4] is none");
}

TEST_F(Run, TakesRecordingsForInputsOfSamples) {
  const std::string counts = model(identity_model(DType::kInt16, {1, 4}));
  const std::string wav = folder_.write_wav("in.wav", {0, 0.5f, -0.5f, 1});
  EXPECT_EQ(answer(counts, {"--input=" + wav}), raw<std::int16_t>({0, 16384, -16384, 32767}));
  const std::string real = model(identity_model(DType::kFloat32, {2}));
  EXPECT_EQ(answer(real, {"--input=" + wav}), raw<float>({0, 0.5f, -0.5f, 32767 / 32768.0f}));
  const std::string three = model(identity_model(DType::kFloat32, {3}));
  expect_refused(three, wav, "has 4 samples, the input 't0' FLOAT32 [3] takes 3 a run");
  const std::string rows = model(identity_model(DType::kFloat32, {2, 2}));
  expect_refused(rows, wav, "is no row of samples: it wants features");
  expect_refused(real, file("cut.wav", contents(wav).substr(0, 50)), "the file is cut");
}

TEST_F(Run, TakesAFileForEachOfSeveralInputs) {
  const std::string two = model(two_inputs_model());
  const std::string first = file("a.npy", npy(npy_header("|i1", "(2,)"), "ab"));
  const std::string second = file("b.npy", npy(npy_header("|i1", "(3,)"), "cde"));
  EXPECT_EQ(answer(two, {"--input=" + first, "--input=" + second}), "abcde");
  EXPECT_EQ(answer(two, {"--input=" + file("all.bin", "abcdefghij")}), "abcdefghij");
  expect_refused(two, first, "the network has 2 inputs (2 B + 3 B), but 1 file was given");
  expect_refused(two, first, "it cannot be given beside other files",
                 {"--input=" + file("b.bin", "cde")});
}

TEST_F(Run, SaysThatAFolderCannotBeWritten) {
  const std::string dense = model(dense_model()), input = file("in.bin", "abcd");
  const Outcome outcome = run_mote({"run", dense, "--input=" + input, "--output=/nowhere/out.bin"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write '/nowhere/out.bin'"));
  EXPECT_EQ(
      run_mote({"run", dense, "--input=" + input, "--output=-"}, {.out = "/dev/full"}).exit_code,
      1);
}

TEST_F(Run, RefusesAnInstructionSetThatThisMachineLacks) {
  const Outcome outcome = run_mote({"run", model(dense_model()), "--input=x.bin", "--isa=abacus"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("the instruction set is 'abacus', expected one that this machine has: "));
}

TEST_F(Run, ListsAllThatAModelNeedsAndMoteLacks) {
  const Outcome outcome =
      run_mote({"run", model(unsupported_model()), "--input=" + file("in.bin", "abcd")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("2 operators cannot be run"));
  EXPECT_THAT(outcome.err, HasSubstr("SEGMENT_SUM"));
  EXPECT_THAT(outcome.err, HasSubstr("UNIQUE"));
}

}  // namespace
}  // namespace mote::tests
