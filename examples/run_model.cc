// Runs a model on numbers from the command line:
//
//     run_model MODEL NUMBER...
//
// as many real numbers as the model's first input has elements. In a project of your own:
//
//     find_package(mote REQUIRED)
//     target_link_libraries(run_model PRIVATE mote::mote)

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "mote/mote.h"

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: run_model MODEL NUMBER...\n"), 2;
  std::vector<float> numbers;
  for (int i = 2; i < argc; ++i) numbers.push_back(std::strtof(argv[i], nullptr));

  mote::Result<mote::Interpreter> network = mote::load(argv[1]);
  if (!network) return std::fprintf(stderr, "%s\n", network.error().message.c_str()), 1;

  // Real numbers go in and come out, whatever the types and scales inside the network.
  if (const auto written = network->input(0).write_real(numbers); !written)
    return std::fprintf(stderr, "%s\n", written.error().message.c_str()), 1;
  network->run();
  for (float value : network->output(0).read_real())
    std::printf("%g\n", static_cast<double>(value));
}
