#include "mote/compiler/emit/emit.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "mote/compiler/emit/bundle.h"
#include "mote/compiler/emit/headers.h"
#include "mote/compiler/emit/names.h"
#include "mote/compiler/emit/text.h"
#include "mote/core/base/self_test.h"
#include "mote/dispatch/tables.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/support/programs.h"

namespace mote::emit {
namespace {

using enum DType;
using program::TensorInfo;
using testing::HasSubstr;
using testing::Not;
using tests::GraphBuilder;

std::vector<dispatch::KernelRow> kernels_of_all() {
  dispatch::with_gru();
  std::vector<dispatch::KernelRow> rows;
  for (const dispatch::KernelTable* table = &dispatch::kScalarTable; table; table = table->more)
    rows.insert(rows.end(), table->rows.begin(), table->rows.end());
  return rows;
}

/// [1, 3] plus a constant: all scales 1.
program::Program sum_with_constant(const char* input_name = "in") {
  GraphBuilder b;
  const tests::Quant quant{1.0f, 0};
  const int in = b.input(kInt8, {1, 3}, quant);
  const int constant = b.constant<std::int8_t>({1, -2, 3}, {1, 3}, quant);
  const int out = b.value(kInt8, {1, 3}, quant);
  b.node("ADD", {in, constant}, {out});
  b.output(out);
  graph::Model model = b.build();
  model.graphs[0].tensors[static_cast<std::size_t>(in)].name = input_name;
  return tests::program_of(model);
}

const Options kOptions = {.name = "sum", .target = "cortex-m4", .version = "1.2"};

std::vector<File> files_of(const program::Program& program, const Options& options = kOptions) {
  auto files = emit(program, options);
  EXPECT_TRUE(files) << files.error().message;
  return files ? *files : std::vector<File>(2);
}

TEST(Emit, WritesAHeaderAndASource) {
  const auto files = files_of(sum_with_constant());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].name, "sum.h");
  EXPECT_EQ(files[1].name, "sum.cc");
  EXPECT_THAT(files[0].text, HasSubstr("namespace sum {"));
  EXPECT_THAT(files[0].text, HasSubstr("inline constexpr int32_t kArenaBytes = "));
  EXPECT_THAT(files[0].text, Not(HasSubstr("self_test"))) << "nobody asked for it";
  EXPECT_THAT(files[1].text, HasSubstr("constexpr int8_t kT2Input2[] = {\n    1, -2, 3,\n};"));
  EXPECT_THAT(files[1].text, HasSubstr("mote::kernels::add_s8<Isa>("));
}

TEST(Emit, WritesTheSameBytesAgain) {
  const auto once = files_of(sum_with_constant()), again = files_of(sum_with_constant());
  EXPECT_EQ(once[0].text, again[0].text);
  EXPECT_EQ(once[1].text, again[1].text);
}

TEST(Emit, ShowsEveryValueRightAfterTheCallThatMakesItWhereAskedTo) {
  Options options = kOptions;
  options.watch = true;
  const program::Program program = sum_with_constant();
  const TensorInfo& made =
      program.tensors[static_cast<std::size_t>(program.calls.at(0).writes.at(0))];
  const auto files = files_of(program, options);
  EXPECT_THAT(files[0].text, HasSubstr("void run_watched("));
  EXPECT_THAT(files[1].text, HasSubstr(cat(");\n  see(", program.calls[0].writes[0], ", arena + ",
                                           made.offset, ", 3);\n")));
  EXPECT_THAT(files_of(program)[1].text, Not(HasSubstr("see"))) << "nobody asked for it";
}

TEST(Emit, AsksForRowsWhereTheInputStaysWithTheCaller) {
  GraphBuilder b;
  const tests::Quant quant{1.0f, 0};
  const int in = b.input(kInt8, {1, 12, 5, 2}, quant);
  const int out = b.value(kInt8, {1, 12, 5, 2}, quant);
  b.node("ADD", {in, in}, {out});
  b.output(out);
  Options options = kOptions;
  options.watch = true;
  const auto files =
      files_of(tests::program_of(b, {.bands = passes::Bands{.reads_rows = true}}), options);
  EXPECT_THAT(files[0].text, HasSubstr("kRows = 12, kRowElements = 10;"));
  EXPECT_THAT(files[0].text,
              HasSubstr("void run(void* arena, ReadRows read_rows, void* context);"));
  EXPECT_THAT(files[0].text,
              HasSubstr("void run_watched(void* arena, ReadRows read_rows, void* context, "));
  EXPECT_THAT(files[0].text, Not(HasSubstr("input(void* arena)"))) << "it is not there";
  EXPECT_THAT(files[1].text, HasSubstr("  read_rows(0, 12, at<int8_t>(arena, 0));\n"));
  EXPECT_THAT(files[1].text, Not(HasSubstr("copy_s8")));
}

