#include "mote/compiler/emit/emit.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "mote/compiler/emit/headers.h"
#include "mote/compiler/emit/text.h"
#include "mote/dispatch/tables.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

using dispatch::Parameter;
using program::KernelCall;
using program::Operand;
using program::Program;
using program::Space;
using program::TensorInfo;

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

// What attributes are written as

std::string value_text(int x) { return literal(std::int64_t{x}); }
std::string value_text(float x) { return literal(x); }

template <class T>
std::string member_text(const char* name, const T& value) {
  constexpr bool kIsFloat = std::is_same_v<std::remove_all_extents_t<T>, float>;
  const char* type = kIsFloat ? "float" : "int";
  if constexpr (std::is_array_v<T>) {
    std::string list;
    for (const auto& x : value) list += cat(list.empty() ? "" : ", ", value_text(x));
    return cat("  static constexpr ", type, " ", name, "[] = {", list, "};\n");
  } else {
    return cat("  static constexpr ", type, " ", name, " = ", value_text(value), ";\n");
  }
}

std::string attributes_text(const std::string& name, const program::Attributes& attributes) {
  const std::string members = std::visit(
      [](const auto& attrs) {
        using Attrs = std::remove_cvref_t<decltype(attrs)>;
        return std::apply(
            [&](const auto&... field) {
              return (std::string() + ... + member_text(field.name, attrs.*field.member));
            },
            Attrs::fields());
      },
      attributes);
  return members.empty() ? cat("struct ", name, " {};\n")
                         : cat("struct ", name, " {\n", members, "};\n");
}

/// Constants by where they begin and what they hold.
class Constants {
 public:
  explicit Constants(const Program& program) : program_(program) {}

  /// The name of the array of at least so many elements there.
  std::string name(DType type, std::int64_t offset, std::int64_t count) {
    auto [it, is_new] = arrays_.try_emplace({offset, type}, Array{std::ssize(arrays_), 0});
    it->second.count = std::max(it->second.count, count);
    return cat("kConstant", it->second.number);
  }

  std::string text() const {
    std::vector<std::pair<std::int64_t, std::string>> list;
    for (const auto& [key, array] : arrays_) {
      const auto [offset, type] = key;
      const auto bytes = std::span(program_.constants)
                             .subspan(static_cast<std::size_t>(offset),
                                      static_cast<std::size_t>(array.count * size_of(type)));
      list.emplace_back(array.number,
                        cat("alignas(", program::kAlignment, ") constexpr ", cpp_name(type),
                            " kConstant", array.number, "[] = ", list_of(type, bytes), ";\n"));
    }
    std::sort(list.begin(), list.end());
    std::string text;
    for (const auto& [number, array] : list) text += array;
    return text;
  }

 private:
  struct Array {
    std::int64_t number, count;
  };
  const Program& program_;
  std::map<std::pair<std::int64_t, DType>, Array> arrays_;
};

/// "-100.5 + (q + 3) * 0.25"
std::string meaning_of(const TensorInfo& tensor) {
  if (tensor.type == DType::kFloat32) return "real numbers";
  if (tensor.scale == 0) return "whole numbers";
  const std::string zero = tensor.zero_point == 0  ? "q"
                           : tensor.zero_point < 0 ? cat("(q + ", -tensor.zero_point, ")")
                                                   : cat("(q - ", tensor.zero_point, ")");
  return cat("q stands for ", zero, " * ", tensor.scale,
             tensor.from_uint8 ? "; in the model's file 128 more" : "");
}

class Emitter {
 public:
  Emitter(const Program& program, const Options& options)
      : program_(program), options_(options), constants_(program) {}

