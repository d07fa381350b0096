// The smallest firmware with a network: its size, less that of the app `empty`, is the network's.

#include "network.h"

namespace {

alignas(network::kArenaAlignment)
    [[gnu::section(".bss.arena")]] uint8_t arena[network::kArenaBytes];

}  // namespace

int main() {
  network::reset(arena);
  network::run(arena);
  return 0;
}
