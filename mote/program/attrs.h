#pragma once

#include <cstdint>
#include <tuple>
#include <variant>

#include "mote/core/base/extents.h"
#include "mote/program/attrs_elementwise.h"
#include "mote/program/attrs_matrix.h"
#include "mote/program/attrs_movement.h"
#include "mote/program/field.h"

/// What each kernel wants to know besides its operands, as structs of numbers.
///
/// A kernel is a template over its attributes: the interpreter passes these structs, emitted code
/// passes structs with the same member names as compile-time constants. `fields()` lists the
/// members by name, so that they can be printed without knowing the operator.
namespace mote::program {

/// For kernels whose operands say everything.
struct NoAttrs {
  static constexpr auto fields() { return std::tuple{}; }
};

/// Activation bounds of a float kernel.
struct FloatActivationAttrs {
  float act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = FloatActivationAttrs;
    return std::tuple{Field{"act_min", &A::act_min}, Field{"act_max", &A::act_max}};
  }
};

using Attributes =
    std::variant<NoAttrs, FullyConnectedAttrs, Conv2DAttrs, TiledAttrs, PackedAttrs,
                 TiledFloatAttrs, Conv2DFloatAttrs, TransposeConvAttrs, TransposeConvFloatAttrs,
                 BatchMatmulAttrs, BatchMatmulQuantizedAttrs, SvdfAttrs, LstmAttrs, LstmFloatAttrs,
                 FloatActivationAttrs, StridedCopyAttrs, ShiftAttrs, PadAttrs, MirrorPadAttrs,
                 Pool2DAttrs, Pool2DFloatAttrs, ReduceExtremeAttrs, ReduceSumAttrs,
                 ReduceSumQuantizedAttrs, ArgExtremeAttrs, AlignedScalesAttrs, LinearSumAttrs,
                 ProductAttrs, ActivationAttrs, RescaleAttrs, MultiplierAttrs, ScaleAttrs,
                 LeakyReluAttrs, FloatAlphaAttrs, PreluAttrs, BetaAttrs, LogSoftmaxAttrs,
                 InputOffsetAttrs, GruAttrs, GruFloatAttrs>;

}  // namespace mote::program