  Result<std::vector<File>> run() {
    if (!is_identifier(options_.name))
      return fail(ErrorCode::kUsage,
                  cat("'", options_.name, "' cannot be a namespace, expected letters, digits and ",
                      "underscores that are no word of C++"));
    if (header_of_isa(program_.isa).file.empty())
      return unsupported(cat("there is no code for microcontrollers with the instruction set '",
                             program_.isa, "'"));
    const auto table = dispatch::choose_table(program_.isa);
    MOTE_TRY(table);
    table_ = *table;
    std::string setup, steps;
    for (const KernelCall& call : program_.setup) {
      const auto text = call_text(call);
      MOTE_TRY(text);
      setup += *text;
    }
    for (const KernelCall& call : program_.calls) {
      const auto text = call_text(call);
      MOTE_TRY(text);
      steps += *text + check_text(call, steps_++);
    }
    return std::vector<File>{{options_.name + ".h", header()},
                             {options_.name + ".cc", source(setup, steps)}};
  }

 private:
  const TensorInfo& tensor(int id) const { return program_.tensors[static_cast<std::size_t>(id)]; }

  std::string first_line(const char* what) const {
    return cat("// ", what, " ",
               comment(std::string_view(program_.source).substr(program_.source.rfind('/') + 1)),
               " as C++ for ", options_.target, " (kernels: ", program_.isa, "), made by mote ",
               options_.version, ".\n");
  }

  // The header

  std::string port_text(const std::string& name, const std::string& function, int id) const {
    const TensorInfo& port = tensor(id);
    const std::int64_t count = port.bytes / size_of(port.type);
    std::string text =
        cat("\n/// ", comment(port.name), ": ", meaning_of(port), ".\nstruct ", name,
            " {\n  using Type = ", cpp_name(port.type),
            ";\n  static constexpr const char* kName = ", quoted(port.name),
            ";\n  static constexpr int32_t kOffset = ", port.offset,
            ";  // bytes from the arena's start\n  static constexpr int32_t kElements = ", count,
            ";\n");
    if (!port.shape.empty())
      text += cat("  static constexpr int32_t kShape[] = {", shape_list(port.shape), "};\n");
    if (port.scale != 0)
      text += cat("  static constexpr float kScale = ", literal(port.scale),
                  ";\n  static constexpr int32_t kZeroPoint = ", port.zero_point, ";\n");
    return text + cat("};\ninline ", name, "::Type* ", function,
                      "(void* arena) {\n  return reinterpret_cast<", name,
                      "::Type*>(static_cast<uint8_t*>(arena) + ", name, "::kOffset);\n}\n");
  }

  std::string ports_text(const char* name, const char* function,
                         const std::vector<int>& ids) const {
    if (ids.size() == 1) return port_text(name, function, ids[0]);
    std::string text;
    for (std::size_t i = 0; i < ids.size(); ++i)
      text += port_text(cat(name, i), cat(function, i), ids[i]);
    return text;
  }

  std::string header() const {
    std::string text = first_line("How to call");
    text += cat("#pragma once\n\n#include <stdint.h>\n\nnamespace ", options_.name,
                " {\n\n/// Bytes of memory to work in, which the caller provides, aligned to "
                "kArenaAlignment. ",
                program_.states.empty() ? "Between runs\n/// others may use it.\n"
                                        : "It holds\n/// state: between runs nobody else may use "
                                          "it.\n",
                "inline constexpr int32_t kArenaBytes = ", program_.arena_bytes,
                ";\ninline constexpr int32_t kArenaAlignment = ", program::kAlignment,
                ";\n/// Multiply-accumulates of a run.\ninline constexpr int64_t kMacs = ",
                program::macs(program_), ";\n");
    text += ports_text("Input", "input", program_.inputs);
    text += ports_text("Output", "output", program_.outputs);
    text +=
        "\n/// To be called before the first run, and to forget what earlier runs left.\n"
        "void reset(void* arena);\n\n"
        "/// Makes outputs of inputs. Inputs are overwritten.\nvoid run(void* arena);\n";
    if (options_.test)
      text +=
          cat("\n/// Runs the network on inputs whose results are known. @returns -1 where all "
              "is well; else the\n/// number of the call in run() whose result differs, or ",
              program_.calls.size(),
              " where an output does.\n"
              "int32_t self_test(void* arena);\n");
    return text + cat("\n}  // namespace ", options_.name, "\n");
  }

