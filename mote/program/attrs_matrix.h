#pragma once

#include "mote/program/field.h"

/// Attributes of convolutions, matrix products and recurrent layers. Offsets of inputs and filters
/// are minus their zero points, those of outputs plus; act_min and act_max are in units of the
/// output.
namespace mote::program {

/// CONV_2D and DEPTHWISE_CONV_2D on int8 and int16.
struct Conv2DAttrs {
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1, pad_top = 0, pad_left = 0;
  int input_offset = 0, filter_offset = 0, output_offset = 0;
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = Conv2DAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h},
                      Field{"stride_w", &A::stride_w},
                      Field{"dilation_h", &A::dilation_h},
                      Field{"dilation_w", &A::dilation_w},
                      Field{"pad_top", &A::pad_top},
                      Field{"pad_left", &A::pad_left},
                      Field{"input_offset", &A::input_offset},
                      Field{"filter_offset", &A::filter_offset},
                      Field{"output_offset", &A::output_offset},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int8 by tiles: the filter's shape is lost when
/// it is packed.
struct TiledAttrs {
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1, pad_top = 0, pad_left = 0;
  int filter_h = 1, filter_w = 1;
  int fold = 1;  ///< depthwise: neighbouring pixels that count as one of so many times the channels
  int phases = 1;  ///< columns of a row in memory are sorted by their number modulo this
  int input_offset = 0, filter_offset = 0, output_offset = 0;
  int act_min = 0, act_max = 0;
  int rounding = 0;  ///< an isa::Rounding
  static constexpr auto fields() {
    using A = TiledAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h},
                      Field{"stride_w", &A::stride_w},
                      Field{"dilation_h", &A::dilation_h},
                      Field{"dilation_w", &A::dilation_w},
                      Field{"pad_top", &A::pad_top},
                      Field{"pad_left", &A::pad_left},
                      Field{"filter_h", &A::filter_h},
                      Field{"filter_w", &A::filter_w},
                      Field{"fold", &A::fold},
                      Field{"phases", &A::phases},
                      Field{"input_offset", &A::input_offset},
                      Field{"filter_offset", &A::filter_offset},
                      Field{"output_offset", &A::output_offset},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max},
                      Field{"rounding", &A::rounding}};
  }
};

/// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int8 from packed streams, which hold all other
/// offsets.
struct PackedAttrs {
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1, pad_top = 0, pad_left = 0;
  int filter_h = 1, filter_w = 1;
  int input_offset = 0;
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = PackedAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h},
                      Field{"stride_w", &A::stride_w},
                      Field{"dilation_h", &A::dilation_h},
                      Field{"dilation_w", &A::dilation_w},
                      Field{"pad_top", &A::pad_top},
                      Field{"pad_left", &A::pad_left},
                      Field{"filter_h", &A::filter_h},
                      Field{"filter_w", &A::filter_w},
                      Field{"input_offset", &A::input_offset},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// The same on float32, by tiles.
struct TiledFloatAttrs {
  static constexpr int phases = 1;
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1, pad_top = 0, pad_left = 0;
  int filter_h = 1, filter_w = 1;
  float act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = TiledFloatAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h},     Field{"stride_w", &A::stride_w},
                      Field{"dilation_h", &A::dilation_h}, Field{"dilation_w", &A::dilation_w},
                      Field{"pad_top", &A::pad_top},       Field{"pad_left", &A::pad_left},
                      Field{"filter_h", &A::filter_h},     Field{"filter_w", &A::filter_w},
                      Field{"act_min", &A::act_min},       Field{"act_max", &A::act_max}};
  }
};

/// CONV_2D and DEPTHWISE_CONV_2D on float32, and their hybrid forms.
struct Conv2DFloatAttrs {
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1, pad_top = 0, pad_left = 0;
  float act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = Conv2DFloatAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h},     Field{"stride_w", &A::stride_w},
                      Field{"dilation_h", &A::dilation_h}, Field{"dilation_w", &A::dilation_w},
                      Field{"pad_top", &A::pad_top},       Field{"pad_left", &A::pad_left},
                      Field{"act_min", &A::act_min},       Field{"act_max", &A::act_max}};
  }
};

/// TRANSPOSE_CONV on int8 and int16.
struct TransposeConvAttrs {
  int stride_h = 1, stride_w = 1, pad_top = 0, pad_left = 0;
  int input_offset = 0, filter_offset = 0, output_offset = 0;
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = TransposeConvAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h},
                      Field{"stride_w", &A::stride_w},
                      Field{"pad_top", &A::pad_top},
                      Field{"pad_left", &A::pad_left},
                      Field{"input_offset", &A::input_offset},
                      Field{"filter_offset", &A::filter_offset},
                      Field{"output_offset", &A::output_offset},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// TRANSPOSE_CONV on float32.
struct TransposeConvFloatAttrs {
  int stride_h = 1, stride_w = 1, pad_top = 0, pad_left = 0;
  float act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = TransposeConvFloatAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h}, Field{"stride_w", &A::stride_w},
                      Field{"pad_top", &A::pad_top},   Field{"pad_left", &A::pad_left},
                      Field{"act_min", &A::act_min},   Field{"act_max", &A::act_max}};
  }
};

