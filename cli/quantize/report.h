#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/quantize/examples.h"
#include "mote/compiler/quantize/quantize.h"
#include "mote/support/json.h"

/// What `mote quantize` says about what it made.
namespace mote::cli {

struct QuantizeReport {
  std::string model, out;  ///< files
  std::int64_t bytes_before = 0, bytes_after = 0;
  const Examples& examples;
  const quantize::Options& options;
  std::vector<std::string> notes;  ///< what was written in another way, a sentence each
  const quantize::Quantized& result;
};

/// A line an operator, then what came of the whole network.
void print_quantized(std::ostream& out, const QuantizeReport& report);
Json quantized_json(const QuantizeReport& report);

}  // namespace mote::cli
