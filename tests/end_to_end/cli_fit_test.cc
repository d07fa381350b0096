// mote fit: what a network takes on boards, held against parts.

#include <gmock/gmock.h>

#include <cctype>
#include <cstdlib>

#include "mote/support/json.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kModel = MOTE_SOURCE_DIR "/models/dial_tones/dial_tones.tflite";

/// Runs `mote fit` on the project's own model; skips the test where compilers or QEMU are missing.
#define FIT(outcome, ...)                                                       \
  const Outcome outcome = run_mote({"fit", kModel, __VA_ARGS__});               \
  if ((outcome.out + outcome.err).find("apt-get install") != std::string::npos) \
  GTEST_SKIP() << outcome.err

const Json* member(const Json* object, std::string_view key) {
  return object ? object->find(key) : nullptr;
}

std::int64_t whole(const Json* object, std::string_view key) {
  const Json* value = member(object, key);
  return value && value->as<std::int64_t>() ? *value->as<std::int64_t>() : -1;
}

double real(const Json* object, std::string_view range, std::string_view key) {
  const Json* value = member(member(object, range), key);
  return value ? value->number().value_or(-1) : -1;
}

/// The only element of an array, nullptr where there is another number of them.
const Json* only(const Json& json, std::string_view key) {
  const auto* list = json.find(key) ? json.find(key)->as<Json::Array>() : nullptr;
  return list && list->size() == 1 ? &list->front() : nullptr;
}

TEST(Fit, CountsTheSameAsTheProjectHasRecorded) {
  FIT(outcome, "--part=nrf52840", "--json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  const Json* target = only(*json, "targets");
  EXPECT_EQ(*target->find("target")->as<std::string>(), "cortex-m4");
  const auto recorded = parse_json(contents(MOTE_SOURCE_DIR "/docs/microcontrollers.json"), "docs");
  ASSERT_TRUE(recorded);
  int found = 0;
  for (const Json& row : *recorded->find("rows")->as<Json::Array>()) {
    if (*row.find("board")->as<std::string>() != "mps2-an386" ||
        *row.find("model")->as<std::string>() != "dial_tones")
      continue;
    ++found;
    // Within what bench.mcu.recorded allows.
    EXPECT_NEAR(double(whole(target, "instructions")), double(whole(&row, "instructions")),
                0.02 * double(whole(&row, "instructions")));
    EXPECT_EQ(whole(target, "const_bytes"), whole(&row, "const_bytes"));
    EXPECT_NEAR(double(whole(target, "code_bytes")), double(whole(&row, "flash_bytes")), 64);
    EXPECT_NEAR(double(whole(target, "ram_bytes")), double(whole(&row, "ram_bytes")), 16);
  }
  EXPECT_EQ(found, 1);
  EXPECT_EQ(whole(target, "flash_bytes"),
            whole(target, "code_bytes") + whole(target, "const_bytes"));
  EXPECT_EQ(whole(target, "ram_bytes"), whole(target, "arena_bytes") +
                                            whole(target, "stack_bytes") +
                                            whole(target, "other_ram_bytes"));
}

TEST(Fit, ComputesTheEnergyOfAPart) {
  FIT(outcome, "--part=nrf52840", "--cell=cr2032", "--every=1h", "--json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = parse_json(outcome.out, "the output");
  ASSERT_TRUE(json) << json.error().message;
  const Json* part = only(*json, "parts");
  const auto count = double(whole(only(*json, "targets"), "instructions"));
  // 64 MHz; 43.8 to 51.6 uA/MHz at 3 V; 1.2 to 1.8 cycles.
  EXPECT_NEAR(real(part, "seconds", "low"), count * 1.2 / 64e6, 1e-9);
  EXPECT_NEAR(real(part, "energy_uj", "low"), count * 1.2 * 43.8 * 3 * 1e-6, 1e-6);
  EXPECT_NEAR(real(part, "energy_uj", "high"), count * 1.8 * 51.6 * 3 * 1e-6, 1e-6);
  // An inference an hour is next to nothing: it sleeps at 3.16 to 3.5 uA.
  EXPECT_NEAR(real(part, "days", "low"), 225 * 0.75 / (3.5e-3 * 24 + 225 * 0.015 / 365.25), 5);
  EXPECT_NEAR(real(part, "days", "high"), 225 * 0.91 / (3.16e-3 * 24 + 225 * 0.01 / 365.25), 5);
}

TEST(Fit, FailsWithTheNumbersWhereAPartIsTooSmall) {
  FIT(outcome, "--target=cortex-m4", "--flash=8000", "--ram=300");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err,
              testing::ContainsRegex("does not fit on cortex-m4: flash needs [0-9,]+ B, "
                                     "there are 8,000 B, RAM needs [0-9]+ B, there are "
                                     "300 B"));
  EXPECT_THAT(outcome.err, HasSubstr("--optimize=size"));
  EXPECT_THAT(outcome.err, HasSubstr("a part that would do is STM32L432KC"));
  EXPECT_THAT(outcome.out, HasSubstr("NO"));
}

TEST(Fit, TakesSizesOneByOne) {
  FIT(outcome, "--target=cortex-m4", "--ram=1000");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(" any "));
}

