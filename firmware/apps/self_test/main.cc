// Runs the self-test of the network that is linked in, and prints what it says: -1 where all is
// well.

#include "board.h"
#include "firmware/drivers/print.h"
#include "network.h"

namespace {

alignas(network::kArenaAlignment)
    [[gnu::section(".bss.arena")]] uint8_t arena[network::kArenaBytes];

}  // namespace

int main() {
  const int32_t result = network::self_test(arena);
  board::write("self_test=");
  drivers::print_signed(result);
  board::write("\n");
  return result == -1 ? 0 : 1;
}
