#include "mote/host/tensor_io/npy.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "mote/support/cat.h"

namespace mote::tensor_io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct TypeName {
  DType type;
  std::string_view descr;
};
constexpr TypeName kTypes[] = {
    {DType::kFloat32, "<f4"}, {DType::kInt8, "|i1"},   {DType::kUint8, "|u1"},
    {DType::kInt16, "<i2"},   {DType::kInt32, "<i4"},  {DType::kInt64, "<i8"},
    {DType::kUint16, "<u2"},  {DType::kUint32, "<u4"}, {DType::kUint64, "<u8"},
    {DType::kBool, "|b1"},
};

/// Reads the header, a Python dict literal, a token at a time.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : rest_(text) {}

  /// True where `token` comes next; it is then read.
  bool take(std::string_view token) {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  /// 'text' or "text", without escapes.
  std::optional<std::string_view> quoted() {
    const char quote = take("'") ? '\'' : take("\"") ? '"' : '\0';
    const std::size_t end = quote == '\0' ? rest_.npos : rest_.find(quote);
    if (end == rest_.npos) return std::nullopt;
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  /// (1, 49, 10), (3,) or ().
  std::optional<std::vector<int>> tuple() {
    std::vector<int> numbers;
    if (!take("(")) return std::nullopt;
    while (!take(")")) {
      int number = 0;
      take("");  // blanks
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
      if (error != std::errc() || number < 0) return std::nullopt;
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      numbers.push_back(number);
      if (!take(",") && !rest_.starts_with(")")) return std::nullopt;
    }
    return numbers;
  }
  bool at_end() { return take(""), rest_.empty(); }

 private:
  std::string_view rest_;
};

struct Header {
  std::string_view descr;
  bool fortran_order = false;
  std::optional<std::vector<int>> shape;
};

/// All three keys, in any order; nothing else.
std::optional<Header> parse_header(std::string_view text) {
  HeaderParser parser(text);
  Header header;
  bool has_order = false;
  if (!parser.take("{")) return std::nullopt;
  while (!parser.take("}")) {
    const auto key = parser.quoted();
    if (!key || !parser.take(":")) return std::nullopt;
    if (*key == "descr") {
      const auto descr = parser.quoted();
      if (!descr) return std::nullopt;
      header.descr = *descr;
    } else if (*key == "fortran_order") {
      header.fortran_order = parser.take("True");
      if (!header.fortran_order && !parser.take("False")) return std::nullopt;
      has_order = true;
    } else if (*key == "shape") {
      if (!(header.shape = parser.tuple())) return std::nullopt;
    } else {
      return std::nullopt;
    }
    parser.take(",");
  }
  if (!parser.at_end() || header.descr.empty() || !has_order || !header.shape) return std::nullopt;
  return header;
}

/// Splits a file into its header's text and its data.
Result<std::pair<std::string_view, std::span<const std::byte>>> split(
    std::span<const std::byte> file, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (!text.starts_with(kMagic) || text.size() < 10)
    return bad_input(cat(source, " is not a .npy file"));
  const auto byte = [&](std::size_t i) { return std::to_integer<std::size_t>(file[i]); };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3)
    return unsupported(cat(source, " is a .npy file of version ", version, ", expected 1 to 3"));
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1 && file.size() >= 12) length |= byte(10) << 16 | byte(11) << 24;
  if (file.size() < start || file.size() - start < length)
    return bad_input(cat(source, " ends within its .npy header"));
  return std::pair(text.substr(start, length), file.subspan(start + length));
}

/// Bytes of an array of that type and shape; more than a file can have where they do not fit.
std::int64_t bytes_of(DType type, std::span<const int> shape) {
  std::int64_t bytes = size_of(type);
  for (int dimension : shape)
    if (__builtin_mul_overflow(bytes, std::int64_t{dimension}, &bytes)) return INT64_MAX;
  return bytes;
}

}  // namespace

Result<Array> read_npy(std::span<const std::byte> file, const std::string& source) {
  const auto parts = split(file, source);
  if (!parts) return tl::unexpected(parts.error());
  const auto header = parse_header(parts->first);
  if (!header)
    return bad_input(cat(source,
                         " has a damaged .npy header, expected {'descr': ..., "
                         "'fortran_order': ..., 'shape': ...}"));
  const auto* type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const TypeName& t) { return t.descr == header->descr; });
  if (type == std::end(kTypes))
    return unsupported(cat(source, " holds elements of type '", header->descr,
                           "', expected '<f4', '|i1', '|u1', '<i2', '<i4', '<i8' or '|b1'; convert "
                           "it with NumPy's astype()"));
  if (header->fortran_order)
    return unsupported(cat(source,
                           " is in Fortran order, expected C order; save "
                           "numpy.ascontiguousarray() of it"));
  const std::int64_t expected = bytes_of(type->type, *header->shape);
  if (expected != static_cast<std::int64_t>(parts->second.size()))
    return bad_input(cat(source, " holds ", parts->second.size(),
                         " B of elements, its header says ",
                         expected == INT64_MAX ? "more than fit any file" : cat(expected, " B")));
  return Array{type->type, *header->shape, {parts->second.begin(), parts->second.end()}};
}

std::vector<std::byte> write_npy(DType type, std::span<const int> shape,
                                 std::span<const std::byte> data) {
  const auto* name = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const TypeName& t) { return t.type == type; });
  std::string header = cat("{'descr': '", name->descr, "', 'fortran_order': False, 'shape': (");
  for (std::size_t i = 0; i < shape.size(); ++i) header += cat(i == 0 ? "" : " ", shape[i], ",");
  if (shape.size() > 1) header.pop_back();
  header += "), }";
  constexpr std::size_t kBefore = 10, kAlign = 64;  // the data starts at a multiple of 64
  header.append(kAlign - (kBefore + header.size() + 1) % kAlign, ' ') += '\n';
  std::string start(kMagic);
  start +=
      {'\1', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  start += header;
  std::vector<std::byte> file(start.size() + data.size());
  std::memcpy(file.data(), start.data(), start.size());
  if (!data.empty()) std::memcpy(file.data() + start.size(), data.data(), data.size());
  return file;
}

}  // namespace mote::tensor_io
