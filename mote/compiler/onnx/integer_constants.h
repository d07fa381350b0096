#pragma once

#include <optional>
#include <vector>

#include "mote/compiler/onnx/integer_rules.h"

/// Constants of floats as the integers that they are made of, or are to become.
namespace mote::onnx {

/// The steps of a constant on a grid of one scale, or of one along its axis; nothing where a number
/// lies between two steps, or beyond the type.
std::optional<std::vector<std::int64_t>> steps_of(const graph::Tensor& constant, const Grid& grid);

/// The constant's numbers at the nearest steps of a grid of one scale, within the type.
std::vector<std::int64_t> nearest_steps(const graph::Tensor& constant, const Grid& grid);

std::int64_t least_of(DType type);
std::int64_t most_of(DType type);

/// Numbers as a type of 8 to 64 bits has them.
std::vector<std::byte> bytes_of(const std::vector<std::int64_t>& numbers, DType type);

/// A constant of integers. @returns its tensor.
int add_steps(Twins& twins, const std::string& name, const Grid& grid,
              const std::vector<int>& shape, const std::vector<std::int64_t>& steps);

}  // namespace mote::onnx
