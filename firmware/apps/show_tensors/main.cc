// Runs the network that is linked in on every record, and prints each value that it makes as soon
// as it is there: "tensor=NUMBER BYTES" and, where a run ends, "run".

#include "board.h"
#include "firmware/apps/records.h"
#include "firmware/apps/source.h"
#include "firmware/drivers/print.h"

namespace {

alignas(network::kArenaAlignment)
    [[gnu::section(".bss.arena")]] uint8_t arena[network::kArenaBytes];

void show(int32_t tensor, const void* bytes, int32_t count) {
  board::write("tensor=");
  drivers::print_signed(tensor);
  board::write(" ");
  drivers::print_bytes(static_cast<const uint8_t*>(bytes), count);
  board::write("\n");
}

}  // namespace

int main() {
  uint8_t* const inputs = inputs_of(network::run, arena);
  Records records;
  while (records.next(arena, inputs)) {
    run_watched_of(network::run_watched, arena, show);
    board::write("run\n");
  }
  return 0;
}
