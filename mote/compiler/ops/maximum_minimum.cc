#include <cmath>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

// The reference compares integers without looking at their scales.
Result<void> expect_comparable(const graph::Tensor& a, const graph::Tensor& b) {
  constexpr float kTolerance = 1e-5f;  // converters compute equal scales in more than one way
  if (a.zero_point() == b.zero_point() && std::abs(a.scale() - b.scale()) <= kTolerance * a.scale())
    return {};
  return unsupported(cat("'", a.name, "' has scale ", a.scale(), " and zero point ", a.zero_point(),
                         ", '", b.name, "' ", b.scale(), " and ", b.zero_point(),
                         ", expected the same; re-export the model"));
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_broadcast(graph, node));
  const graph::Tensor& a = *graph.input(node, 0);
  MOTE_TRY(expect_comparable(a, *graph.input(node, 1)));
  return expect_comparable(a, graph.output(node));
}

template <bool kMaximum>
Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const char* kernel = kMaximum ? "maximum_f32" : "minimum_f32";
  switch (graph.output(node).type) {
    case DType::kInt8:
      kernel = kMaximum ? "maximum_s8" : "minimum_s8";
      break;
    case DType::kInt16:
      kernel = kMaximum ? "maximum_s16" : "minimum_s16";
      break;
    case DType::kInt32:
      kernel = kMaximum ? "maximum_s32" : "minimum_s32";
      break;
    case DType::kInt64:
      kernel = kMaximum ? "maximum_s64" : "minimum_s64";
      break;
    default:
      break;
  }
  add_binary_call(graph, node, lowering, kernel, program::NoAttrs());
  return {};
}

constexpr auto& kSignatures =
    kBinarySignatures<DType::kInt8, DType::kInt16, DType::kInt32, DType::kInt64, DType::kFloat32>;

}  // namespace

const Op maximum = {.tflite_name = "MAXIMUM",
                    .signatures = kSignatures,
                    .min_inputs = 2,
                    .max_inputs = 2,
                    .check = check,
                    .lower = lower<true>,
                    .notes = "broadcasts; integers of one scale"};
const Op minimum = {.tflite_name = "MINIMUM",
                    .signatures = kSignatures,
                    .min_inputs = 2,
                    .max_inputs = 2,
                    .check = check,
                    .lower = lower<false>,
                    .notes = "broadcasts; integers of one scale"};

}  // namespace mote::ops
