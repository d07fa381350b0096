#include "mote/core/kernels/isa/avx512vnni.h"

#include "mote/core/kernels/depthwise_conv_2d_columns.h"
#include "mote/dispatch/kernels_tiled.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() {
  return kAvx2Table.runs_here() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}

/// For TileLayout::across_channels, dot_channels and interleaves_rows.
constexpr auto special_kernels() {
  using namespace program;
  using namespace kernels;
  using Isa = isa::Avx512Vnni;
  return std::array{row<conv_2d_across_s8<Isa, TiledAttrs, X, X, X, X>>("conv_2d_across_s8"),
                    row<conv_2d_dots_s8<Isa, TiledAttrs, X, X, X, X>>("conv_2d_dots_s8"),
                    row<depthwise_conv_2d_columns_s8<Isa, TiledAttrs, X, X, X, X>>(
                        "depthwise_conv_2d_columns_s8")};
}

constexpr auto kKernels = join(tiled_kernels<isa::Avx512Vnni>(), special_kernels());

}  // namespace

// What has no tiles is left to AVX2: floats and 16 bits.
const KernelTable kAvx512VnniTable = {.isa = "avx512vnni",
                                      .needs = "AVX-512 F, BW, DQ, VL and VNNI",
                                      .runs_here = runs_here,
                                      .rows = kKernels,
                                      .fallback = &kAvx2Table};

}  // namespace mote::dispatch
