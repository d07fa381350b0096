#pragma once

#include <array>

#include "mote/core/kernels/arg_extreme.h"
#include "mote/core/kernels/copy.h"
#include "mote/core/kernels/gather.h"
#include "mote/core/kernels/mirror_pad.h"
#include "mote/core/kernels/pad.h"
#include "mote/core/kernels/pool_2d.h"
#include "mote/core/kernels/reduce.h"
#include "mote/core/kernels/resize.h"
#include "mote/core/kernels/shift.h"
#include "mote/core/kernels/strided_copy.h"
#include "mote/dispatch/bind.h"

namespace mote::dispatch {

/// What carries elements from one place to another without a look at them.
template <class Isa>
constexpr auto movement_kernels() {
  using namespace program;
  return std::array{
      row<kernels::copy_s8<Isa, NoAttrs, X, X>>("copy_s8"),
      row<kernels::strided_copy_s8<Isa, StridedCopyAttrs, X, X>>("strided_copy_s8"),
      row<kernels::strided_copy_s16<Isa, StridedCopyAttrs, X, X>>("strided_copy_s16"),
      row<kernels::strided_copy_s32<Isa, StridedCopyAttrs, X, X>>("strided_copy_s32"),
      row<kernels::shift_s8<Isa, ShiftAttrs, X>>("shift_s8"),
      row<kernels::pad_s8<Isa, PadAttrs, X, X, X>>("pad_s8"),
      row<kernels::pad_s16<Isa, PadAttrs, X, X, X>>("pad_s16"),
      row<kernels::pad_s32<Isa, PadAttrs, X, X, X>>("pad_s32"),
      row<kernels::mirror_pad_s8<Isa, MirrorPadAttrs, X, X>>("mirror_pad_s8"),
      row<kernels::mirror_pad_s32<Isa, MirrorPadAttrs, X, X>>("mirror_pad_s32"),
      row<kernels::gather_s8<Isa, NoAttrs, X, X, X>>("gather_s8"),
      row<kernels::gather_s32<Isa, NoAttrs, X, X, X>>("gather_s32"),
      row<kernels::gather_nd_s8<Isa, NoAttrs, X, X, X>>("gather_nd_s8"),
      row<kernels::gather_nd_s32<Isa, NoAttrs, X, X, X>>("gather_nd_s32"),
      row<kernels::resize_nearest_s8<Isa, NoAttrs, X, X, X, X>>("resize_nearest_s8"),
      row<kernels::resize_nearest_s16<Isa, NoAttrs, X, X, X, X>>("resize_nearest_s16"),
      row<kernels::resize_nearest_s32<Isa, NoAttrs, X, X, X, X>>("resize_nearest_s32"),
      row<kernels::resize_bilinear_s8<Isa, NoAttrs, X, X, X, X>>("resize_bilinear_s8"),
      row<kernels::resize_bilinear_s8_real<Isa, NoAttrs, X, X, X, X, X, X>>(
          "resize_bilinear_s8_real"),
      row<kernels::resize_bilinear_f32<Isa, NoAttrs, X, X, X, X, X, X>>("resize_bilinear_f32"),
  };
}

/// What makes fewer elements of many.
template <class Isa>
constexpr auto reduction_kernels() {
  using namespace program;
  return std::array{
      row<kernels::average_pool_2d_s8<Isa, Pool2DAttrs, X, X>>("average_pool_2d_s8"),
      row<kernels::average_pool_2d_s8_half_up<Isa, Pool2DAttrs, X, X>>(
          "average_pool_2d_s8_half_up"),
      row<kernels::average_pool_2d_s16<Isa, Pool2DAttrs, X, X>>("average_pool_2d_s16"),
      row<kernels::average_pool_2d_f32<Isa, Pool2DFloatAttrs, X, X>>("average_pool_2d_f32"),
      row<kernels::max_pool_2d_s8<Isa, Pool2DAttrs, X, X>>("max_pool_2d_s8"),
      row<kernels::max_pool_2d_s16<Isa, Pool2DAttrs, X, X>>("max_pool_2d_s16"),
      row<kernels::max_pool_2d_f32<Isa, Pool2DFloatAttrs, X, X>>("max_pool_2d_f32"),
      row<kernels::reduce_sum_s8<Isa, ReduceSumQuantizedAttrs, X, X>>("reduce_sum_s8"),
      row<kernels::reduce_sum_s16<Isa, ReduceSumQuantizedAttrs, X, X>>("reduce_sum_s16"),
      row<kernels::reduce_sum_f32<Isa, ReduceSumAttrs, X, X>>("reduce_sum_f32"),
      row<kernels::reduce_extreme_s8<Isa, ReduceExtremeAttrs, X, X>>("reduce_extreme_s8"),
      row<kernels::reduce_extreme_f32<Isa, ReduceExtremeAttrs, X, X>>("reduce_extreme_f32"),
      row<kernels::arg_extreme_s8<Isa, ArgExtremeAttrs, X, X>>("arg_extreme_s8"),
      row<kernels::arg_extreme_f32<Isa, ArgExtremeAttrs, X, X>>("arg_extreme_f32"),
  };
}

}  // namespace mote::dispatch
