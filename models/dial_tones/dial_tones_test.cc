#include "models/dial_tones/dial_tones.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/file.h"

namespace mote::models {
namespace {

class DialTones : public testing::Test {
 protected:
  DialTones() {
    auto program = compiler::compile(dial_tones_model());
    EXPECT_TRUE(program) << program.error().message;
    auto made =
        runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(*program)));
    interpreter_ = std::make_unique<runtime::Interpreter>(std::move(*made));
  }

  /// The class with the highest probability.
  int hear(const std::vector<float>& samples) {
    EXPECT_TRUE(interpreter_->input(0).write_real(samples));
    interpreter_->run();
    const auto scores = *interpreter_->output(0).as<std::int8_t>();
    return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  }

  std::unique_ptr<runtime::Interpreter> interpreter_;
};

TEST_F(DialTones, HearsEveryKeyAtAnyPhaseAndLevelInNoise) {
  for (int key = 0; key < kDialKeyCount; ++key)
    for (float amplitude : {0.25f, 0.35f, 0.45f})
      for (int phase = 0; phase < 8; ++phase)
        EXPECT_EQ(hear(dial_tone(key, amplitude, 0.785f * float(phase), /*noise=*/0.2f,
                                 /*seed=*/static_cast<std::uint32_t>(100 * key + phase))),
                  key)
            << kDialKeys[key] << " at " << amplitude;
}

TEST_F(DialTones, HearsSilenceInNoiseAlone) {
  for (std::uint32_t seed = 0; seed < 50; ++seed)
    EXPECT_EQ(hear(dial_tone(0, /*amplitude=*/0, 0, /*noise=*/0.5f, seed)), kDialKeyCount);
}

TEST_F(DialTones, HearsSilenceInTonesThatAreTooQuiet) {
  EXPECT_EQ(hear(dial_tone(0, 0.12f, 0, 0, 0)), kDialKeyCount);
}

TEST(DialTonesFile, IsWhatTheProgramMakes) {
  const auto shipped = read_file(MOTE_SOURCE_DIR "/models/dial_tones/dial_tones.tflite");
  ASSERT_TRUE(shipped) << shipped.error().message;
  const auto made = model::write_tflite(dial_tones_model());
  ASSERT_TRUE(made);
  EXPECT_EQ(*shipped, *made) << "write it anew with mote_make_dial_tones models/dial_tones";
}

}  // namespace
}  // namespace mote::models
