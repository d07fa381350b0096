#include "mote/compiler/emit/shared_calls.h"

#include <algorithm>
#include <cctype>

#include "mote/compiler/emit/attributes.h"
#include "mote/compiler/emit/names.h"
#include "mote/compiler/emit/operands.h"
#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

using dispatch::Parameter;
using program::KernelCall;
using program::Operand;
using program::Space;

/// "filter_scale" for "FilterScale"
std::string snake_case(std::string_view name) {
  std::string out;
  for (char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) && !out.empty()) out += '_';
    out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

}  // namespace

std::string SharedCalls::unique_member(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; !member_names_.insert(name).second; ++number) name = cat(wanted, number);
  return name;
}

/// What is the same in all calls stands for itself; else it becomes a member.
std::string SharedCalls::expression(const std::string& type, const std::string& member,
                                    const std::vector<std::string>& of_each_call) {
  if (std::all_of(of_each_call.begin(), of_each_call.end(),
                  [&](const std::string& value) { return value == of_each_call[0]; }))
    return of_each_call[0];
  members_ += cat("  ", type, " ", member, ";\n");
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i] += cat(values_[i].empty() ? "" : ", ", of_each_call[i]);
  return "c." + member;
}

std::string SharedCalls::attributes() {
  std::vector<const program::Attributes*> list;
  for (const SharedCall& call : calls_) list.push_back(&call.call->attrs);
  const SharedAttributes shared = shared_attributes(list);
  attrs_type_ = shared.type + ";\n";
  if (shared.values.empty()) return type_ + "::Attrs()";
  members_ += "  Attrs attrs;\n";
  values_ = shared.values;
  return "c.attrs";
}

std::string SharedCalls::pointer(const Parameter& parameter, int index, std::size_t operand,
                                 const std::string& member) {
  const std::string type = element_type(parameter);
  const Operand& first = calls_[0].call->operands[operand];
  if (elements_of(first.shape) == 0) return cat("static_cast<", type, "*>(nullptr)");
  std::vector<std::string> values;
  if (first.space == Space::kArena) {
    for (const SharedCall& call : calls_)
      values.push_back(cat(call.call->operands[operand].offset));
    return cat("at<", type, ">(arena, ", expression("int32_t", member + "_offset", values), ")");
  }
  for (const SharedCall& call : calls_)
    values.push_back(
        name_constant_(*call.call, operand, parameter.type, role_or_input(*call.call, index)));
  return expression(type + "*", member, values);
}

std::string SharedCalls::view_argument(const Parameter& parameter, int index, std::size_t operand) {
  const std::string_view role = role_of(calls_[0].call->kernel, index);
  const std::string member = unique_member(!role.empty()        ? snake_case(role)
                                           : parameter.is_const ? "in"
                                                                : "out");
  const Extents& first = calls_[0].call->operands[operand].shape;
  std::string dims;
  std::vector<std::string> values(calls_.size());
  for (int axis = 0; axis < first.rank; ++axis) {
    const bool is_fixed = std::all_of(calls_.begin(), calls_.end(), [&](const SharedCall& call) {
      return call.call->operands[operand].shape[axis] == first[axis];
    });
    dims += cat(axis > 0 ? ", " : "", is_fixed ? cat(first[axis]) : "mote::kDynamic");
    for (std::size_t i = 0; !is_fixed && i < calls_.size(); ++i)
      values[i] +=
          cat(values[i].empty() ? "" : ", ", calls_[i].call->operands[operand].shape[axis]);
  }
  const bool is_fixed = values[0].empty();
  std::string shape;
  if (!is_fixed) {
    for (std::string& value : values) value = cat("{{", value, "}}");
    shape = expression(cat("mote::MixedExtents<", dims, ">"), member + "_shape", values);
  }
  const std::string at = pointer(parameter, index, operand, member);
  return is_fixed ? cat("view<", dims, ">(", at, ")") : cat("view(", at, ", ", shape, ")");
}

std::string SharedCalls::argument(const Parameter& parameter, int index, std::size_t operand) {
  if (parameter.kind == Parameter::Kind::kView) return view_argument(parameter, index, operand);
  std::string list;
  const auto parts = parts_of(parameter.kind);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const DType type = type_of_part(parameter.kind, i);
    std::vector<std::string> values;
    for (const SharedCall& call : calls_)
      values.push_back(name_constant_(*call.call, operand + i, type, std::string(parts[i])));
    list += cat(i > 0 ? ", " : "", expression(cat("const ", cpp_name(type), "*"),
                                              unique_member(snake_case(parts[i])), values));
  }
  return cat(struct_of(parameter.kind), "{", list, "}");
}

std::string SharedCalls::text() {
  std::string arguments = attributes();
  std::size_t operand = 0;
  for (int i = 0; i < row_.signature.size(); ++i) {
    arguments += cat(",\n      ", argument(row_.signature[i], i, operand));
    operand += static_cast<std::size_t>(row_.signature[i].operands());
  }
  std::string text =
      cat("\n/// What ", calls_.size(), " calls differ in.\nstruct ", type_, " {\n", attrs_type_,
          members_, "};\n[[gnu::noinline]] void ", std::string(row_.name),
          "([[maybe_unused]] const ", type_,
          "& call, [[maybe_unused]] uint8_t* arena) {\n  // Kernels' stores cannot change a copy.\n"
          "  [[maybe_unused]] const ",
          type_, " c = call;\n  mote::kernels::", std::string(row_.name), "<Isa>(\n      ",
          arguments, ");\n}\n");
  for (std::size_t i = 0; i < calls_.size(); ++i)
    text += cat("constexpr ", type_, " k", calls_[i].name, " = {", values_[i], "};\n");
  return text;
}

}  // namespace mote::emit