/// FULLY_CONNECTED on int8 and int16.
struct FullyConnectedAttrs {
  int input_offset = 0, filter_offset = 0, output_offset = 0;
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = FullyConnectedAttrs;
    return std::tuple{Field{"input_offset", &A::input_offset},
                      Field{"filter_offset", &A::filter_offset},
                      Field{"output_offset", &A::output_offset}, Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// BATCH_MATMUL: extents of the batch, and how many matrices further each of its axes leads.
struct BatchMatmulAttrs {
  int batch[3] = {1, 1, 1}, lhs_step[3] = {}, rhs_step[3] = {};
  static constexpr auto fields() {
    using A = BatchMatmulAttrs;
    return std::tuple{Field{"batch", &A::batch}, Field{"lhs_step", &A::lhs_step},
                      Field{"rhs_step", &A::rhs_step}};
  }
};

/// BATCH_MATMUL on int8 and int16: one scale for the whole output.
struct BatchMatmulQuantizedAttrs {
  int batch[3] = {1, 1, 1}, lhs_step[3] = {}, rhs_step[3] = {};
  int lhs_offset = 0, rhs_offset = 0, output_offset = 0;
  int multiplier = 0, shift = 0;
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = BatchMatmulQuantizedAttrs;
    return std::tuple{
        Field{"batch", &A::batch},           Field{"lhs_step", &A::lhs_step},
        Field{"rhs_step", &A::rhs_step},     Field{"lhs_offset", &A::lhs_offset},
        Field{"rhs_offset", &A::rhs_offset}, Field{"output_offset", &A::output_offset},
        Field{"multiplier", &A::multiplier}, Field{"shift", &A::shift},
        Field{"act_min", &A::act_min},       Field{"act_max", &A::act_max}};
  }
};

/// SVDF on int8; the feature multiplier leads from the dot product over features to the state.
struct SvdfAttrs {
  int input_offset = 0, state_zero_point = 0, output_offset = 0;
  int feature_multiplier = 0, feature_shift = 0;
  int act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = SvdfAttrs;
    return std::tuple{Field{"input_offset", &A::input_offset},
                      Field{"state_zero_point", &A::state_zero_point},
                      Field{"output_offset", &A::output_offset},
                      Field{"feature_multiplier", &A::feature_multiplier},
                      Field{"feature_shift", &A::feature_shift},
                      Field{"act_min", &A::act_min},
                      Field{"act_max", &A::act_max}};
  }
};

/// UNIDIRECTIONAL_SEQUENCE_LSTM on int8 and int16. Gates in the order input, forget, cell, output.
struct LstmAttrs {
  int time_major = 0;
  int input_multiplier[4] = {}, input_shift[4] = {};  ///< from sums to Q3.12
  int recurrent_multiplier[4] = {}, recurrent_shift[4] = {};
  int forget_multiplier = 0, forget_shift = 0;  ///< forget gate * cell -> cell
  int update_multiplier = 0, update_shift = 0;  ///< input gate * candidate -> cell
  int output_multiplier = 0, output_shift = 0;  ///< output gate * tanh(cell) -> output
  int output_offset = 0;
  int cell_clip = 0;                        ///< in the cell's units; 0: none
  int tanh_multiplier = 0, tanh_shift = 0;  ///< from the cell to the table's steps
  static constexpr auto fields() {
    using A = LstmAttrs;
    return std::tuple{Field{"time_major", &A::time_major},
                      Field{"input_multiplier", &A::input_multiplier},
                      Field{"input_shift", &A::input_shift},
                      Field{"recurrent_multiplier", &A::recurrent_multiplier},
                      Field{"recurrent_shift", &A::recurrent_shift},
                      Field{"forget_multiplier", &A::forget_multiplier},
                      Field{"forget_shift", &A::forget_shift},
                      Field{"update_multiplier", &A::update_multiplier},
                      Field{"update_shift", &A::update_shift},
                      Field{"output_multiplier", &A::output_multiplier},
                      Field{"output_shift", &A::output_shift},
                      Field{"output_offset", &A::output_offset},
                      Field{"cell_clip", &A::cell_clip},
                      Field{"tanh_multiplier", &A::tanh_multiplier},
                      Field{"tanh_shift", &A::tanh_shift}};
  }
};

/// UNIDIRECTIONAL_SEQUENCE_LSTM on float32; a cell_clip of 0 does not clip.
struct LstmFloatAttrs {
  int time_major = 0;
  float cell_clip = 0;
  static constexpr auto fields() {
    using A = LstmFloatAttrs;
    return std::tuple{Field{"time_major", &A::time_major}, Field{"cell_clip", &A::cell_clip}};
  }
};

/// GRU on int8 and int16. Gates in the order update, reset, candidate.
struct GruAttrs {
  int time_major = 0;
  int linear_before_reset = 0;
  int input_multiplier[3] = {}, input_shift[3] = {};  ///< from sums to Q3.12
  int recurrent_multiplier[3] = {}, recurrent_shift[3] = {};
  int output_multiplier = 0, output_shift = 0;  ///< from the state's 1/32768 to the output
  int output_offset = 0;
  static constexpr auto fields() {
    using A = GruAttrs;
    return std::tuple{Field{"time_major", &A::time_major},
                      Field{"linear_before_reset", &A::linear_before_reset},
                      Field{"input_multiplier", &A::input_multiplier},
                      Field{"input_shift", &A::input_shift},
                      Field{"recurrent_multiplier", &A::recurrent_multiplier},
                      Field{"recurrent_shift", &A::recurrent_shift},
                      Field{"output_multiplier", &A::output_multiplier},
                      Field{"output_shift", &A::output_shift},
                      Field{"output_offset", &A::output_offset}};
  }
};

/// GRU on float32.
struct GruFloatAttrs {
  int time_major = 0;
  int linear_before_reset = 0;
  static constexpr auto fields() {
    using A = GruFloatAttrs;
    return std::tuple{Field{"time_major", &A::time_major},
                      Field{"linear_before_reset", &A::linear_before_reset}};
  }
};

}  // namespace mote::program
