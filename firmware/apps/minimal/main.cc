// The smallest firmware with a network: its size, less that of the app `empty`, is the network's.

#include "network.h"

namespace {

alignas(network::kArenaAlignment)
    [[gnu::section(".bss.arena")]] uint8_t arena[network::kArenaBytes];

[[maybe_unused]] void run(void (*network)(void*)) { network(arena); }
/// A network that asks for its input's rows gets none.
template <class T>
void run(void (*network)(void*, void (*read_rows)(void*, int32_t, int32_t, T*), void*)) {
  network(
      arena, [](void*, int32_t, int32_t, T*) {}, nullptr);
}

}  // namespace

int main() {
  network::reset(arena);
  run(network::run);
  return 0;
}
