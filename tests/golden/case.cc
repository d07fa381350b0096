#include "tests/golden/case.h"

#include <bit>
#include <cstring>

#include "mote/support/cat.h"

namespace mote::tests {
namespace {

/// FNV-1a (Fowler, Noll and Vo), 64 bits.
class Hash {
 public:
  void add(std::span<const std::byte> bytes) {
    for (std::byte b : bytes) value_ = (value_ ^ std::to_integer<std::uint64_t>(b)) * 0x100000001b3;
  }
  void add(const std::string& text) { add(std::as_bytes(std::span(text))); }
  template <class T>
  void add(const std::vector<T>& values) {
    add(std::as_bytes(std::span(values)));
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

void add_attribute(Hash& hash, const std::string& name, const graph::Attributes::Value& value) {
  hash.add(name);
  if (const auto* i = std::get_if<std::int64_t>(&value)) hash.add(cat(*i));
  if (const auto* d = std::get_if<double>(&value)) hash.add(cat(std::bit_cast<std::int64_t>(*d)));
  if (const auto* s = std::get_if<std::string>(&value)) hash.add(*s);
  if (const auto* v = std::get_if<std::vector<std::int64_t>>(&value)) hash.add(*v);
}

void append_element(std::vector<std::byte>& out, DType type, int which, Random& random,
                    float range) {
  const auto append = [&](auto value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
  };
  const auto pick = [&](int low, int high) {
    return which == 0 ? low : which == 1 ? high : random.integer(low, high);
  };
  switch (type) {
    case DType::kFloat32:
      return append(which == 0 ? -range : which == 1 ? range : random.real(-range, range));
    case DType::kInt8:
      return append(static_cast<std::int8_t>(pick(-128, 127)));
    case DType::kUint8:
      return append(static_cast<std::uint8_t>(pick(0, 255)));
    case DType::kInt16:
      return append(static_cast<std::int16_t>(pick(-32768, 32767)));
    case DType::kUint16:
      return append(static_cast<std::uint16_t>(pick(0, 65535)));
    case DType::kInt32:
      return append(static_cast<std::int32_t>(pick(-1 << 24, 1 << 24)));
    case DType::kUint32:
      return append(static_cast<std::uint32_t>(pick(0, 1 << 24)));
    case DType::kInt64:
      return append(static_cast<std::int64_t>(pick(-1 << 24, 1 << 24)));
    case DType::kUint64:
      return append(static_cast<std::uint64_t>(pick(0, 1 << 24)));
    case DType::kBool:
      return append(static_cast<std::uint8_t>(pick(0, 1)));
  }
}

template <class T>
void append_raw(std::vector<std::byte>& out, const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

constexpr char kMagic[8] = {'m', 'o', 't', 'e', 'v', 'e', 'c', '1'};

}  // namespace

int Random::integer(int low, int high) {
  const auto span = static_cast<std::uint64_t>(std::int64_t{high} - low + 1);
  return static_cast<int>(low + static_cast<std::int64_t>((std::uint64_t{engine_()} * span) >> 32));
}

float Random::real(float low, float high) {
  return low + (high - low) * (static_cast<float>(engine_() >> 8) / 16777216.0f);
}

std::vector<float> Random::reals(std::size_t count, float low, float high) {
  std::vector<float> values(count);
  for (float& value : values) value = real(low, high);
  return values;
}

std::vector<std::byte> make_inputs(const graph::Model& model, Random& random, int runs,
                                   float range) {
  std::vector<std::byte> out;
  const graph::Graph& graph = model.graphs[0];
  for (int run = 0; run < runs; ++run)
    for (int input : graph.inputs) {
      const graph::Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
      for (std::int64_t i = 0; i < graph::element_count(tensor); ++i)
        append_element(out, tensor.type, run, random, range);
    }
  return out;
}

std::vector<std::byte> join_inputs(std::initializer_list<std::span<const std::byte>> parts) {
  std::vector<std::byte> out;
  for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

std::uint64_t fingerprint(const Case& c) {
  Hash hash;
  for (const graph::Graph& graph : c.model.graphs) {
    for (const graph::Tensor& t : graph.tensors) {
      hash.add(cat(int(t.type), t.is_variable, t.is_resource, t.quant.axis));
      hash.add(t.shape);
      hash.add(t.quant.scale);
      hash.add(t.quant.zero_point);
      hash.add(t.data);
    }
    for (const graph::Node& node : graph.nodes) {
      hash.add(node.op);
      hash.add(node.inputs);
      hash.add(node.outputs);
      for (const auto& [name, value] : node.attrs.all()) add_attribute(hash, name, value);
    }
    hash.add(graph.inputs);
    hash.add(graph.outputs);
  }
  hash.add(c.inputs);
  return hash.value();
}

std::vector<std::byte> pack(const std::vector<Vector>& vectors) {
  std::vector<std::byte> out;
  append_raw(out, kMagic);
  for (const Vector& v : vectors) {
    append_raw(out, static_cast<std::uint32_t>(v.name.size()));
    append_raw(out, static_cast<std::uint32_t>(v.outputs.size()));
    append_raw(out, v.fingerprint);
    const auto name = std::as_bytes(std::span(v.name));
    out.insert(out.end(), name.begin(), name.end());
    out.insert(out.end(), v.outputs.begin(), v.outputs.end());
  }
  return out;
}

Result<std::vector<Vector>> unpack(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof kMagic || std::memcmp(bytes.data(), kMagic, sizeof kMagic) != 0)
    return bad_input("not a file of reference vectors");
  bytes = bytes.subspan(sizeof kMagic);
  std::vector<Vector> vectors;
  while (!bytes.empty()) {
    std::uint32_t sizes[2];
    Vector v;
    constexpr std::size_t kHead = sizeof sizes + sizeof v.fingerprint;
    if (bytes.size() < kHead) return bad_input("the file of reference vectors is cut short");
    std::memcpy(sizes, bytes.data(), sizeof sizes);
    std::memcpy(&v.fingerprint, bytes.data() + sizeof sizes, sizeof v.fingerprint);
    bytes = bytes.subspan(kHead);
    if (bytes.size() < std::size_t{sizes[0]} + sizes[1])
      return bad_input("the file of reference vectors is cut short");
    v.name.assign(reinterpret_cast<const char*>(bytes.data()), sizes[0]);
    v.outputs.assign(bytes.begin() + sizes[0], bytes.begin() + sizes[0] + sizes[1]);
    bytes = bytes.subspan(std::size_t{sizes[0]} + sizes[1]);
    vectors.push_back(std::move(v));
  }
  return vectors;
}

}  // namespace mote::tests
