#include "mote/compiler/onnx/fold.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

std::vector<int> ints(const std::vector<std::int64_t>& dims) { return {dims.begin(), dims.end()}; }
std::vector<std::int64_t> longs(const std::vector<int>& dims) { return {dims.begin(), dims.end()}; }
std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

using Inputs = std::vector<Numbers>;
struct Site {
  Importer& importer;
  const Node& node;
  const Inputs& in;
};

Numbers with_dims(Numbers numbers, std::vector<std::int64_t> dims) {
  numbers.dims = std::move(dims);
  return numbers;
}

/// A file can ask for any number of elements.
constexpr std::int64_t kMostElements = std::int64_t{1} << 24;
Result<void> expect_few(const std::vector<std::int64_t>& dims) {
  std::int64_t count = 1;
  for (std::int64_t dim : dims)
    if (dim < 0 || dim > kMostElements || (count *= dim) > kMostElements)
      return unsupported("it makes a constant that is too large");
  return {};
}

/// `x` repeated to these dimensions.
Numbers spread(const Numbers& x, const std::vector<std::int64_t>& dims) {
  std::vector<std::int64_t> strides(dims.size(), 0), own = strides_of(x.dims);
  for (std::size_t i = 0; i < x.dims.size(); ++i)
    if (x.dims[i] != 1) strides[dims.size() - x.dims.size() + i] = own[i];
  return {x.type, dims, walk(x, dims, 0, strides)};
}

Result<Numbers> binary(const Site& site, const std::function<double(double, double)>& compute,
                       bool is_logical) {
  const auto dims = broadcast(ints(site.in[0].dims), ints(site.in[1].dims));
  MOTE_TRY(dims);
  MOTE_TRY(expect_few(longs(*dims)));
  Numbers a = spread(site.in[0], longs(*dims)), b = spread(site.in[1], longs(*dims));
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] = compute(a.values[i], b.values[i]);
  if (is_logical) a.type = DType::kBool;
  return a;
}

double divide(const Site& site, double x, double y) {
  if (site.in[0].type == DType::kFloat32) return x / y;
  return y == 0 ? 0 : std::trunc(x / y);
}

Result<Numbers> binary(const Site& site) {
  using Compute = std::function<double(double, double)>;
  struct Row {
    std::string_view op;
    Compute compute;
    bool is_logical = false;
  };
  const Row rows[] = {
      {"Add", std::plus<>()},
      {"Sub", std::minus<>()},
      {"Mul", std::multiplies<>()},
      {"Div", [&](double x, double y) { return divide(site, x, y); }},
      {"Pow", [](double x, double y) { return std::pow(x, y); }},
      {"Min", [](double x, double y) { return std::min(x, y); }},
      {"Max", [](double x, double y) { return std::max(x, y); }},
      {"Mod", [](double x, double y) { return y == 0 ? 0 : x - std::floor(x / y) * y; }},
      {"Equal", std::equal_to<>(), true},
      {"Less", std::less<>(), true},
      {"Greater", std::greater<>(), true},
      {"And", [](double x, double y) { return x != 0 && y != 0 ? 1.0 : 0.0; }, true},
      {"Or", [](double x, double y) { return x != 0 || y != 0 ? 1.0 : 0.0; }, true}};
  for (const Row& row : rows)
    if (row.op == site.node.op) return binary(site, row.compute, row.is_logical);
  return bad_input("no such operator");
}

Result<Numbers> unary(const Site& site) {
  struct Row {
    std::string_view op;
    double (*compute)(double);
  };
  constexpr Row kRows[] = {{"Neg", [](double x) { return -x; }},
                           {"Abs", [](double x) { return std::abs(x); }},
                           {"Floor", [](double x) { return std::floor(x); }},
                           {"Ceil", [](double x) { return std::ceil(x); }},
                           {"Round", [](double x) { return std::nearbyint(x); }},
                           {"Sqrt", [](double x) { return std::sqrt(x); }},
                           {"Exp", [](double x) { return std::exp(x); }},
                           {"Log", [](double x) { return std::log(x); }},
                           {"Reciprocal", [](double x) { return 1 / x; }},
                           {"Not", [](double x) { return x == 0 ? 1.0 : 0.0; }},
                           {"Identity", [](double x) { return x; }}};
  Numbers out = site.in[0];
  for (const Row& row : kRows)
    if (row.op == site.node.op)
      for (double& x : out.values) x = row.compute(x);
  return out;
}

