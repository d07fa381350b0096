// The least that runs a model which is already in memory:
//
//     minimal MODEL
//
// prints what the network makes of an input of zeros. tests/end_to_end holds it to 1 MB: a program
// pays for the models that it can run, and for nothing else of mote.

#include <cstdio>
#include <vector>

#include "mote/mote.h"

int main(int argc, char** argv) {
  std::FILE* file = argc == 2 ? std::fopen(argv[1], "rb") : nullptr;
  if (!file) return std::fprintf(stderr, "usage: minimal MODEL\n"), 2;
  std::vector<std::byte> model;
  for (std::size_t filled = 0, n = 1; n > 0; filled += n) {
    model.resize(filled + 65536);
    n = std::fread(model.data() + filled, 1, 65536, file);
  }

  mote::Result<mote::Interpreter> network = mote::load(model);
  if (!network) return std::fprintf(stderr, "%s\n", network.error().message.c_str()), 1;
  network->run();
  for (float value : network->output(0).read_real())
    std::printf("%g\n", static_cast<double>(value));
}