TEST(Fit, PassesFlagsOnToTheCompiler) {
  FIT(speed, "--target=cortex-m4", "--optimize=speed", "--json");
  FIT(size, "--target=cortex-m4", "--optimize=size", "--json");
  const auto fast = parse_json(speed.out, "speed"), small = parse_json(size.out, "size");
  ASSERT_TRUE(fast && small);
  EXPECT_LE(whole(only(*fast, "targets"), "instructions"),
            whole(only(*small, "targets"), "instructions"));
  EXPECT_THAT(*fast->find("flags")->as<Json::Array>()->front().as<std::string>(),
              "--optimize=speed");
  FIT(wrong, "--target=cortex-m4", "--optimize=beauty");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--optimize is 'beauty'"));
}

TEST(Fit, RefusesWhatItDoesNotKnow) {
  const Outcome part = run_mote({"fit", kModel, "--part=nRF54"});
  EXPECT_EQ(part.exit_code, 2);
  EXPECT_THAT(part.err, HasSubstr("nRF54L05, nRF54L15"));
  EXPECT_EQ(run_mote({"fit", kModel, "--part=nRF52840", "--ram=1"}).exit_code, 2);
  EXPECT_EQ(run_mote({"fit", kModel, "--part=nRF52840", "--target=cortex-m0plus"}).exit_code, 2);
  EXPECT_THAT(run_mote({"fit", kModel, "--target=z80"}).err, HasSubstr("rv32imac"));
  EXPECT_THAT(run_mote({"fit", kModel, "--cell=potato"}).err, HasSubstr("CR2032"));
  EXPECT_THAT(run_mote({"fit", kModel, "--every=often"}).err, HasSubstr("--every: 'often'"));
  EXPECT_EQ(run_mote({"fit", "-"}).exit_code, 2);
}

TEST(Fit, RefusesModelsAsCompileDoes) {
  const TemporaryFolder folder;
  const std::string broken = folder.write("broken.tflite", "no model");
  const std::string strange = write_model(folder, "strange.tflite", unsupported_model());
  for (const std::string& model : {broken, strange}) {
    const Outcome fit = run_mote({"fit", model});
    const Outcome compile = run_mote({"compile", model, "--output=" + folder.path("out")});
    EXPECT_EQ(fit.exit_code, compile.exit_code);
    EXPECT_NE(fit.exit_code, 0);
    EXPECT_EQ(fit.err, compile.err);
  }
}

TEST(Fit, NamesThePackagesWhereEverythingIsMissing) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const Outcome outcome = run_mote({"fit", kModel});
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi "
                                     "qemu-system-arm gcc-riscv64-unknown-elf qemu-system-misc"));
}

/// Figures as '#', runs of blanks as one: what stays the same with another compiler.
std::string without_figures(const std::string& text) {
  std::string made;
  for (const char c : text) {
    const bool is_figure = std::isdigit(static_cast<unsigned char>(c)) || c == ',' || c == '.';
    const char kind = is_figure ? '#' : c;
    if ((kind == '#' || kind == ' ') && !made.empty() && made.back() == kind) continue;
    made += kind;
  }
  return made;
}

TEST(Fit, AgreesWithItsPageButForFigures) {
  FIT(outcome, "--cell=CR2032", "--every=5min");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string page = contents(MOTE_SOURCE_DIR "/docs/fit.md");
  const std::string begin = "<!-- begin fit -->\n```\n", end = "```\n<!-- end fit -->";
  const std::size_t from = page.find(begin), to = page.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  EXPECT_EQ(without_figures(outcome.out),
            without_figures(page.substr(from + begin.size(), to - from - begin.size())))
      << "docs/fit.md is stale: run script/update-docs";
}

TEST(Fit, NoLineIsWiderThanAPage) {
  FIT(outcome, "--cell=CR2032", "--every=5min");
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = outcome.out.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    EXPECT_LE(end - begin, 120u) << outcome.out.substr(begin, end - begin);
  EXPECT_THAT(outcome.out, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace mote::tests
