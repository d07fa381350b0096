#include <mote/mote.h>

#include <cstdint>
#include <iostream>
#include <vector>

#include "tones.h"

namespace tones = product::tones;

alignas(tones::kArenaAlignment) static unsigned char arena[tones::kArenaBytes];

/// How often the emitted helpers differ from the interpreter's ports, for all codes and many reals.
static int differences(mote::Interpreter& network) {
  int count = 0;
  std::vector<float> reals(tones::Input::kElements);
  for (int round = 0; round < 200; ++round) {
    for (std::size_t i = 0; i < reals.size(); ++i)
      reals[i] =
          (static_cast<float>(round * static_cast<int>(reals.size()) + static_cast<int>(i)) / 16 -
           400) *
          tones::Input::kScale;
    if (!network.input(0).write_real(reals)) return -1;
    const auto codes = network.input(0).as<std::int8_t>();
    for (std::size_t i = 0; i < reals.size(); ++i)
      count += tones::Input::quantize(reals[i]) != (*codes)[i];
  }
  const auto out = network.output(0).as<std::int8_t>();
  for (int code = -128; code < 128; ++code) {
    (*out)[0] = static_cast<std::int8_t>(code);
    count += tones::Output::dequantize((*out)[0]) != network.output(0).read_real()[0];
  }
  return count;
}

/// A project that builds a model in: what was emitted is right, and its helpers are the
/// interpreter's.
int main(int, char** argv) {
  auto network = mote::load(argv[1]);
  if (!network) return 1;
  const int wrong = tones::self_test(arena), different = differences(*network);
  std::cout << "self test: " << wrong << ", differences: " << different << '\n';
  return wrong == -1 && different == 0 ? 0 : 1;
}
