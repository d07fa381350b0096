#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/measure/roofline.h"
#include "bench/peer/ort.h"
#include "mote/support/result.h"

/// One network, run by mote and by ONNX Runtime in turns.
namespace mote::bench {

/// How alike two engines' outputs are, over some inputs.
struct Agreement {
  int inputs = 0, same_best = 0;  ///< how many inputs; for how many the largest output is the same
  double largest = 0;  ///< difference, in units of an output's last place; of the largest
                       ///< magnitude for floats
};

struct Entry {
  std::string name;
  std::int64_t macs = 0, weight_bytes = 0;
  double mote_s = 0;   ///< median of one inference
  double bound_s = 0;  ///< the roofline's; 0: not known, or not an integer network
  double peer_s = 0;   ///< ONNX Runtime's median; 0: there is no peer
  double ratio = 0;    ///< peer over mote, the median over turns
  double goal = 0;     ///< the ratio that is aimed at; 0: none is named
  std::string isa;     ///< mote's
  Agreement agreement;
};

struct Contest {
  OrtLibrary* peer = nullptr;  ///< nullptr: mote alone
  std::string examples;        ///< a folder of inputs, NAME/*.in.bin; empty: random ones only
  double seconds = 1;          ///< a network's share
};

/// @returns kUnsupported where the peer cannot run the network, or disagrees with mote by more than
/// a few units: then its time says nothing.
Result<Entry> hold(const Contest& contest, const std::string& model, const Roofline& roofline);

}  // namespace mote::bench