  // The source

  std::string pointer_text(const Operand& operand, const Parameter& parameter) {
    const std::int64_t count = elements_of(operand.shape);
    const std::string type = cat(parameter.is_const ? "const " : "", cpp_name(parameter.type));
    if (count == 0) return cat("static_cast<", type, "*>(nullptr)");
    if (operand.space == Space::kConstants)
      return constants_.name(parameter.type, operand.offset, count);
    return cat("at<", type, ">(arena, ", operand.offset, ")");
  }

  std::string view_text(const Operand& operand, const Parameter& parameter) {
    return cat("view<",
               shape_list({operand.shape.dims, static_cast<std::size_t>(operand.shape.rank)}), ">(",
               pointer_text(operand, parameter), ")");
  }

  std::string argument_text(const Operand* operands, const Parameter& parameter) {
    const auto constant = [&](int i, DType type) {
      return constants_.name(type, operands[i].offset, elements_of(operands[i].shape));
    };
    switch (parameter.kind) {
      case Parameter::Kind::kView:
        return view_text(operands[0], parameter);
      case Parameter::Kind::kRescale:
      case Parameter::Kind::kRescale64: {
        const bool is_wide = parameter.kind == Parameter::Kind::kRescale64;
        const std::string bias = constant(0, is_wide ? DType::kInt64 : DType::kInt32);
        const std::string multiplier = constant(1, DType::kInt32);
        return cat("mote::Rescale", is_wide ? "64" : "", "{", bias, ", ", multiplier, ", ",
                   constant(2, DType::kInt32), "}");
      }
      case Parameter::Kind::kTileRescale: {
        std::string list;
        for (int i = 0; i < 4; ++i) list += cat(i > 0 ? ", " : "", constant(i, DType::kInt32));
        return cat("mote::isa::TileRescale{", list, "}");
      }
    }
    return "";
  }

  Result<std::string> call_text(const KernelCall& call) {
    const dispatch::KernelRow* row = table_ ? table_->find(call.kernel) : nullptr;
    const std::string_view file = header_of(call.kernel);
    if (!row || file.empty())
      return unsupported(cat(call.node, ": '", call.kernel, "' is no kernel for emitted code"));
    headers_.insert(std::string(file));
    const std::string attrs = cat("Attrs", attributes_++);
    attributes_text_ += attributes_text(attrs, call.attrs);
    std::string text = cat("  // ", comment(call.node), "\n  mote::kernels::", call.kernel,
                           "<Isa>(\n      ", attrs, "()");
    const Operand* next = call.operands.data();
    for (int i = 0; i < row->signature.size(); ++i) {
      const Parameter parameter = row->signature[i];
      text += cat(",\n      ", argument_text(next, parameter));
      next += parameter.operands();
    }
    return text + ");\n";
  }

  /// What follows a call: whoever watches looks at what it made.
  std::string check_text(const KernelCall& call, std::size_t index) const {
    if (!options_.test || !options_.test->checksums[index]) return "";
    const TensorInfo& made = tensor(call.writes.back());
    return cat("  if (!is_well(", *options_.test->checksums[index], "u, arena + ", made.offset,
               ", ", made.bytes, ")) return ", index, ";\n");
  }