Result<Numbers> cast(const Site& site) {
  constexpr DType kTypes[] = {DType::kFloat32, DType::kFloat32, DType::kUint8, DType::kInt8,
                              DType::kUint16,  DType::kInt16,   DType::kInt32, DType::kInt64,
                              DType::kFloat32, DType::kBool};
  const std::int64_t to = integer(site.node, "to", 1);
  constexpr std::int64_t kString = 8, kDouble = 11;
  if (to == kString || to < 1 || (to >= std::ssize(kTypes) && to != kDouble))
    return unsupported(cat("it casts to ONNX's type ", to));
  Numbers out = site.in[0];
  out.type = to == kDouble ? DType::kFloat32 : kTypes[to];
  if (out.type != DType::kFloat32)
    for (double& x : out.values) x = out.type == DType::kBool ? x != 0 : std::trunc(x);
  return out;
}

Result<Numbers> reshape(const Site& site) {
  const bool is_attribute = site.in.size() < 2;  // before opset 5
  const Attribute* given = site.node.find("shape");
  if (is_attribute && !given) return bad_input("it names no shape");
  std::vector<std::int64_t> target;
  if (is_attribute)
    target = given->integers;
  else
    for (double x : site.in[1].values) target.push_back(to_integer(x));
  const auto dims =
      reshaped_dims(ints(site.in[0].dims), target, integer(site.node, "allowzero", 0) != 0);
  MOTE_TRY(dims);
  return with_dims(site.in[0], longs(*dims));
}

Result<Numbers> squeeze(const Site& site) {
  const auto dims = site.node.op == "Squeeze"
                        ? squeezed_dims(site.importer, site.node, ints(site.in[0].dims))
                        : unsqueezed_dims(site.importer, site.node, ints(site.in[0].dims));
  MOTE_TRY(dims);
  return with_dims(site.in[0], longs(*dims));
}

Result<Numbers> transpose(const Site& site) {
  const auto order = permutation_of(site.node, static_cast<int>(site.in[0].dims.size()));
  MOTE_TRY(order);
  return transposed(site.in[0], longs(*order));
}

Result<Numbers> concat(const Site& site) {
  const Numbers& first = site.in[0];
  const int rank = static_cast<int>(first.dims.size());
  const auto axis = axis_of(integer(site.node, "axis", 0), rank);
  MOTE_TRY(axis);
  Numbers out{first.type, first.dims, {}};
  out.dims[at(*axis)] = 0;
  for (const Numbers& x : site.in) {
    if (x.dims.size() != first.dims.size()) return bad_input("its inputs do not fit");
    for (int i = 0; i < rank; ++i)
      if (i != *axis && x.dims[at(i)] != first.dims[at(i)])
        return bad_input("its inputs do not fit");
    out.dims[at(*axis)] += x.dims[at(*axis)];
  }
  MOTE_TRY(expect_few(out.dims));
  std::int64_t outer = 1;
  for (int i = 0; i < *axis; ++i) outer *= first.dims[at(i)];
  for (std::int64_t o = 0; o < outer; ++o)
    for (const Numbers& x : site.in) {
      const auto length = static_cast<std::ptrdiff_t>(x.count() / std::max<std::int64_t>(outer, 1));
      const auto begin = x.values.begin() + o * length;
      out.values.insert(out.values.end(), begin, begin + length);
    }
  return out;
}

Result<Numbers> gather(const Site& site) {
  const Numbers &from = site.in[0], &indices = site.in[1];
  const auto axis = axis_of(integer(site.node, "axis", 0), static_cast<int>(from.dims.size()));
  MOTE_TRY(axis);
  const std::int64_t extent = from.dims[at(*axis)];
  std::vector<std::int64_t> dims(from.dims.begin(), from.dims.begin() + *axis);
  dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
  dims.insert(dims.end(), from.dims.begin() + *axis + 1, from.dims.end());
  MOTE_TRY(expect_few(dims));
  std::int64_t outer = 1, inner = 1;
  for (int i = 0; i < *axis; ++i) outer *= from.dims[at(i)];
  for (std::size_t i = at(*axis) + 1; i < from.dims.size(); ++i) inner *= from.dims[i];
  Numbers out{from.type, dims, {}};
  for (std::int64_t o = 0; o < outer; ++o)
    for (double x : indices.values) {
      const std::int64_t index = to_integer(x) < 0 ? to_integer(x) + extent : to_integer(x);
      if (index < 0 || index >= extent)
        return bad_input(cat("it takes element ", to_integer(x), " of ", extent));
      const auto begin = from.values.begin() + (o * extent + index) * inner;
      out.values.insert(out.values.end(), begin, begin + inner);
    }
  return out;
}

