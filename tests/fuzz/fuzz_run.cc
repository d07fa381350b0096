#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "mote/compiler/model/tflite.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mote::fuzz::run(std::as_bytes(std::span(data, size)));
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// libFuzzer's own change of bytes one time in eight; else a few changes of the model that they
/// are.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
  const auto bytes = std::as_bytes(std::span(data, size));
  auto model = mote::model::read_tflite(
      std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()), "input");
  if (!model || seed % 8 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::mt19937 random(seed);
  for (unsigned int change = 0; change <= seed % 4; ++change) mote::fuzz::mutate(*model, random);
  const auto mutant = mote::model::write_tflite(*model);
  if (!mutant || mutant->size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy(mutant->begin(), mutant->end(), reinterpret_cast<std::byte*>(data));
  return mutant->size();
}
