#include "mote/compiler/ops/movement.h"

#include <algorithm>
#include <numeric>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// Counts in units of a `factor`-th of an element, so that wide elements are carried in pieces.
Copy split_elements(Copy copy, int factor) {
  for (auto* strides : {&copy.in_strides, &copy.out_strides})
    for (int& stride : *strides) stride *= factor;
  copy.in_start *= factor, copy.out_start *= factor;
  copy.extents.push_back(factor);
  copy.in_strides.push_back(1), copy.out_strides.push_back(1);
  return simplify(copy);
}

/// Whether runs of `factor` neighbouring elements, aligned to `factor`, are always carried
/// together.
bool can_join(const Copy& copy, int factor) {
  if (copy.extents.empty() || copy.in_strides.back() != 1 || copy.out_strides.back() != 1)
    return false;
  bool fits = copy.extents.back() % factor == 0 && copy.in_start % factor == 0 &&
              copy.out_start % factor == 0;
  for (std::size_t k = 0; k + 1 < copy.extents.size(); ++k)
    fits = fits && copy.in_strides[k] % factor == 0 && copy.out_strides[k] % factor == 0;
  return fits;
}

Copy join_elements(Copy copy, int factor) {
  copy.extents.back() /= factor;
  for (std::size_t k = 0; k + 1 < copy.extents.size(); ++k)
    copy.in_strides[k] /= factor, copy.out_strides[k] /= factor;
  copy.in_start /= factor, copy.out_start /= factor;
  return copy;
}

/// The operand as a flat array of units of `bytes`.
void view_as(DraftOperand& operand, int bytes) {
  const std::int64_t total =
      std::int64_t{volume(operand.operand.shape)} * size_of(operand.operand.type);
  operand.operand.type = bytes == 4 ? DType::kInt32 : bytes == 2 ? DType::kInt16 : DType::kInt8;
  operand.operand.shape = Extents(static_cast<int>(total / bytes));
}

}  // namespace

Copy simplify(const Copy& copy) {
  Copy result{.in_start = copy.in_start, .out_start = copy.out_start};
  for (std::size_t k = 0; k < copy.extents.size(); ++k) {
    const int extent = copy.extents[k], from = copy.in_strides[k], to = copy.out_strides[k];
    if (extent == 1) continue;
    if (!result.extents.empty() && result.in_strides.back() == from * extent &&
        result.out_strides.back() == to * extent) {
      result.extents.back() *= extent;
      result.in_strides.back() = from, result.out_strides.back() = to;
    } else {
      result.extents.push_back(extent);
      result.in_strides.push_back(from), result.out_strides.push_back(to);
    }
  }
  return result;
}

void add_copy(Lowering& lowering, DraftOperand in, DraftOperand out, const Copy& copy) {
  int unit = size_of(out.operand.type);
  Copy plan = simplify(copy);
  if (unit == 8) plan = split_elements(plan, 2), unit = 4;
  while (unit < 4 && can_join(plan, 2)) plan = join_elements(plan, 2), unit *= 2;
  program::StridedCopyAttrs attrs{.in_start = plan.in_start, .out_start = plan.out_start};
  const std::size_t offset = std::size(attrs.extents) - plan.extents.size();
  std::copy(plan.extents.begin(), plan.extents.end(), attrs.extents + offset);
  std::copy(plan.in_strides.begin(), plan.in_strides.end(), attrs.in_strides + offset);
  std::copy(plan.out_strides.begin(), plan.out_strides.end(), attrs.out_strides + offset);
  view_as(in, unit), view_as(out, unit);
  DraftCall call{.kernel = unit == 4   ? "strided_copy_s32"
                           : unit == 2 ? "strided_copy_s16"
                                       : "strided_copy_s8",
                 .attrs = attrs,
                 .operands = {in, out}};
  // Neighbours are carried forward, so that they may move to lower addresses within their memory.
  if (plan.extents.size() <= 1 &&
      (plan.extents.empty() || (plan.in_strides[0] == 1 && plan.out_strides[0] == 1)))
    call.lead = (std::int64_t{plan.out_start} - plan.in_start) * unit;
  lowering.call(std::move(call));
}

std::vector<int> strides_of(std::span<const int> shape) {
  std::vector<int> strides(shape.size(), 1);
  for (std::size_t k = shape.size(); k-- > 1;) strides[k - 1] = strides[k] * shape[k];
  return strides;
}

AxisView around(std::span<const int> shape, int axis) {
  const auto product = [](std::span<const int> dims) {
    return std::accumulate(dims.begin(), dims.end(), 1, std::multiplies<>());
  };
  const auto at = static_cast<std::size_t>(axis);
  return {.outer = product(shape.first(at)),
          .extent = shape[at],
          .inner = product(shape.subspan(at + 1))};
}

Result<int> resolve_axis(std::int64_t axis, std::size_t rank) {
  const auto n = static_cast<std::int64_t>(rank);
  if (axis < -n || axis >= n)
    return bad_input(cat("its axis is ", axis, ", expected one of ", n, " dimensions"));
  return static_cast<int>(axis < 0 ? axis + n : axis);
}

Result<std::vector<std::int64_t>> constant_integers(const graph::Tensor* tensor,
                                                    std::string_view what) {
  if (!tensor) return bad_input(cat(what, ": left out, expected a constant"));
  if (tensor->type != DType::kInt32 && tensor->type != DType::kInt64)
    return bad_input(cat(what, " '", tensor->name, "': type ", name_of(tensor->type),
                         ", expected INT32 or INT64"));
  if (!tensor->is_constant())
    return unsupported(cat(what, " '", tensor->name,
                           "': computed at run time, expected a constant; "
                           "export the model with fixed shapes"));
  if (tensor->type == DType::kInt64) return graph::values<std::int64_t>(*tensor);
  const auto narrow = graph::values<std::int32_t>(*tensor);
  return std::vector<std::int64_t>(narrow.begin(), narrow.end());
}

Result<void> expect_same_type(const graph::Tensor& a, const graph::Tensor& b) {
  if (a.type == b.type) return {};
  return bad_input(cat("'", a.name, "' is ", name_of(a.type), " and '", b.name, "' is ",
                       name_of(b.type), ", expected one type"));
}

Result<void> expect_shape(const graph::Tensor& tensor, std::span<const int> shape) {
  if (std::equal(shape.begin(), shape.end(), tensor.shape.begin(), tensor.shape.end())) return {};
  return bad_input(cat("'", tensor.name, "' has shape ", graph::describe_shape(tensor.shape),
                       ", expected ", graph::describe_shape(shape)));
}

Result<void> expect_same_quantization(const graph::Tensor& a, const graph::Tensor& b) {
  if (a.scale() == b.scale() && a.zero_point() == b.zero_point()) return {};
  return unsupported(cat("'", a.name, "' has scale ", a.scale(), " and zero point ", a.zero_point(),
                         ", '", b.name, "' has ", b.scale(), " and ", b.zero_point(),
                         ", expected the same; re-export the model with a recent converter"));
}

}  // namespace mote::ops