Result<Numbers> slice(const Site& site) {
  const Numbers& from = site.in[0];
  const auto parts = parts_of(site.importer, site.node, ints(from.dims));
  MOTE_TRY(parts);
  std::vector<std::int64_t> strides = strides_of(from.dims), dims;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    start += strides[i] * (*parts)[i].begin;
    strides[i] *= (*parts)[i].step;
    dims.push_back((*parts)[i].count);
  }
  return Numbers{from.type, dims, walk(from, dims, start, strides)};
}

Result<Numbers> expand(const Site& site) {
  std::vector<int> wanted;
  for (double x : site.in[1].values) wanted.push_back(static_cast<int>(to_integer(x)));
  const auto dims = broadcast(ints(site.in[0].dims), wanted);
  MOTE_TRY(dims);
  MOTE_TRY(expect_few(longs(*dims)));
  return spread(site.in[0], longs(*dims));
}

Result<Numbers> where(const Site& site) {
  const auto first = broadcast(ints(site.in[0].dims), ints(site.in[1].dims));
  MOTE_TRY(first);
  const auto dims = broadcast(*first, ints(site.in[2].dims));
  MOTE_TRY(dims);
  MOTE_TRY(expect_few(longs(*dims)));
  const Numbers condition = spread(site.in[0], longs(*dims)), no = spread(site.in[2], longs(*dims));
  Numbers out = spread(site.in[1], longs(*dims));
  for (std::size_t i = 0; i < out.values.size(); ++i)
    if (condition.values[i] == 0) out.values[i] = no.values[i];
  return out;
}

Result<Numbers> constant_of_shape(const Site& site) {
  Numbers value{DType::kFloat32, {}, {0}};
  if (const Attribute* given = site.node.find("value")) value = numbers_of(given->tensor);
  if (value.count() != 1) return bad_input("its value is no single number");
  value.dims.clear();
  std::vector<std::int64_t> dims;
  std::int64_t count = 1;
  for (double x : site.in[0].values) {
    dims.push_back(to_integer(x));
    if (dims.back() < 1 || dims.back() > kMostElements || (count *= dims.back()) > kMostElements)
      return unsupported("it makes a tensor that is too large, or empty");
  }
  return spread(value, dims);
}

Result<Numbers> range(const Site& site) {
  const double start = site.in[0].values.at(0), limit = site.in[1].values.at(0),
               step = site.in[2].values.at(0);
  const double count = step == 0 ? 0 : std::ceil((limit - start) / step);
  if (!(count >= 1) || count > static_cast<double>(kMostElements))
    return unsupported("it makes a tensor that is too large, or empty");
  Numbers out{site.in[0].type, {static_cast<std::int64_t>(count)}, {}};
  for (std::int64_t i = 0; i < out.dims[0]; ++i)
    out.values.push_back(start + static_cast<double>(i) * step);
  return out;
}

/// How what is made of one constant alone is stored, where its elements stay as they are.
std::shared_ptr<const Grid> grid_after(const Importer& importer, const Node& node) {
  constexpr std::string_view kKeepElements[] = {"Identity", "Reshape", "Squeeze", "Transpose",
                                                "Unsqueeze"};
  if (std::find(std::begin(kKeepElements), std::end(kKeepElements), node.op) ==
          std::end(kKeepElements) ||
      !importer.has_input(node, 0))
    return nullptr;
  const auto value = importer.input(node, 0);
  if (!value || !value->grid || value->grid->quant.scale.size() == 1 || node.op == "Identity")
    return value ? value->grid : nullptr;
  const auto order = permutation_of(node, value->rank());
  if (node.op != "Transpose" || !order) return nullptr;
  Grid grid = *value->grid;
  const auto place = std::find(order->begin(), order->end(), grid.quant.axis);
  grid.quant.axis = static_cast<int>(place - order->begin());
  return std::make_shared<const Grid>(std::move(grid));
}

