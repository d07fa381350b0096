#pragma once

#include <cstdint>
#include <tuple>
#include <variant>

#include "mote/core/base/extents.h"

/// What each kernel wants to know besides its operands, as structs of numbers.
///
/// A kernel is a template over its attributes: the interpreter passes these structs, emitted code
/// passes structs with the same member names as compile-time constants. `fields()` lists the
/// members by name, so that they can be printed without knowing the operator.
namespace mote::program {

/// A member and its name. Members are int, float or arrays of int.
template <class Attrs, class Member>
struct Field {
  const char* name;
  Member Attrs::*member;
};
template <class Attrs, class Member>
Field(const char*, Member Attrs::*) -> Field<Attrs, Member>;

/// For kernels whose operands say everything.
struct NoAttrs {
  static constexpr auto fields() { return std::tuple{}; }
};

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

/// Activation bounds of a float kernel.
struct FloatActivationAttrs {
  float act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = FloatActivationAttrs;
    return std::tuple{Field{"act_min", &A::act_min}, Field{"act_max", &A::act_max}};
  }
};

using Attributes = std::variant<NoAttrs, FullyConnectedAttrs, FloatActivationAttrs>;

}  // namespace mote::program
