#include "mote/compiler/emit/calls.h"

#include <span>
#include <string_view>

#include "mote/compiler/emit/attributes.h"
#include "mote/compiler/emit/headers.h"
#include "mote/compiler/emit/operands.h"
#include "mote/compiler/emit/shared_calls.h"
#include "mote/compiler/emit/text.h"
#include "mote/dispatch/tables.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

using dispatch::Parameter;
using program::KernelCall;
using program::Operand;
using program::Space;

/// What calls that share an instantiation have in common: kernel, attributes' type, and of each
/// operand its rank and whether it lies in the arena, among the constants, or nowhere; with
/// Shapes::kAuto also attributes and shapes.
std::string likeness(const KernelCall& call, Shapes shapes) {
  std::string key = cat(call.kernel, "/", call.attrs.index());
  for (const Operand& operand : call.operands)
    key += cat("/", operand.shape.rank,
               elements_of(operand.shape) == 0  ? "n"
               : operand.space == Space::kArena ? "a"
                                                : "c");
  if (shapes == Shapes::kDynamic) return key;
  // Where nothing differs but addresses, sharing costs less than a hundredth of the time; where
  // shapes or attributes do, a tenth and more.
  key += attributes_text("", call.attrs);
  for (const Operand& operand : call.operands) key += cat("/", dims_of(operand));
  return key;
}

}  // namespace

Result<void> Calls::prepare() {
  if (header_of_isa(program_.isa).file.empty())
    return unsupported(
        cat("there is no code for microcontrollers with the instruction set '", program_.isa, "'"));
  const auto table = dispatch::choose_table(program_.isa);
  MOTE_TRY(table);
  table_ = *table;
  for (const KernelCall& call : program_.setup) MOTE_TRY(add(call));
  for (const KernelCall& call : program_.calls)
    if (!reads_source(call)) MOTE_TRY(add(call));
  for (auto& [key, group] : groups_)
    group.is_shared = shapes_ != Shapes::kStatic && group.calls.size() > 1;
  return {};
}

Result<void> Calls::add(const KernelCall& call) {
  const dispatch::KernelRow* row = table_->find(call.kernel);
  const std::string_view file = header_of(call.kernel);
  if (!row || file.empty())
    return unsupported(cat(call.node, ": '", call.kernel, "' is no kernel for emitted code"));
  headers_.insert(std::string(file));
  Group& group = groups_[likeness(call, shapes_)];
  group.row = row;
  group.calls.push_back(&call);
  places_[&call] = {&group, names_.unique(name_of(call))};
  return {};
}

std::string Calls::constant(const KernelCall& call, std::size_t operand, DType type,
                            const std::string& role) {
  const Operand& of = call.operands[operand];
  return constants_.name(type, of.offset, elements_of(of.shape),
                         cat("k", places_.at(&call).name, role));
}

std::string Calls::argument(const KernelCall& call, const Parameter& parameter, int index,
                            std::size_t operand) {
  const Operand& first = call.operands[operand];
  if (parameter.kind != Parameter::Kind::kView) {
    std::string list;
    const auto parts = parts_of(parameter.kind);
    for (std::size_t i = 0; i < parts.size(); ++i)
      list += cat(i > 0 ? ", " : "", constant(call, operand + i, type_of_part(parameter.kind, i),
                                              std::string(parts[i])));
    return cat(struct_of(parameter.kind), "{", list, "}");
  }
  const std::string type = element_type(parameter);
  std::string pointer = cat("at<", type, ">(arena, ", first.offset, ")");
  if (elements_of(first.shape) == 0)
    pointer = cat("static_cast<", type, "*>(nullptr)");
  else if (first.space == Space::kConstants)
    pointer = constant(call, operand, parameter.type, role_or_input(call, index));
  return cat("view<", dims_of(first), ">(", pointer, ")");
}

std::string Calls::read_text(const KernelCall& call) const {
  const program::TensorInfo& source = *source_of(program_);
  const Operand &from = call.operands[0], &to = call.operands[1];
  const std::int64_t row = source.bytes / source.shape[1];
  return cat("  // ", comment(call.node), "\n  read_rows(", from.offset / row, ", ",
             elements_of(from.shape) / row, ", at<", cpp_name(source.type), ">(arena, ", to.offset,
             "));\n");
}

std::string Calls::text(const KernelCall& call) {
  if (reads_source(call)) return read_text(call);
  const Place& place = places_.at(&call);
  const std::string comment_line = cat("  // ", comment(call.node), "\n");
  if (place.group->is_shared) {
    if (!place.group->is_declared) declare(*place.group);
    place.group->is_declared = true;
    return cat(comment_line, "  ", call.kernel, "(k", place.name, ", arena);\n");
  }
  const std::string attrs = place.name + "Attrs";
  structs_ += attributes_text(attrs, call.attrs);
  std::string text =
      cat(comment_line, "  mote::kernels::", call.kernel, "<Isa>(\n      ", attrs, "()");
  std::size_t operand = 0;
  const dispatch::Signature& signature = place.group->row->signature;
  for (int i = 0; i < signature.size(); ++i) {
    text += cat(",\n      ", argument(call, signature[i], i, operand));
    operand += static_cast<std::size_t>(signature[i].operands());
  }
  return text + ");\n";
}

void Calls::declare(const Group& group) {
  std::vector<SharedCall> calls;
  for (const KernelCall* call : group.calls) calls.push_back({call, places_.at(call).name});
  const std::string type = names_.unique(camel_case(group.row->name));
  structs_ +=
      SharedCalls(type, *group.row, calls,
                  [this](const KernelCall& call, std::size_t operand, DType of,
                         const std::string& role) { return constant(call, operand, of, role); })
          .text();
}

}  // namespace mote::emit