TEST(Emit, LetsNoNameOfTheModelIntoTheCode) {
  const auto files = files_of(sum_with_constant("x\\\n\"; evil();//"));
  EXPECT_THAT(files[0].text, HasSubstr("/// x??\"; evil();//: q stands for"));
  EXPECT_THAT(files[0].text, HasSubstr("kName = \"x\\\\\\012\\\"; evil();//\";"));
}

TEST(Emit, RefusesANameThatIsNoIdentifier) {
  for (const char* name : {"", "2fast", "a-b", "a b", "a::b", "float", "mote"}) {
    const auto files = emit(sum_with_constant(), {.name = name});
    ASSERT_FALSE(files) << name;
    EXPECT_EQ(files.error().code, ErrorCode::kUsage);
  }
}

TEST(Emit, TakesANamespaceWithin) {
  Options options = kOptions;
  options.name_space = "product::sum";
  const auto files = files_of(sum_with_constant(), options);
  EXPECT_THAT(files[0].text, HasSubstr("namespace product::sum {"));
  EXPECT_THAT(files[1].text, HasSubstr("namespace product::sum {"));
  for (const char* name : {"a:b", "a::", "::a", "a::mote", "a::b c", "uint8_t"}) {
    options.name_space = name;
    const auto refused = emit(sum_with_constant(), options);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  }
}

/// Two sums of other lengths.
program::Program two_sums(int second_length) {
  GraphBuilder b;
  const tests::Quant quant{1.0f, 0};
  for (int length : {3, second_length}) {
    const int left = b.input(kInt8, {1, length}, quant);
    const int right = b.input(kInt8, {1, length}, quant);
    const int out = b.value(kInt8, {1, length}, quant);
    b.node("ADD", {left, right}, {out});
    b.output(out);
  }
  return tests::program_of(b.build());
}

std::string source_of(const program::Program& program, Shapes shapes) {
  Options options = kOptions;
  options.shapes = shapes;
  return files_of(program, options)[1].text;
}

TEST(Emit, LetsCallsShareAKernelWhereTheyDifferInNumbersOnly) {
  const auto shared = HasSubstr("/// What 2 calls differ in.");
  EXPECT_THAT(source_of(two_sums(5), Shapes::kStatic), Not(shared));
  EXPECT_THAT(source_of(two_sums(5), Shapes::kDynamic), shared);
  EXPECT_THAT(source_of(two_sums(5), Shapes::kDynamic),
              HasSubstr("mote::MixedExtents<mote::kDynamic> in_shape;"));
  EXPECT_THAT(source_of(two_sums(5), Shapes::kAuto), Not(shared)) << "their shapes differ";
  EXPECT_THAT(source_of(two_sums(3), Shapes::kAuto), shared);
  EXPECT_THAT(source_of(sum_with_constant(), Shapes::kDynamic), Not(HasSubstr("calls differ")));
}

TEST(EmitBundle, HasWhatIsIncludedAndNothingElse) {
  const File files[] = {{"n.cc", "#include \"n.h\"\n#include \"mote/a.h\"\n"}};
  const SourceFile all[] = {{"mote/a.h", "#include <stdint.h>\n#include \"mote/b.h\"\n"},
                            {"mote/b.h", "#include \"mote/a.h\"\n"},
                            {"mote/c.h", ""}};
  const auto bundle = included_by(files, all);
  ASSERT_TRUE(bundle);
  ASSERT_EQ(bundle->size(), 2u);
  EXPECT_EQ((*bundle)[0].name, "mote/a.h");
  EXPECT_EQ((*bundle)[1].name, "mote/b.h");
  const auto missing = included_by(files, std::span(all, 1));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("'mote/b.h'"));
}

