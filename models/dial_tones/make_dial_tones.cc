// Writes dial_tones.tflite, labels.txt and key_5.wav into a folder: `mote_make_dial_tones DIR`.

#include <cmath>
#include <cstring>
#include <iostream>

#include "models/dial_tones/dial_tones.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::models {
namespace {

void append(std::vector<std::byte>& out, const void* data, std::size_t bytes) {
  const auto* begin = static_cast<const std::byte*>(data);
  out.insert(out.end(), begin, begin + bytes);
}

/// A RIFF/WAVE file of 16-bit mono samples.
std::vector<std::byte> wav(const std::vector<float>& samples) {
  const auto data_bytes = static_cast<std::uint32_t>(2 * samples.size());
  const std::uint32_t riff_bytes = 36 + data_bytes, format_bytes = 16, rate = kDialRateHz;
  const std::uint32_t bytes_per_second = 2 * rate;
  const std::uint16_t format[] = {1, 1}, block[] = {2, 16};  // PCM, mono; 2 B a frame, 16 bits
  std::vector<std::byte> out;
  append(out, "RIFF", 4);
  append(out, &riff_bytes, 4);
  append(out, "WAVEfmt ", 8);
  append(out, &format_bytes, 4);
  append(out, format, 4);
  append(out, &rate, 4);
  append(out, &bytes_per_second, 4);
  append(out, block, 4);
  append(out, "data", 4);
  append(out, &data_bytes, 4);
  for (float sample : samples) {
    const auto s16 = static_cast<std::int16_t>(std::lround(sample * 32767));
    append(out, &s16, 2);
  }
  return out;
}

Result<void> write_all(const std::string& folder) {
  const auto model = model::write_tflite(dial_tones_model());
  if (!model) return tl::unexpected(model.error());
  MOTE_TRY(write_file(cat(folder, "/dial_tones.tflite"), *model));
  std::string labels;
  for (int k = 0; k < kDialKeyCount; ++k) labels += cat("key ", kDialKeys[k], "\n");
  labels += "silence\n";
  MOTE_TRY(write_file(cat(folder, "/labels.txt"), std::as_bytes(std::span(labels))));
  const int five = static_cast<int>(std::strchr(kDialKeys, '5') - kDialKeys);
  return write_file(cat(folder, "/key_5.wav"),
                    wav(dial_tone(five, 0.4f, /*phase=*/1, /*noise=*/0.05f, /*seed=*/5)));
}

}  // namespace
}  // namespace mote::models

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: mote_make_dial_tones DIR\n";
    return 2;
  }
  const auto result = mote::models::write_all(argv[1]);
  if (result) return 0;
  std::cerr << "mote_make_dial_tones: " << result.error().message << "\n";
  return 1;
}