struct Folder {
  std::string_view op;
  std::size_t inputs;  ///< at least
  Result<Numbers> (*compute)(const Site&);
};
constexpr Folder kFolders[] = {{"Add", 2, binary},
                               {"Sub", 2, binary},
                               {"Mul", 2, binary},
                               {"Div", 2, binary},
                               {"Pow", 2, binary},
                               {"Min", 2, binary},
                               {"Max", 2, binary},
                               {"Mod", 2, binary},
                               {"Equal", 2, binary},
                               {"Less", 2, binary},
                               {"Greater", 2, binary},
                               {"And", 2, binary},
                               {"Or", 2, binary},
                               {"Neg", 1, unary},
                               {"Abs", 1, unary},
                               {"Floor", 1, unary},
                               {"Ceil", 1, unary},
                               {"Round", 1, unary},
                               {"Sqrt", 1, unary},
                               {"Exp", 1, unary},
                               {"Log", 1, unary},
                               {"Reciprocal", 1, unary},
                               {"Not", 1, unary},
                               {"Identity", 1, unary},
                               {"Cast", 1, cast},
                               {"Reshape", 1, reshape},
                               {"Squeeze", 1, squeeze},
                               {"Unsqueeze", 1, squeeze},
                               {"Transpose", 1, transpose},
                               {"Concat", 1, concat},
                               {"Gather", 2, gather},
                               {"Slice", 1, slice},
                               {"Expand", 2, expand},
                               {"Where", 3, where},
                               {"ConstantOfShape", 1, constant_of_shape},
                               {"Range", 3, range}};

Numbers constant_node(const Node& node) {
  if (const Attribute* a = node.find("value")) return numbers_of(a->tensor);
  if (const Attribute* a = node.find("value_float")) return {DType::kFloat32, {}, {a->real}};
  if (const Attribute* a = node.find("value_int"))
    return {DType::kInt64, {}, {static_cast<double>(a->integer)}};
  if (const Attribute* a = node.find("value_floats"))
    return {DType::kFloat32, {std::ssize(a->reals)}, {a->reals.begin(), a->reals.end()}};
  if (const Attribute* a = node.find("value_ints"))
    return {DType::kInt64, {std::ssize(a->integers)}, {a->integers.begin(), a->integers.end()}};
  return {};
}

Result<Numbers> shape_of(const Importer& importer, const Node& node) {
  const auto value = importer.input(node, 0);
  MOTE_TRY(value);
  const auto rank = static_cast<std::int64_t>(value->rank());
  const auto place = [&](std::int64_t i) {
    return std::clamp(i < 0 ? i + rank : i, std::int64_t{0}, rank);
  };
  const std::int64_t begin = place(integer(node, "start", 0)),
                     end = std::max(begin, place(integer(node, "end", rank)));
  Numbers out{DType::kInt64, {end - begin}, {}};
  for (std::int64_t i = begin; i < end; ++i) out.values.push_back(value->dims[at(i)]);
  return out;
}

}  // namespace

Result<bool> fold(Importer& importer, const Node& node) {
  if (node.outputs.empty() || !node.domain.empty()) return false;
  const auto keep = [&](const Numbers& numbers) -> Result<bool> {
    if (numbers.count() != count_of(ints(numbers.dims))) return bad_input("it has no value");
    if (!importer.take_folding(numbers.count()))
      return unsupported("what can be computed of constants is too large to be kept");
    auto tensor = std::make_shared<const Tensor>(tensor_of_numbers(numbers));
    importer.set(node.outputs[0], {.constant = tensor,
                                   .type = tensor->type,
                                   .dims = ints(tensor->dims),
                                   .grid = grid_after(importer, node)});
    return true;
  };
  if (node.op == "Constant") return keep(constant_node(node));
  if (node.op == "Shape") {
    const auto shape = shape_of(importer, node);
    MOTE_TRY(shape);
    return keep(*shape);
  }
  const auto* folder = std::find_if(std::begin(kFolders), std::end(kFolders),
                                    [&](const Folder& row) { return row.op == node.op; });
  if (folder == std::end(kFolders) || node.inputs.size() < folder->inputs) return false;
  Inputs in;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (!importer.has_input(node, i)) continue;
    const auto value = importer.input(node, i);
    MOTE_TRY(value);
    if (!value->constant) return false;
    if (!importer.take_folding(count_of(value->dims)))
      return unsupported("what can be computed of constants is too much to be computed");
    in.push_back(numbers_of(*value->constant));
    if (in.back().count() == 0 && node.op != "Reshape") return false;
  }
  if (in.size() < folder->inputs) return false;
  const auto out = folder->compute({importer, node, in});
  MOTE_TRY(out);
  return keep(*out);
}

}  // namespace mote::onnx
