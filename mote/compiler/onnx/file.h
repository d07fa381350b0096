#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/core/base/dtype.h"
#include "mote/support/result.h"

/// An ONNX file as plain data, in ONNX's own words: what import.h makes a Graph of.
/// https://onnx.ai/onnx/intro/concepts.html; field numbers are those of onnx.proto.
namespace mote::onnx {

/// A constant.
struct Tensor {
  std::string name;
  DType type = DType::kFloat32;
  std::vector<std::int64_t> dims;  ///< row-major; empty: a scalar
  std::vector<std::byte> data;     ///< little-endian, as many as the dimensions say
};

struct Attribute {
  std::string name;
  std::int64_t integer = 0;
  float real = 0;
  std::string text;
  Tensor tensor;
  std::vector<std::int64_t> integers;
  std::vector<float> reals;
  bool has_graph = false;  ///< of control flow
};

struct Node {
  std::string name, op, domain;
  std::vector<std::string> inputs, outputs;  ///< values by name; "": left out
  std::vector<Attribute> attributes;
  int index = 0;        ///< its place in the file
  std::string written;  ///< the operator that the file has in its place; "": it is the file's own

  /// nullptr where the node has none of that name.
  const Attribute* find(std::string_view attribute) const;
};

/// A dimension that the file leaves open has no size.
struct Dimension {
  std::int64_t size = -1;  ///< -1: open
  std::string name;        ///< of an open one, if it has one: "batch"
};

/// What is said of an input or output.
struct Port {
  std::string name;
  DType type = DType::kFloat32;
  bool is_tensor = false;  ///< of a type that mote knows
  std::string type_name;   ///< for messages: "FLOAT16"
  std::vector<Dimension> dims;
};

struct File {
  std::string producer;    ///< "pytorch 1.13.1"
  std::int64_t opset = 0;  ///< of the operators of the standard
  std::vector<Node> nodes;
  std::vector<Tensor> constants;      ///< initializers
  std::vector<Port> inputs, outputs;  ///< inputs may name constants
};

/// Reads a file, trusting nothing. Time and memory are O(file size), whatever the file claims.
/// Control characters in names are replaced by '?'.
///
/// @returns the file's content, or
/// - kBadInput: it is damaged, contradicts itself, or has its constants in other files;
/// - kUnsupported: a constant's type is none of mote's.
Result<File> read_file(std::span<const std::byte> bytes);

}  // namespace mote::onnx
