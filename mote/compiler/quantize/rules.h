#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/parameters.h"

/// What TensorFlow Lite's quantisation specification asks of each operator.
namespace mote::quantize {

enum class Kind : std::uint8_t {
  kFree,      ///< each tensor has parameters of its own
  kWeighted,  ///< a filter of INT8 and a bias beside the input: see layers.h
  kSame,      ///< all tensors of numbers share their parameters
  kFixed,     ///< the output's parameters are given
  kIndex,     ///< reads quantised numbers, and makes plain integers
};

struct Rule {
  std::string_view op;
  Kind kind = Kind::kFree;
  bool int16 = true;  ///< whether there are kernels for INT16, too
  /// kFixed: the output's scale as one over so much, and its zero point, for INT8; for INT16 scale
  /// 1/32768.
  int steps = 0, zero_point = 0;
};

/// The rule of an operator; nullptr where it has no form for quantised numbers.
const Rule* find_rule(std::string_view op);

/// The parameters that the node's output must have, computed with `type`.
std::optional<Parameters> fixed_output(const Rule& rule, DType type);

}  // namespace mote::quantize