TEST(EmitNames, SayWhatConstantsAre) {
  const auto name = [](const char* node, const char* op) {
    return name_of({.node = node, .op = op});
  };
  EXPECT_EQ(name("node 3 CONV_2D 'conv1'", "CONV_2D"), "Conv1");
  EXPECT_EQ(name("node 12 CONV_2D 'a/b;c'", "CONV_2D"), "Conv2d12");
  EXPECT_EQ(name("node 12 SOFTMAX 'Identity'", "SOFTMAX"), "Softmax12");
  EXPECT_EQ(name("added PAD", "PAD"), "PadAdded");
  Names names;
  EXPECT_EQ(names.unique("a"), "a");
  EXPECT_EQ(names.unique("a"), "a_2");
}

TEST(Emit, RefusesKernelsThatOnlyHostsHave) {
  program::Program program = sum_with_constant();
  program.calls[0].kernel = "conv_2d_across_s8";
  const auto files = emit(program, kOptions);
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().message,
              HasSubstr("'conv_2d_across_s8' is no kernel for emitted code"));
}

TEST(Emit, KnowsTheHeaderOfEveryKernel) {
  for (const dispatch::KernelRow& row : kernels_of_all()) {
    const std::string path =
        cat(MOTE_SOURCE_DIR, "/mote/core/kernels/", std::string(header_of(row.name)));
    const auto file = read_file(path, 1 << 20);
    ASSERT_TRUE(file) << row.name << ": " << path;
    const std::string text(reinterpret_cast<const char*>(file->data()), file->size());
    EXPECT_THAT(text, HasSubstr(cat("void ", std::string(row.name), "("))) << path;
  }
}

TEST(Emit, KnowsWhatEveryKernelTakes) {
  for (const dispatch::KernelRow& row : kernels_of_all()) {
    int operands = 0;
    for (int i = 0; i < row.signature.size(); ++i) operands += row.signature[i].operands();
    EXPECT_EQ(operands, row.operand_count) << row.name;
  }
}

TEST(Emit, TargetsAreThoseThatLoweringKnows) {
  EXPECT_EQ(find_target("no-such"), nullptr);
  for (const Target& target : all_targets()) EXPECT_EQ(find_target(target.name), &target);
}

TEST(EmitText, NumbersReadBackAsTheyWere) {
  EXPECT_EQ(literal(0.1f), "0x1.99999ap-4f");
  EXPECT_EQ(literal(-3.0f), "-3.0f");
  EXPECT_EQ(literal(-0.0f), "-0x0p+0f");
  EXPECT_EQ(literal(std::numeric_limits<float>::infinity()), "__builtin_inff()");
  EXPECT_EQ(literal(std::nanf("")), "__builtin_nanf(\"\")");
  EXPECT_EQ(literal(std::int64_t{INT32_MIN}), "INT32_MIN");
  EXPECT_EQ(literal(std::int64_t{INT64_MIN}), "INT64_MIN");
}

TEST(EmitText, LinesStayShort) {
  const std::vector<std::int8_t> values(100, -128);
  const std::string text = list_of(kInt8, std::as_bytes(std::span(values)));
  std::size_t longest = 0, start = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') longest = std::max(longest, i - start), start = i + 1;
  EXPECT_LE(longest, 100u);
}

TEST(SelfTest, TellsWhatDiffers) {
  const float expected[] = {1, -2, std::nanf(""), std::numeric_limits<float>::infinity()};
  float made[] = {1.00001f, -2, std::nanf(""), std::numeric_limits<float>::infinity()};
  EXPECT_TRUE(is_same(made, expected, 4));
  made[0] = 1.0001f;
  EXPECT_FALSE(is_same(made, expected, 4));
  made[0] = 1, made[2] = 0;
  EXPECT_FALSE(is_same(made, expected, 4)) << "a number is no NaN";
  made[2] = std::nanf(""), made[3] = 0;
  EXPECT_FALSE(is_same(made, expected, 4));
  EXPECT_NE(mote::checksum("ab", 2), mote::checksum("ba", 2));
  EXPECT_EQ(mote::checksum("a", 1), 0xe40c292cu) << "the published value of FNV-1a";
}

}  // namespace
}  // namespace mote::emit