  std::string self_test_text() const {
    const Vectors& test = *options_.test;
    std::string text, copies, checks;
    const auto array = [&](const char* name, std::size_t i, DType type,
                           std::span<const std::byte> bytes) {
      text += cat("alignas(", program::kAlignment, ") constexpr ", cpp_name(type), " ", name, i,
                  "[] = ", list_of(type, bytes), ";\n");
    };
    for (std::size_t i = 0; i < test.inputs.size(); ++i) {
      const TensorInfo& port = tensor(program_.inputs[i]);
      array("kTestInput", i, port.type, test.inputs[i]);
      copies += cat("  __builtin_memcpy(memory + ", port.offset, ", kTestInput", i, ", ",
                    port.bytes, ");\n");
    }
    for (std::size_t i = 0; i < test.outputs.size(); ++i) {
      const TensorInfo& port = tensor(program_.outputs[i]);
      array("kTestOutput", i, port.type, test.outputs[i]);
      checks += cat("  if (!mote::is_same(at<const ", cpp_name(port.type), ">(memory, ",
                    port.offset, "), kTestOutput", i, ", ", port.bytes / size_of(port.type),
                    "))\n    return ", program_.calls.size(), ";\n");
    }
    return cat("\nnamespace {\n\n", text, "\n}  // namespace\n\nint32_t self_test(void* arena) {\n",
               "  auto* memory = static_cast<uint8_t*>(arena);\n  reset(arena);\n", copies,
               "  const int32_t wrong = steps(memory, [](uint32_t sum, const void* made, int32_t "
               "bytes) {\n    return mote::checksum(made, bytes) == sum;\n  });\n"
               "  if (wrong >= 0) return wrong;\n",
               checks, "  reset(arena);\n  return -1;\n}\n");
  }

  std::string source(const std::string& setup, const std::string& steps) const {
    std::string text = first_line("What runs");
    text +=
        cat("#include \"", options_.name, ".h\"\n\n#include \"mote/core/base/tensor_view.h\"\n");
    if (options_.test) text += "#include \"mote/core/base/self_test.h\"\n";
    for (const std::string& file : headers_)
      text += cat("#include \"mote/core/kernels/", file, "\"\n");
    const IsaHeader isa = header_of_isa(program_.isa);
    text +=
        cat("#include \"mote/core/kernels/isa/", isa.file, "\"\n\nnamespace ", options_.name,
            " {\nnamespace {\n\nusing Isa = mote::isa::", isa.type, ";\nusing mote::view;\n\n",
            "/// What lies so many bytes behind the arena's start.\ntemplate <class T>\nT* "
            "at(uint8_t* arena, int32_t offset) {\n  return reinterpret_cast<T*>(arena + "
            "offset);\n}\n\n",
            constants_.text(), "\n", attributes_text_,
            "\n/// One run. is_well(checksum, what a call has made, its bytes) says whether to go "
            "on.\n/// @returns the call after which it did not; else -1.\n"
            "template <class IsWell>\nint32_t steps([[maybe_unused]] uint8_t* arena, "
            "[[maybe_unused]] IsWell "
            "is_well) {\n",
            steps,
            "  return -1;\n}\n\n}  // namespace\n\nvoid reset([[maybe_unused]] void* "
            "arena_start) {\n");
    if (!setup.empty() || !program_.states.empty())
      text += "  auto* arena = static_cast<uint8_t*>(arena_start);\n";
    for (const program::State& state : program_.states)
      text += cat("  __builtin_memset(arena + ", state.offset, ", ", int{state.fill}, ", ",
                  state.bytes, ");\n");
    text += cat(setup,
                "}\n\nvoid run(void* arena) {\n  steps(static_cast<uint8_t*>(arena), "
                "[](uint32_t, const void*, int32_t) { return true; });\n}\n");
    if (options_.test) text += self_test_text();
    return text + cat("\n}  // namespace ", options_.name, "\n");
  }

  const Program& program_;
  const Options& options_;
  Constants constants_;
  const dispatch::KernelTable* table_ = nullptr;
  std::string attributes_text_;
  std::set<std::string> headers_;
  std::size_t attributes_ = 0, steps_ = 0;
};

}  // namespace

Result<std::vector<File>> emit(const Program& program, const Options& options) {
  return Emitter(program, options).run();
}

}  // namespace mote::emit
