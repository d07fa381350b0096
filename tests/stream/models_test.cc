// Models that other people trained, streamed: the same bytes as for whole windows, and what that
// costs. Skipped, visibly, where the evaluation material is not beside the checkout.

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "mote/compiler/model/tflite.h"
#include "mote/core/signal/mfcc.h"
#include "mote/host/sources/audio_file.h"
#include "mote/support/file.h"
#include "tests/support/shared.h"
#include "tests/support/streamed.h"

namespace mote::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

graph::Model load(const std::string& name) {
  auto file = read_file((shared_folder() / "models" / (name + ".tflite")).string());
  EXPECT_TRUE(file) << file.error().message;
  auto model =
      model::read_tflite(std::make_shared<const std::vector<std::byte>>(std::move(*file)), name);
  EXPECT_TRUE(model) << model.error().message;
  return std::move(*model);
}

/// The windowed network, on the quickest instruction set of this machine: integers are the same on
/// all.
program::Program windowed(const std::string& name) {
  auto program =
      compiler::compile(load(name), {.isa = std::string((*dispatch::choose_table(""))->isa)});
  EXPECT_TRUE(program) << program.error().message;
  return std::move(*program);
}

/// What microcontrollers have.
constexpr const char* kSmall[] = {"scalar", "scalar_packed", "dsp", "mve"};

/// The streamed network.
program::Program streamed(const std::string& name, const passes::Stream& stream,
                          const char* isa = "scalar") {
  auto program = compiler::compile(load(name), {.isa = isa, .stream = stream});
  EXPECT_TRUE(program) << program.error().message;
  return std::move(*program);
}

Error refusal(const std::string& name, const passes::Stream& stream) {
  const auto program = compiler::compile(load(name), {.stream = stream});
  return program ? Error{.message = "it streams"} : program.error();
}

/// Random bytes: now all of them, now few that differ from silence, so that outputs vary.
Fill random_bytes() {
  auto engine = std::make_shared<std::mt19937>(5);
  return [engine](int run, std::span<std::byte> input) {
    const unsigned span = run / 100 % 2 == 0 ? 256 : 1 + (*engine)() % 64;
    for (std::byte& b : input) b = static_cast<std::byte>((*engine)() % span + 128);
  };
}

/// Files of a folder, in the order of their names.
std::vector<std::string> files_in(const fs::path& folder, const std::string& ending) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().string().ends_with(ending)) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// The files' bytes as one stream.
std::vector<std::byte> joined(const std::vector<std::string>& paths) {
  std::vector<std::byte> all;
  for (const std::string& path : paths) {
    const auto file = read_file(path);
    if (file) all.insert(all.end(), file->begin(), file->end());
  }
  return all;
}

Fill from(std::vector<std::byte> stream) {
  return [stream = std::move(stream)](int run, std::span<std::byte> input) {
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(run * input.size()), input.size(),
                input.begin());
  };
}

/// Logarithms of 40 bands each 20 ms, as 8-bit numbers over their whole range.
struct WakeWordFeatures {
  static constexpr int frame = 1024, hop = 320, fft = 1024, bands = 40, kept = 40;
  static constexpr double sample_rate_hz = 16000, low_hz = 20, high_hz = 7600;
  static constexpr float floor = 1e-6f;
};
void append_features(const std::vector<float>& samples, std::vector<std::byte>& stream) {
  using F = WakeWordFeatures;
  static signal::Mfcc<F> front_end;
  float energies[F::bands];
  for (std::size_t at = 0; at + F::frame <= samples.size(); at += F::hop) {
    front_end.mel(samples.data() + at, energies);
    for (float energy : energies) {
      const float level = 20.0f * (std::log(energy + F::floor) + 8.0f) - 128.0f;
      stream.push_back(
          static_cast<std::byte>(static_cast<std::int8_t>(std::clamp(level, -128.0f, 127.0f))));
    }
  }
}

