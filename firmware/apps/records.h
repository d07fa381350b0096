#pragma once

#include <stdint.h>

#include "network.h"
#include "ports.h"  // kInputs, kOutputs: where the network's tensors lie

extern "C" {
extern const uint8_t records_start[], records_end[];
extern const uint32_t runs_start[], runs_end[];
}

/// Inputs of the network that are linked in: records, each all inputs one after another as files
/// have them, and of how many records in turn each recording is. Where that is not said, of one.
class Records {
 public:
  /// Files have some tensors as unsigned bytes that the network has as signed ones.
  static constexpr uint8_t kSignBit = 0x80;

  /// Puts the next record, where there is one, to where inputs lie, at their offsets; resets the
  /// network before the first of a recording.
  bool next(uint8_t* arena, uint8_t* inputs) {
    if (record_ == records_end) return false;
    if (left_ == 0) {
      network::reset(arena);
      left_ = runs_ < runs_end ? *runs_++ : 1;
    }
    --left_;
    for (const Port& port : kInputs)
      for (int i = 0; i < port.bytes; ++i)
        inputs[port.offset + i] = static_cast<uint8_t>(*record_++ ^ (port.is_uint8 ? kSignBit : 0));
    return true;
  }

 private:
  const uint8_t* record_ = records_start;
  const uint32_t* runs_ = runs_start;
  uint32_t left_ = 0;  ///< of the recording
};
