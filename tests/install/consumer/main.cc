#include <mote/mote.h>

#include <iostream>
#include <vector>

/// What a project that uses mote from outside does: one header, one target, one model.
int main(int, char** argv) {
  mote::Result<mote::Interpreter> network = mote::load(argv[1]);
  if (!network) {
    std::cerr << network.error().message << '\n';
    return 1;
  }
  network->run();
  const std::vector<float> scores = network->output(0).read_real();
  std::cout << scores.size() << " scores\n";
  return scores.empty() ? 1 : 0;
}