/// Features of real speech, `frames` of them or less.
std::vector<std::byte> speech_features(std::size_t frames) {
  std::vector<std::byte> stream;
  for (const std::string& path : files_in(shared_folder() / "data/speech/longspeech", ".opus")) {
    auto encoded = sources::read_encoded(path);
    if (!encoded) return {};
    auto reader = sources::AudioReader::open(std::move(*encoded), 16000);
    if (!reader) continue;
    std::vector<float> samples, block(4096);
    while (const auto count = reader->next(block)) {
      if (*count == 0) break;
      samples.insert(samples.end(), block.begin(), block.begin() + *count);
    }
    append_features(samples, stream);
    if (stream.size() >= frames * WakeWordFeatures::bands) break;
  }
  stream.resize(std::min(stream.size(), frames * WakeWordFeatures::bands));
  return stream;
}

TEST(StreamedWakeWord, KeepsToItsBarOfWorkAndMemory) {
  MOTE_NEED_SHARED("models/str_ww_ref_model.tflite");
  for (const char* isa : kSmall) {
    const program::Program program = streamed("str_ww_ref_model", {.axis = 1, .hop = 1}, isa);
    EXPECT_LE(program::macs(program), 50'000) << isa;
    EXPECT_LE(program.arena_bytes, 4'400) << isa << ", of 6 kB in all: the rest is for the stack";
    std::cout << isa << ": " << program::macs(program) << " MACs a frame, an arena of "
              << program.arena_bytes << " B\n";
  }
}

TEST(StreamedWakeWord, IsTheWindowedModelOverTenThousandRandomFrames) {
  MOTE_NEED_SHARED("models/str_ww_ref_model.tflite");
  EXPECT_EQ(first_stream_difference(windowed("str_ww_ref_model"),
                                    streamed("str_ww_ref_model", {.axis = 1, .hop = 1}), 1, 10'000,
                                    random_bytes()),
            "");
}

TEST(StreamedWakeWord, IsTheWindowedModelWithAllKernelsOfMicrocontrollers) {
  MOTE_NEED_SHARED("models/str_ww_ref_model.tflite");
  for (const char* isa : kSmall)
    EXPECT_EQ(first_stream_difference(windowed("str_ww_ref_model"),
                                      streamed("str_ww_ref_model", {.axis = 1, .hop = 1}, isa), 1,
                                      1'000, random_bytes()),
              "")
        << isa;
}

TEST(StreamedWakeWord, IsTheWindowedModelOverTenThousandFramesOfSpeech) {
  MOTE_NEED_SHARED("models/str_ww_ref_model.tflite");
  MOTE_NEED_SHARED("data/speech/longspeech");
  auto features = speech_features(10'000);
  if (features.empty()) GTEST_SKIP() << "recordings cannot be decoded here";
  const int frames = static_cast<int>(features.size()) / WakeWordFeatures::bands;
  EXPECT_EQ(frames, 10'000);
  EXPECT_EQ(first_stream_difference(windowed("str_ww_ref_model"),
                                    streamed("str_ww_ref_model", {.axis = 1, .hop = 1}), 1, frames,
                                    from(std::move(features))),
            "");
}

TEST(StreamedWakeWord, TakesSeveralFramesAtOnce) {
  MOTE_NEED_SHARED("models/str_ww_ref_model.tflite");
  for (int hop : {2, 3, 5, 10})
    EXPECT_EQ(first_stream_difference(windowed("str_ww_ref_model"),
                                      streamed("str_ww_ref_model", {.axis = 1, .hop = hop}), 1, 300,
                                      random_bytes()),
              "")
        << hop;
}

TEST(StreamedKeywords, AreTheWindowedModelThoughItsLayersHaveBorders) {
  MOTE_NEED_SHARED("models/kws_ref_model.tflite");
  const program::Program whole = windowed("kws_ref_model");
  const program::Program program = streamed("kws_ref_model", {.axis = 1, .hop = 2});
  EXPECT_LT(program::macs(program), program::macs(whole) / 2);
  std::cout << program::macs(program) << " MACs for two frames, an arena of " << program.arena_bytes
            << " B; whole windows: " << program::macs(whole) << " MACs, " << whole.arena_bytes
            << " B\n";
  EXPECT_EQ(first_stream_difference(whole, program, 1, 1'000, random_bytes()), "");
}

TEST(StreamedKeywords, AreTheWindowedModelOverRealFeatures) {
  MOTE_NEED_SHARED("models/kws_ref_model.tflite");
  MOTE_NEED_SHARED("data/kws_mfcc");
  const auto stream = joined(files_in(shared_folder() / "data/kws_mfcc", ".bin"));
  const int runs = std::min(2'000, static_cast<int>(stream.size() / 20));
  EXPECT_EQ(runs, 2'000);
  EXPECT_EQ(first_stream_difference(windowed("kws_ref_model"),
                                    streamed("kws_ref_model", {.axis = 1, .hop = 2}), 1, runs,
                                    from(stream)),
            "");
}

TEST(StreamedKeywords, TakeNoOddHop) {
  MOTE_NEED_SHARED("models/kws_ref_model.tflite");
  const Error error = refusal("kws_ref_model", {.axis = 1, .hop = 1});
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("--stream=1,2 works"));
}

TEST(StreamedKeywords, OfFloatsAreRefusedWhereTheyAreQuantisedByTheWindow) {
  MOTE_NEED_SHARED("models/kws_ref_model_float32.tflite");
  EXPECT_THAT(refusal("kws_ref_model_float32", {.axis = 1, .hop = 2}).message,
              HasSubstr("scales its input by the largest number of the whole window"));
}

TEST(StreamedMicroSpeech, FindsItsFramesInAFlatInput) {
  MOTE_NEED_SHARED("models/micro_speech_quantized.tflite");
  EXPECT_THAT(refusal("micro_speech_quantized", {.axis = 1, .hop = 40}).message,
              HasSubstr("--stream=1,80 works"));
  const program::Program whole = windowed("micro_speech_quantized");
  const program::Program program = streamed("micro_speech_quantized", {.axis = 1, .hop = 80});
  std::cout << program::macs(program) << " MACs for two frames, an arena of " << program.arena_bytes
            << " B; whole windows: " << program::macs(whole) << " MACs, " << whole.arena_bytes
            << " B\n";
  EXPECT_LT(program::macs(program), program::macs(whole) / 3);
  EXPECT_EQ(first_stream_difference(whole, program, 1, 1'000, random_bytes()), "");
}

TEST(StreamedModels, AreTheWindowedOnesOrRefusedWithAReason) {
  MOTE_NEED_SHARED("models");
  int streams = 0, refusals = 0;
  for (const std::string& path : files_in(shared_folder() / "models", ".tflite")) {
    const std::string name = fs::path(path).stem().string();
    for (const passes::Stream& stream : {passes::Stream{1, 2}, passes::Stream{1, 32}}) {
      const std::string isa((*dispatch::choose_table(""))->isa);
      const auto whole = compiler::compile(load(name), {.isa = isa});
      const auto program = compiler::compile(load(name), {.isa = isa, .stream = stream});
      if (!whole) continue;  // nothing to stream
      SCOPED_TRACE(cat(name, " by ", stream.hop));
      std::cout << name << " --stream=1," << stream.hop << ": "
                << (program ? cat(program::macs(*program), " of ", program::macs(*whole),
                                  " MACs, an arena of ", program->arena_bytes, " instead of ",
                                  whole->arena_bytes, " B")
                            : program.error().message)
                << "\n";
      if (!program) {
        EXPECT_THAT(program.error().message, HasSubstr("--stream"));
        ++refusals;
        continue;
      }
      const int runs = program::macs(*whole) > 50'000'000 ? 3 : 60;
      EXPECT_EQ(first_stream_difference(*whole, *program, stream.axis, runs, random_bytes()), "");
      ++streams;
    }
  }
  EXPECT_GT(streams, 3);
  EXPECT_GT(refusals, 3);
}

}  // namespace
}  // namespace mote::tests
