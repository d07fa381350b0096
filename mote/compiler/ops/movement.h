#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mote/compiler/ops/op.h"
#include "mote/support/result.h"

/// What operators that move elements have in common.
namespace mote::ops {

/// "int8", "float32": the label of a signature whose tensors all have one type.
constexpr std::string_view label_of(DType type) {
  switch (type) {
    case DType::kFloat32:
      return "float32";
    case DType::kInt8:
      return "int8";
    case DType::kUint8:
      return "uint8";
    case DType::kInt16:
      return "int16";
    case DType::kUint16:
      return "uint16";
    case DType::kInt32:
      return "int32";
    case DType::kUint32:
      return "uint32";
    case DType::kInt64:
      return "int64";
    case DType::kUint64:
      return "uint64";
    case DType::kBool:
      return "bool";
  }
  return "?";
}

/// A row for each type of the output; that the inputs have the same one is up to check().
template <DType... kTypes>
inline constexpr Signature kSignaturesOf[] = {
    {.label = label_of(kTypes), .inputs = {}, .output = kTypes}...};

/// A part of a tensor carried to a part of another: element (i0, i1, ...) goes from in_start + sum
/// i_k * in_strides[k] to out_start + sum i_k * out_strides[k]. In elements.
struct Copy {
  std::vector<int> extents, in_strides, out_strides;
  int in_start = 0, out_start = 0;
};

/// The same copy with as few dimensions as it can be said in: those of extent 1 left out,
/// neighbours that continue each other merged.
Copy simplify(const Copy& copy);

/// The call that runs `copy` on tensors of the current subgraph, with elements of up to 4 B at
/// once. `in` may be any operand of the same element size, so that a constant can be spread.
void add_copy(Lowering& lowering, DraftOperand in, DraftOperand out, const Copy& copy);

/// The distance between neighbours along each dimension of a dense tensor.
std::vector<int> strides_of(std::span<const int> shape);

/// A tensor seen as [outer, extent, inner] around one axis.
struct AxisView {
  int outer = 1, extent = 1, inner = 1;
};
AxisView around(std::span<const int> shape, int axis);

/// An axis counted from the front; negative ones count from the back.
/// @returns kBadInput when it is not within [-rank, rank).
Result<int> resolve_axis(std::int64_t axis, std::size_t rank);

/// The elements of a constant INT32 or INT64 tensor.
/// @returns kUnsupported when it is computed at run time, kBadInput when it is left out or of
/// another type; `what` names it ("the paddings").
Result<std::vector<std::int64_t>> constant_integers(const graph::Tensor* tensor,
                                                    std::string_view what);

/// That both tensors have one element type.
Result<void> expect_same_type(const graph::Tensor& a, const graph::Tensor& b);
/// That the tensor has this shape.
Result<void> expect_shape(const graph::Tensor& tensor, std::span<const int> shape);
/// That integers of both tensors mean the same real numbers.
Result<void> expect_same_quantization(const graph::Tensor& a, const graph::Tensor& b);

}  // namespace mote::ops
