#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "mote/dispatch/signature.h"
#include "mote/program/program.h"

/// What calls and shared calls alike print of operands.
namespace mote::emit {

/// The input that stays with the caller, who is asked for its rows; nullptr where there is none.
const program::TensorInfo* source_of(const program::Program& program);
/// Whether the call takes rows of such an input: nothing of mote's, but of the caller's.
bool reads_source(const program::KernelCall& call);

std::int64_t elements_of(const Extents& shape);
/// "1, 49, 10, 8"
std::string shape_list(std::span<const int> shape);

/// Of an operand: "1, 49, 10, 8".
std::string dims_of(const program::Operand& operand);

/// The arrays that make up a parameter which is no view: "Bias", "Multiplier", "Shift".
std::span<const std::string_view> parts_of(dispatch::Parameter::Kind kind);
DType type_of_part(dispatch::Parameter::Kind kind, std::size_t part);
/// "mote::Rescale"; "" for a view.
const char* struct_of(dispatch::Parameter::Kind kind);
/// "const int8_t" for a view's elements.
std::string element_type(const dispatch::Parameter& parameter);

/// A parameter's role; "Input1" for one that has none.
std::string role_or_input(const program::KernelCall& call, int index);

}  // namespace mote::emit
