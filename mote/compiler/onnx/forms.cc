#include "mote/compiler/onnx/forms.h"

#include <algorithm>
#include <numeric>

#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

std::int64_t integer(const Node& node, std::string_view name, std::int64_t fallback) {
  const Attribute* attribute = node.find(name);
  return attribute ? attribute->integer : fallback;
}

float real(const Node& node, std::string_view name, float fallback) {
  const Attribute* attribute = node.find(name);
  return attribute ? attribute->real : fallback;
}

std::string text(const Node& node, std::string_view name, std::string_view fallback) {
  const Attribute* attribute = node.find(name);
  return attribute ? attribute->text : std::string(fallback);
}

Result<std::optional<std::vector<std::int64_t>>> integers(const Importer& importer,
                                                          const Node& node, std::string_view name,
                                                          std::size_t i) {
  using List = std::optional<std::vector<std::int64_t>>;
  if (const Attribute* attribute = node.find(name)) return List(attribute->integers);
  if (!importer.has_input(node, i)) return List();
  auto list = importer.integers(node, i, cat("'", name, "'"));
  MOTE_TRY(list);
  return List(std::move(*list));
}

Result<int> axis_of(std::int64_t axis, int rank) {
  if (axis >= -rank && axis < rank) return static_cast<int>(axis < 0 ? axis + rank : axis);
  return bad_input(cat("its axis is ", axis, ", expected one of ", rank, " dimensions"));
}

