#pragma once

#include "mote/program/field.h"

/// Attributes of element-wise operators, activations and normalisations. Offsets are minus an
/// input's and plus an output's zero point; a multiplier is in Q31, its shift a power of two.
namespace mote::program {

/// ADD, SUB and SQUARED_DIFFERENCE on int8 and int16: both inputs at one scale, then the output's.
struct AlignedScalesAttrs {
  int left_shift = 0, input1_offset = 0, input1_multiplier = 0, input1_shift = 0, input2_offset = 0,
      input2_multiplier = 0, input2_shift = 0, output_offset = 0, output_multiplier = 0,
      output_shift = 0, act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = AlignedScalesAttrs;
    return std::tuple{Field{"left_shift", &A::left_shift},
                      Field{"input1_offset", &A::input1_offset},
                      Field{"input1_multiplier", &A::input1_multiplier},
                      Field{"input1_shift", &A::input1_shift},
                      Field{"input2_offset", &A::input2_offset},
                      Field{"input2_multiplier", &A::input2_multiplier},
                      Field{"input2_shift", &A::input2_shift},
                      Field{"output_offset", &A::output_offset},
                      Field{"output_multiplier", &A::output_multiplier},
                      Field{"output_shift", &A::output_shift},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// ADD on int8 as clamp(((a low1 + b low2 + low >> 15) + a high1 + b high2 + high) >> shift): two
/// factors and an addend of 30 bits and more, in parts that 16-bit multiplications take.
struct LinearSumAttrs {
  int low1 = 0, low2 = 0, low = 0, high1 = 0, high2 = 0, high = 0, shift = 0, act_min = 0,
      act_max = 0;
  static constexpr auto fields() {
    using A = LinearSumAttrs;
    return std::tuple{
        Field{"low1", &A::low1},   Field{"low2", &A::low2},       Field{"low", &A::low},
        Field{"high1", &A::high1}, Field{"high2", &A::high2},     Field{"high", &A::high},
        Field{"shift", &A::shift}, Field{"act_min", &A::act_min}, Field{"act_max", &A::act_max}};
  }
};

/// MUL and DIV on int8 and int16.
struct ProductAttrs {
  int input1_offset = 0, input2_offset = 0, output_offset = 0, output_multiplier = 0,
      output_shift = 0, act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = ProductAttrs;
    return std::tuple{Field{"input1_offset", &A::input1_offset},
                      Field{"input2_offset", &A::input2_offset},
                      Field{"output_offset", &A::output_offset},
                      Field{"output_multiplier", &A::output_multiplier},
                      Field{"output_shift", &A::output_shift},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// Bounds of the output of an int32 or int16 kernel.
struct ActivationAttrs {
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = ActivationAttrs;
    return std::tuple{Field{"act_min", &A::act_min}, Field{"act_max", &A::act_max}};
  }
};

/// From one integer scale to another.
struct RescaleAttrs {
  int input_offset = 0, output_offset = 0, multiplier = 0, shift = 0, act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = RescaleAttrs;
    return std::tuple{
        Field{"input_offset", &A::input_offset}, Field{"output_offset", &A::output_offset},
        Field{"multiplier", &A::multiplier},     Field{"shift", &A::shift},
        Field{"act_min", &A::act_min},           Field{"act_max", &A::act_max}};
  }
};

/// A factor and nothing else.
struct MultiplierAttrs {
  int multiplier = 0, shift = 0;
  static constexpr auto fields() {
    using A = MultiplierAttrs;
    return std::tuple{Field{"multiplier", &A::multiplier}, Field{"shift", &A::shift}};
  }
};

/// real = scale * (integer - zero_point).
struct ScaleAttrs {
  float scale = 0;
  int zero_point = 0;
  static constexpr auto fields() {
    using A = ScaleAttrs;
    return std::tuple{Field{"scale", &A::scale}, Field{"zero_point", &A::zero_point}};
  }
};

/// LEAKY_RELU on int16; alpha_sign is 1 or -1.
struct LeakyReluAttrs {
  int input_offset = 0, output_offset = 0, identity_multiplier = 0, identity_shift = 0,
      alpha_multiplier = 0, alpha_shift = 0, alpha_sign = 0;
  static constexpr auto fields() {
    using A = LeakyReluAttrs;
    return std::tuple{Field{"input_offset", &A::input_offset},
                      Field{"output_offset", &A::output_offset},
                      Field{"identity_multiplier", &A::identity_multiplier},
                      Field{"identity_shift", &A::identity_shift},
                      Field{"alpha_multiplier", &A::alpha_multiplier},
                      Field{"alpha_shift", &A::alpha_shift},
                      Field{"alpha_sign", &A::alpha_sign}};
  }
};

/// LEAKY_RELU on floats.
struct FloatAlphaAttrs {
  float alpha = 0;
  static constexpr auto fields() {
    using A = FloatAlphaAttrs;
    return std::tuple{Field{"alpha", &A::alpha}};
  }
};

/// PRELU on int8 and int16.
struct PreluAttrs {
  int input_offset = 0, alpha_offset = 0, output_offset = 0, identity_multiplier = 0,
      identity_shift = 0, alpha_multiplier = 0, alpha_shift = 0;
  static constexpr auto fields() {
    using A = PreluAttrs;
    return std::tuple{Field{"input_offset", &A::input_offset},
                      Field{"alpha_offset", &A::alpha_offset},
                      Field{"output_offset", &A::output_offset},
                      Field{"identity_multiplier", &A::identity_multiplier},
                      Field{"identity_shift", &A::identity_shift},
                      Field{"alpha_multiplier", &A::alpha_multiplier},
                      Field{"alpha_shift", &A::alpha_shift}};
  }
};

/// SOFTMAX on floats.
struct BetaAttrs {
  float beta = 0;
  static constexpr auto fields() {
    using A = BetaAttrs;
    return std::tuple{Field{"beta", &A::beta}};
  }
};

/// LOG_SOFTMAX on int8.
struct LogSoftmaxAttrs {
  int multiplier = 0, shift = 0, inverse_multiplier = 0, inverse_shift = 0, diff_min = 0;
  static constexpr auto fields() {
    using A = LogSoftmaxAttrs;
    return std::tuple{Field{"multiplier", &A::multiplier}, Field{"shift", &A::shift},
                      Field{"inverse_multiplier", &A::inverse_multiplier},
                      Field{"inverse_shift", &A::inverse_shift}, Field{"diff_min", &A::diff_min}};
  }
};

/// Minus the input's zero point.
struct InputOffsetAttrs {
  int input_offset = 0;
  static constexpr auto fields() {
    using A = InputOffsetAttrs;
    return std::tuple{Field{"input_offset", &A::input_offset}};
  }
};

}  // namespace mote::program
