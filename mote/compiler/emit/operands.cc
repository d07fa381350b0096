#include "mote/compiler/emit/operands.h"

#include "mote/compiler/emit/names.h"
#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {

using dispatch::Parameter;

const program::TensorInfo* source_of(const program::Program& program) {
  for (int id : program.inputs)
    if (const auto& input = program.tensors[static_cast<std::size_t>(id)];
        input.space == program::Space::kSource)
      return &input;
  return nullptr;
}

bool reads_source(const program::KernelCall& call) {
  return !call.operands.empty() && call.operands[0].space == program::Space::kSource;
}

std::int64_t elements_of(const Extents& shape) {
  std::int64_t count = 1;
  for (int i = 0; i < shape.rank; ++i) count *= shape[i];
  return count;
}

std::string shape_list(std::span<const int> shape) {
  std::string text;
  for (int dim : shape) text += cat(text.empty() ? "" : ", ", dim);
  return text;
}

std::string dims_of(const program::Operand& operand) {
  return shape_list({operand.shape.dims, static_cast<std::size_t>(operand.shape.rank)});
}

std::span<const std::string_view> parts_of(Parameter::Kind kind) {
  static constexpr std::string_view kParts[] = {"Bias", "Multiplier", "Shift"};
  static constexpr std::string_view kTileParts[] = {"Bias", "Multiplier", "Addend", "Shift"};
  switch (kind) {
    case Parameter::Kind::kView:
      return {};
    case Parameter::Kind::kRescale:
    case Parameter::Kind::kRescale64:
      return kParts;
    case Parameter::Kind::kTileRescale:
      return kTileParts;
  }
  return {};
}

DType type_of_part(Parameter::Kind kind, std::size_t part) {
  return kind == Parameter::Kind::kRescale64 && part == 0 ? DType::kInt64 : DType::kInt32;
}

const char* struct_of(Parameter::Kind kind) {
  switch (kind) {
    case Parameter::Kind::kView:
      return "";
    case Parameter::Kind::kRescale:
      return "mote::Rescale";
    case Parameter::Kind::kRescale64:
      return "mote::Rescale64";
    case Parameter::Kind::kTileRescale:
      return "mote::isa::TileRescale";
  }
  return "";
}

std::string element_type(const Parameter& parameter) {
  return cat(parameter.is_const ? "const " : "", cpp_name(parameter.type));
}

std::string role_or_input(const program::KernelCall& call, int index) {
  const std::string_view role = role_of(call.kernel, index);
  return role.empty() ? cat("Input", index + 1) : std::string(role);
}

}  // namespace mote::emit
