// Runs the network that is linked in: on every record that is, or on an input of its own making
// where there is none. Prints what a run takes, as key=value, and each record's outputs as bytes.

#include "board.h"
#include "firmware/apps/measure.h"
#include "firmware/apps/records.h"
#include "firmware/apps/source.h"
#include "firmware/drivers/print.h"

namespace {

alignas(network::kArenaAlignment)
    [[gnu::section(".bss.arena")]] uint8_t arena[network::kArenaBytes];

/// The same noise on every board: small numbers where the inputs are float.
void feed_noise(uint8_t* inputs) {
  uint32_t state = 1;
  for (const Port& port : kInputs)
    for (int i = 0; i < port.bytes; ++i) {
      state = state * 1664525u + 1013904223u;
      const bool is_exponent = port.is_float && i % 4 == 3;
      inputs[port.offset + i] = static_cast<uint8_t>(is_exponent ? 0x3E : state >> 24);
    }
}

void print_outputs() {
  board::write("output=");
  for (const Port& port : kOutputs)
    for (int i = 0; i < port.bytes; ++i) {
      const auto byte =
          static_cast<uint8_t>(arena[port.offset + i] ^ (port.is_uint8 ? Records::kSignBit : 0));
      drivers::print_bytes(&byte, 1);
    }
  board::write("\n");
}

void print_taken(const measure::Taken& taken) {
  board::write(board::kCounted);
  board::write("=");
  drivers::print_decimal(taken.count);
  board::write(" stack_bytes=");
  drivers::print_decimal(taken.stack_bytes);
  board::write(" arena_bytes=");
  drivers::print_decimal(network::kArenaBytes);
  board::write("\n");
}

}  // namespace

int main() {
  uint8_t* const inputs = inputs_of(network::run, arena);
  const measure::Function run = run_of(network::run);
  Records records;
  const bool has_records = records.next(arena, inputs);
  if (!has_records) {
    network::reset(arena);
    feed_noise(inputs);
  }
  const measure::Taken taken = measure::take(run, arena);
  if (taken.has_overflowed) {
    board::write("error: the stack is too small: a run used all of it\n");
    return 1;
  }
  print_taken(taken);
  if (!has_records) return 0;
  print_outputs();
  while (records.next(arena, inputs)) {
    run(arena);
    print_outputs();
  }
  return 0;
}
