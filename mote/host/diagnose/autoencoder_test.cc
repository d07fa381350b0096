#include "mote/host/diagnose/autoencoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "mote/host/diagnose/diagnose.h"
#include "mote/host/sources/wav.h"
#include "tests/support/programs.h"

namespace mote::diagnose {
namespace {

using testing::HasSubstr;

/// A dense layer of `inputs` features to `outputs`: the identity times `gain`.
runtime::Interpreter dense(int inputs, int outputs, float gain) {
  tests::GraphBuilder b;
  std::vector<float> weights(static_cast<std::size_t>(inputs) * outputs);
  for (int i = 0; i < std::min(inputs, outputs); ++i) weights[i * inputs + i] = gain;
  const int in = b.input(DType::kFloat32, {1, inputs});
  const int out = b.value(DType::kFloat32, {1, outputs});
  b.node("FULLY_CONNECTED",
         {in, b.constant(weights, {outputs, inputs}),
          b.constant(std::vector<float>(outputs), {outputs})},
         {out});
  b.output(out);
  return tests::interpreter_of(b);
}

std::string refusal(runtime::Interpreter network) {
  const auto autoencoder = Autoencoder::create(std::move(network));
  return autoencoder ? "no error" : autoencoder.error().message;
}

TEST(Autoencoder, ReconstructsWithItsNetwork) {
  auto autoencoder = Autoencoder::create(dense(3, 3, 0.5f));
  ASSERT_TRUE(autoencoder) << autoencoder.error().message;
  EXPECT_EQ(autoencoder->width(), 3);
  const float z[3] = {1, -2, 4};
  float out[3];
  autoencoder->reconstruct(z, out);
  EXPECT_THAT(out, testing::ElementsAre(0.5f, -1.0f, 2.0f));
}

TEST(Autoencoder, RefusesANetworkThatIsNone) {
  EXPECT_EQ(refusal(dense(4, 3, 1)),
            "the model makes 3 numbers of 4, expected as many as it takes, and at most 32: the "
            "features of an axis");
  EXPECT_THAT(refusal(dense(33, 33, 1)), HasSubstr("makes 33 numbers of 33"));
}

TEST(Autoencoder, RefusesWindowsWithOtherFeatures) {
  const auto autoencoder = Autoencoder::create(dense(16, 16, 1));
  EXPECT_TRUE(autoencoder->check_fits({.window = 4096, .axes = 3, .sample_rate_hz = 12800}));
  const auto fits = autoencoder->check_fits({.window = 1024, .axes = 3, .sample_rate_hz = 12800});
  ASSERT_FALSE(fits);
  EXPECT_THAT(fits.error().message, HasSubstr("takes 16 features an axis, windows of 1024 frames"));
}

/// Noise that becomes four times as loud half way.
File louder_noise() {
  std::mt19937 random(6);
  std::normal_distribution<float> gaussian(0, 1);
  sources::Recording r{.name = "a.wav",
                       .axes = sources::default_axes(1),
                       .sample_rate_hz = 1000,
                       .samples = {},
                       .unit = ""};
  for (int i = 0; i < 60000; ++i) r.samples.push_back(gaussian(random) * (i < 30000 ? 1 : 4));
  return {"a.wav", sources::encode_wav(r, sources::WavSample::kFloat32)};
}

// A network that gives back nothing leaves everything: the score is the features' mean square, and
// finds what moved. One that gives back all it is shown leaves only what is beyond that.
TEST(Autoencoder, ScoresByWhatTheNetworkLeaves) {
  auto nothing = Autoencoder::create(dense(12, 12, 0)), all = Autoencoder::create(dense(12, 12, 1));
  Options options{.window = 256};
  options.autoencoder = &*nothing;
  const auto found = diagnose({.recording = louder_noise()}, options);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(found->ever_alarmed());
  EXPECT_NEAR(found->windows[found->episodes[0].since].window.t_s, 30, 1);
  EXPECT_NEAR(found->windows[5].score, 1.0, 0.6);
  options.autoencoder = &*all;
  const auto blind = diagnose({.recording = louder_noise()}, options);
  ASSERT_TRUE(blind) << blind.error().message;
  EXPECT_LT(blind->windows[5].score, 0.01);
}

}  // namespace
}  // namespace mote::diagnose
