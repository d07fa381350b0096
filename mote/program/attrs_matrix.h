#pragma once

#include "mote/program/field.h"

/// Attributes of convolutions, matrix products and recurrent layers.
namespace mote::program {

/// FULLY_CONNECTED on int8 and int16.
struct FullyConnectedAttrs {
  int input_offset = 0, filter_offset = 0,
      output_offset = 0;         ///< minus, minus, plus the zero points
  int act_min = 0, act_max = 0;  ///< in units of the output
  static constexpr auto fields() {
    using A = FullyConnectedAttrs;
    return std::tuple{Field{"input_offset", &A::input_offset},
                      Field{"filter_offset", &A::filter_offset},
                      Field{"output_offset", &A::output_offset}, Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

}  // namespace mote::program
