#pragma once

#include <tuple>

#include "mote/program/field.h"

/// Attributes of kernels that move, pool and reduce elements.
namespace mote::program {

/// CONCATENATION, SPLIT, SLICE, TRANSPOSE and their kin. In elements.
struct StridedCopyAttrs {
  int extents[6] = {1, 1, 1, 1, 1, 1}, in_strides[6] = {}, out_strides[6] = {};
  int in_start = 0, out_start = 0;
  static constexpr auto fields() {
    using A = StridedCopyAttrs;
    return std::tuple{Field{"extents", &A::extents}, Field{"in_strides", &A::in_strides},
                      Field{"out_strides", &A::out_strides}, Field{"in_start", &A::in_start},
                      Field{"out_start", &A::out_start}};
  }
};

/// State that keeps the last columns of a stream. In bytes.
struct ShiftAttrs {
  int rows = 1, pitch = 0;  ///< rows begin so far apart
  int length = 0, by = 0;   ///< of each row
  static constexpr auto fields() {
    using A = ShiftAttrs;
    return std::tuple{Field{"rows", &A::rows}, Field{"pitch", &A::pitch},
                      Field{"length", &A::length}, Field{"by", &A::by}};
  }
};

/// PAD and PADV2. In elements.
struct PadAttrs {
  int in_extents[6] = {1, 1, 1, 1, 1, 1}, out_extents[6] = {1, 1, 1, 1, 1, 1}, before[6] = {};
  static constexpr auto fields() {
    using A = PadAttrs;
    return std::tuple{Field{"in_extents", &A::in_extents}, Field{"out_extents", &A::out_extents},
                      Field{"before", &A::before}};
  }
};

/// MIRROR_PAD. In elements.
struct MirrorPadAttrs {
  int in_extents[6] = {1, 1, 1, 1, 1, 1}, out_extents[6] = {1, 1, 1, 1, 1, 1}, before[6] = {};
  int edge = 0;  ///< 1: the outermost element is not repeated (REFLECT)
  static constexpr auto fields() {
    using A = MirrorPadAttrs;
    return std::tuple{Field{"in_extents", &A::in_extents}, Field{"out_extents", &A::out_extents},
                      Field{"before", &A::before}, Field{"edge", &A::edge}};
  }
};

/// Pooling on int8 and int16.
struct Pool2DAttrs {
  int stride_h = 1, stride_w = 1, filter_h = 1, filter_w = 1, pad_top = 0, pad_left = 0;
  int act_min = 0, act_max = 0;  ///< in units of the output
  static constexpr auto fields() {
    using A = Pool2DAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h}, Field{"stride_w", &A::stride_w},
                      Field{"filter_h", &A::filter_h}, Field{"filter_w", &A::filter_w},
                      Field{"pad_top", &A::pad_top},   Field{"pad_left", &A::pad_left},
                      Field{"act_min", &A::act_min},   Field{"act_max", &A::act_max}};
  }
};

/// Pooling on float32.
struct Pool2DFloatAttrs {
  int stride_h = 1, stride_w = 1, filter_h = 1, filter_w = 1, pad_top = 0, pad_left = 0;
  float act_min = 0, act_max = 0;
  static constexpr auto fields() {
    using A = Pool2DFloatAttrs;
    return std::tuple{Field{"stride_h", &A::stride_h}, Field{"stride_w", &A::stride_w},
                      Field{"filter_h", &A::filter_h}, Field{"filter_w", &A::filter_w},
                      Field{"pad_top", &A::pad_top},   Field{"pad_left", &A::pad_left},
                      Field{"act_min", &A::act_min},   Field{"act_max", &A::act_max}};
  }
};

/// REDUCE_MAX and REDUCE_MIN.
struct ReduceExtremeAttrs {
  int kept[3] = {1, 1, 1}, kept_strides[3] = {};        ///< of the output's elements
  int reduced[3] = {1, 1, 1}, reduced_strides[3] = {};  ///< of what each of them sees
  int is_max = 0;
  static constexpr auto fields() {
    using A = ReduceExtremeAttrs;
    return std::tuple{Field{"kept", &A::kept}, Field{"kept_strides", &A::kept_strides},
                      Field{"reduced", &A::reduced}, Field{"reduced_strides", &A::reduced_strides},
                      Field{"is_max", &A::is_max}};
  }
};

/// MEAN and SUM on float32.
struct ReduceSumAttrs {
  int kept[3] = {1, 1, 1}, kept_strides[3] = {};        ///< of the output's elements
  int reduced[3] = {1, 1, 1}, reduced_strides[3] = {};  ///< of what each of them sees
  float divisor = 1;                                    ///< 1 for a sum
  static constexpr auto fields() {
    using A = ReduceSumAttrs;
    return std::tuple{Field{"kept", &A::kept}, Field{"kept_strides", &A::kept_strides},
                      Field{"reduced", &A::reduced}, Field{"reduced_strides", &A::reduced_strides},
                      Field{"divisor", &A::divisor}};
  }
};

/// MEAN and SUM on int8 and int16.
struct ReduceSumQuantizedAttrs {
  int kept[3] = {1, 1, 1}, kept_strides[3] = {};        ///< of the output's elements
  int reduced[3] = {1, 1, 1}, reduced_strides[3] = {};  ///< of what each of them sees
  int sum_offset = 0;             ///< minus the zero point, times how many are summed
  int multiplier = 0, shift = 0;  ///< divide a mean as well
  int output_offset = 0;
  static constexpr auto fields() {
    using A = ReduceSumQuantizedAttrs;
    return std::tuple{Field{"kept", &A::kept},
                      Field{"kept_strides", &A::kept_strides},
                      Field{"reduced", &A::reduced},
                      Field{"reduced_strides", &A::reduced_strides},
                      Field{"sum_offset", &A::sum_offset},
                      Field{"multiplier", &A::multiplier},
                      Field{"shift", &A::shift},
                      Field{"output_offset", &A::output_offset}};
  }
};

/// ARG_MAX and ARG_MIN.
struct ArgExtremeAttrs {
  int is_max = 0;
  static constexpr auto fields() {
    using A = ArgExtremeAttrs;
    return std::tuple{Field{"is_max", &A::is_max}};
  }
};

}  // namespace mote::program