Result<std::vector<int>> axes_of(const std::optional<std::vector<std::int64_t>>& axes, int rank) {
  std::vector<int> list;
  if (!axes || axes->empty()) {
    list.resize(at(rank));
    std::iota(list.begin(), list.end(), 0);
    return list;
  }
  for (std::int64_t axis : *axes) {
    const auto from_front = axis_of(axis, rank);
    MOTE_TRY(from_front);
    list.push_back(*from_front);
  }
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::int64_t count_of(const std::vector<int>& dims) {
  std::int64_t count = 1;
  for (int dim : dims) count *= dim;
  return count;
}

Result<std::vector<int>> reshaped_dims(const std::vector<int>& dims,
                                       const std::vector<std::int64_t>& target, bool allow_zero) {
  const std::int64_t total = count_of(dims);
  std::vector<int> out;
  std::int64_t known = 1;
  int open = -1;
  const auto misfit = [&] {
    std::string wanted;
    for (std::int64_t dim : target) wanted += cat(wanted.empty() ? "" : ", ", dim);
    return bad_input(cat("it makes [", wanted, "] of ", describe_dims(dims)));
  };
  for (std::size_t i = 0; i < target.size(); ++i) {
    std::int64_t dim = target[i];
    if (dim == 0 && !allow_zero && i < dims.size()) dim = dims[i];
    if (dim == -1 && open < 0) {
      open = static_cast<int>(i);
      out.push_back(1);
      continue;
    }
    if (dim < 1 || dim > total) return misfit();
    known *= dim;
    if (known > total) return misfit();
    out.push_back(static_cast<int>(dim));
  }
  if (total % known != 0 || (open < 0 && known != total)) return misfit();
  if (open >= 0) out[at(open)] = static_cast<int>(total / known);
  return out;
}

Result<std::vector<int>> squeezed_dims(const Importer& importer, const Node& node,
                                       const std::vector<int>& dims) {
  const auto given = integers(importer, node, "axes", 1);
  MOTE_TRY(given);
  const auto axes = axes_of(*given, static_cast<int>(dims.size()));
  MOTE_TRY(axes);
  std::vector<int> out;
  for (int i = 0; i < static_cast<int>(dims.size()); ++i) {
    const bool is_named = std::binary_search(axes->begin(), axes->end(), i);
    if (is_named && *given && dims[at(i)] != 1)
      return bad_input(cat("it leaves out dimension ", i, " of ", describe_dims(dims)));
    if (!is_named || dims[at(i)] != 1) out.push_back(dims[at(i)]);
  }
  return out;
}

Result<std::vector<int>> unsqueezed_dims(const Importer& importer, const Node& node,
                                         const std::vector<int>& dims) {
  const auto given = integers(importer, node, "axes", 1);
  MOTE_TRY(given);
  if (!*given) return bad_input("it names no axes");
  const int rank = static_cast<int>(dims.size() + (*given)->size());
  const auto axes = axes_of(*given, rank);
  MOTE_TRY(axes);
  if (axes->size() != (*given)->size()) return bad_input("it names an axis twice");
  std::vector<int> out;
  std::size_t next = 0;
  for (int i = 0; i < rank; ++i)
    out.push_back(std::binary_search(axes->begin(), axes->end(), i) ? 1 : dims[next++]);
  return out;
}

Result<std::vector<int>> permutation_of(const Node& node, int rank) {
  std::vector<int> order;
  const Attribute* given = node.find("perm");
  for (int i = 0; i < rank; ++i) order.push_back(rank - 1 - i);
  if (!given) return order;
  order.assign(given->integers.begin(), given->integers.end());
  std::vector<int> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool is_whole = sorted.size() == at(rank);
  for (int i = 0; is_whole && i < rank; ++i) is_whole = sorted[at(i)] == i;
  if (!is_whole) return bad_input(cat("its order is none of ", rank, " dimensions"));
  return order;
}

Result<std::vector<Part>> parts_of(const Importer& importer, const Node& node,
                                   const std::vector<int>& dims) {
  const int rank = static_cast<int>(dims.size());
  const auto starts = integers(importer, node, "starts", 1);
  MOTE_TRY(starts);
  const auto ends = integers(importer, node, "ends", 2);
  MOTE_TRY(ends);
  const auto axes = integers(importer, node, "axes", 3);
  MOTE_TRY(axes);
  const auto steps = integers(importer, node, "steps", 4);
  MOTE_TRY(steps);
  if (!*starts || !*ends || (*starts)->size() != (*ends)->size() ||
      (*axes && (*axes)->size() != (*starts)->size()) ||
      (*steps && (*steps)->size() != (*starts)->size()))
    return bad_input("its starts, ends, axes and steps are not as many each");
  std::vector<Part> parts;
  for (int dim : dims) parts.push_back({.count = dim});
  for (std::size_t i = 0; i < (*starts)->size(); ++i) {
    const auto axis = axis_of(*axes ? (**axes)[i] : static_cast<std::int64_t>(i), rank);
    MOTE_TRY(axis);
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    const std::int64_t extent = dims[at(*axis)];
    const std::int64_t step = *steps ? std::clamp((**steps)[i], -kMost, kMost) : 1;
    if (step == 0) return bad_input("one of its steps is 0");
    const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
    const auto clamped = [&](std::int64_t place) {
      return std::clamp(place < 0 ? place + extent : place, low, high);
    };
    const std::int64_t begin = clamped((**starts)[i]), end = clamped((**ends)[i]);
    const std::int64_t distance = step > 0 ? end - begin : begin - end;
    if (distance <= 0)
      return unsupported(cat("it takes nothing of dimension ", *axis, " of ", describe_dims(dims)));
    const std::int64_t stride = step > 0 ? step : -step;
    parts[at(*axis)] = {.begin = static_cast<int>(begin),
                        .count = static_cast<int>((distance + stride - 1) / stride),
                        .step = static_cast<int>(step)};
  }
  return parts;
}

Result<std::vector<int>> broadcast(const std::vector<int>& a, const std::vector<int>& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  std::vector<int> out(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const int x = i < rank - a.size() ? 1 : a[i - (rank - a.size())];
    const int y = i < rank - b.size() ? 1 : b[i - (rank - b.size())];
    if (x != y && x != 1 && y != 1)
      return bad_input(cat("its inputs are ", describe_dims(a), " and ", describe_dims(b),
                           ", which do not fit"));
    out[i] = std::max(x, y);
  }
  return out;
}

}  // namespace mote::onnx
