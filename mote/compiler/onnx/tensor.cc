#include "mote/compiler/onnx/tensor.h"

#include <algorithm>
#include <cstring>

#include "mote/compiler/model/printable.h"
#include "mote/compiler/onnx/schema.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

using Bytes = std::span<const std::byte>;

namespace tensor = schema::tensor;

/// Most dimensions that a constant may have: kernels take fewer, folding takes more.
constexpr std::size_t kMostDims = 8;

struct Element {
  std::int64_t code;
  const char* name;
  std::optional<DType> type;
};
constexpr Element kElements[] = {
    {1, "FLOAT", DType::kFloat32},  {2, "UINT8", DType::kUint8},   {3, "INT8", DType::kInt8},
    {4, "UINT16", DType::kUint16},  {5, "INT16", DType::kInt16},   {6, "INT32", DType::kInt32},
    {7, "INT64", DType::kInt64},    {8, "STRING", std::nullopt},   {9, "BOOL", DType::kBool},
    {10, "FLOAT16", std::nullopt},  {11, "DOUBLE", std::nullopt},  {12, "UINT32", DType::kUint32},
    {13, "UINT64", DType::kUint64}, {16, "BFLOAT16", std::nullopt}};

const Element* element_of(std::int64_t code) {
  const auto* it = std::find_if(std::begin(kElements), std::end(kElements),
                                [&](const Element& element) { return element.code == code; });
  return it == std::end(kElements) ? nullptr : it;
}

/// A constant as it stands in the file.
struct RawTensor {
  Tensor tensor;
  std::int64_t type = 0;
  Bytes raw;
  std::vector<std::int64_t> integers;
  std::vector<float> reals;
  bool is_elsewhere = false, has_numbers_in_other_forms = false;
};

RawTensor walk_tensor(Fields& fields) {
  RawTensor out;
  while (fields.next()) {
    const auto keep = [&](std::int64_t i) { out.integers.push_back(i); };
    switch (fields.number()) {
      case tensor::kDims:
        fields.integers([&](std::int64_t dim) { out.tensor.dims.push_back(dim); });
        break;
      case tensor::kType:
        out.type = fields.integer();
        break;
      case tensor::kReals:
        fields.reals([&](float x) { out.reals.push_back(x); });
        break;
      case tensor::kInt32s:
      case tensor::kInt64s:
      case tensor::kUint64s:
        fields.integers(keep);
        break;
      case tensor::kName:
        out.tensor.name = name_in(fields);
        break;
      case tensor::kRaw:
        out.raw = fields.bytes();
        break;
      case tensor::kDoubles:
        out.has_numbers_in_other_forms = true;
        break;
      case tensor::kExternal:
        out.is_elsewhere = true;
        break;
      case tensor::kLocation:
        out.is_elsewhere |= fields.integer() != 0;
        break;
      default:
        break;
    }
  }
  return out;
}

/// The bytes of numbers that the file has as integers, whatever their width.
template <class T>
std::vector<std::byte> narrowed(const std::vector<std::int64_t>& integers) {
  std::vector<std::byte> bytes(integers.size() * sizeof(T));
  for (std::size_t i = 0; i < integers.size(); ++i) {
    const auto value = static_cast<T>(integers[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof value);
  }
  return bytes;
}

std::vector<std::byte> bytes_of(const RawTensor& raw, DType type) {
  if (!raw.raw.empty()) return {raw.raw.begin(), raw.raw.end()};
  if (type == DType::kFloat32) {
    const auto bytes = std::as_bytes(std::span(raw.reals));
    return {bytes.begin(), bytes.end()};
  }
  switch (size_of(type)) {
    case 1:
      return narrowed<std::uint8_t>(raw.integers);
    case 2:
      return narrowed<std::uint16_t>(raw.integers);
    case 4:
      return narrowed<std::uint32_t>(raw.integers);
    default:
      return narrowed<std::uint64_t>(raw.integers);
  }
}

/// How many elements; nothing where the dimensions are none, or more than a file can hold.
std::optional<std::int64_t> count_of(const std::vector<std::int64_t>& dims) {
  constexpr std::int64_t kMost = std::int64_t{1} << 31;
  std::int64_t count = 1;
  if (dims.size() > kMostDims) return std::nullopt;
  for (std::int64_t dim : dims) {
    if (dim < 0 || dim > kMost) return std::nullopt;
    count *= dim;
    if (count > kMost) return std::nullopt;
  }
  return count;
}

}  // namespace

std::string name_of_type(std::int64_t code) {
  const Element* element = element_of(code);
  return element ? element->name : cat("element type ", code);
}

tl::unexpected<Error> damaged(const std::string& what) {
  return bad_input(cat("the file is damaged: ", what,
                       " is cut or no message; copy it again or export the model again"));
}

std::string name_in(Fields& fields) { return ::mote::model::printable(fields.text()); }

std::optional<DType> type_of(std::int64_t code) {
  const Element* element = element_of(code);
  return element ? element->type : std::nullopt;
}

std::int64_t code_of(DType type) {
  return std::find_if(std::begin(kElements), std::end(kElements),
                      [&](const Element& element) { return element.type == type; })
      ->code;
}

Result<Tensor> read_tensor(Bytes bytes) {
  Fields fields(bytes);
  RawTensor raw = walk_tensor(fields);
  Tensor& out = raw.tensor;
  const std::string place = cat("the constant '", out.name, "'");
  if (fields.is_damaged()) return damaged(place);
  if (raw.is_elsewhere)
    return bad_input(cat(place,
                         " is in another file; save the model with its constants in it "
                         "(onnx.save_model with save_as_external_data=False)"));
  const Element* element = element_of(raw.type);
  if (!element || !element->type || raw.has_numbers_in_other_forms)
    return unsupported(cat(place, " has the type ", name_of_type(raw.type),
                           ", expected float32 or integers; export the model in float32"));
  out.type = *element->type;
  out.data = bytes_of(raw, out.type);
  const auto count = count_of(out.dims);
  if (!count || *count * size_of(out.type) != std::ssize(out.data))
    return bad_input(cat(place, " has ", out.data.size(), " B of ", element->name,
                         ", which is not what its dimensions say; export the model again"));
  return std::move(out);
}

}  // namespace mote::onnx
