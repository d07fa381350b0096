#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mote/compiler/onnx/importer.h"

/// What nodes say of how they are to be done: attributes, and inputs that later versions of ONNX
/// have in place of attributes.
namespace mote::onnx {

std::int64_t integer(const Node& node, std::string_view name, std::int64_t fallback);
float real(const Node& node, std::string_view name, float fallback);
std::string text(const Node& node, std::string_view name, std::string_view fallback);
/// Integers, or those of input `i` where there is no such attribute; nothing where neither is
/// there.
Result<std::optional<std::vector<std::int64_t>>> integers(const Importer& importer,
                                                          const Node& node, std::string_view name,
                                                          std::size_t i);

/// An axis from the front. @returns kBadInput where there is none of that number.
Result<int> axis_of(std::int64_t axis, int rank);
/// Axes, sorted, each once; all of them where none are given.
Result<std::vector<int>> axes_of(const std::optional<std::vector<std::int64_t>>& axes, int rank);

/// Reshape's dimensions: -1 is what is left, 0 what the input has there.
Result<std::vector<int>> reshaped_dims(const std::vector<int>& dims,
                                       const std::vector<std::int64_t>& target, bool allow_zero);
/// What Squeeze leaves of the dimensions, and what Unsqueeze makes of them.
Result<std::vector<int>> squeezed_dims(const Importer& importer, const Node& node,
                                       const std::vector<int>& dims);
Result<std::vector<int>> unsqueezed_dims(const Importer& importer, const Node& node,
                                         const std::vector<int>& dims);
/// Which dimension becomes each one.
Result<std::vector<int>> permutation_of(const Node& node, int rank);

/// A part of a dimension: begin, begin + step, ..., `count` elements.
struct Part {
  int begin = 0, count = 1, step = 1;
};
/// What Slice takes, by dimension.
Result<std::vector<Part>> parts_of(const Importer& importer, const Node& node,
                                   const std::vector<int>& dims);

/// The dimensions of what is computed of both, element by element.
/// @returns kBadInput where they do not fit.
Result<std::vector<int>> broadcast(const std::vector<int>& a, const std::vector<int>& b);

std::int64_t count_of(const std::vector<int>& dims);

}  // namespace mote::onnx
