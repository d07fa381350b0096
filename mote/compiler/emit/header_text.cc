#include "mote/compiler/emit/header_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "mote/compiler/emit/operands.h"
#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

using program::Program;
using program::TensorInfo;

const TensorInfo& tensor(const Program& program, int id) {
  return program.tensors[static_cast<std::size_t>(id)];
}

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

/// Whether mote/core/base/quantize.h knows the tensor's numbers.
bool is_quantized(const TensorInfo& tensor) {
  return tensor.scale != 0 && tensor.type != DType::kFloat32 && size_of(tensor.type) <= 2;
}

enum class Direction : std::uint8_t { kIn, kOut };

std::string port_text(const std::string& name, const std::string& function, const TensorInfo& port,
                      Direction direction) {
  const std::int64_t count = port.bytes / size_of(port.type);
  const bool is_source = port.space == program::Space::kSource;
  std::string text = cat("\n/// ", comment(port.name), ": ", meaning_of(port), ".\nstruct ", name,
                         " {\n  using Type = ", cpp_name(port.type),
                         ";\n  static constexpr const char* kName = ", quoted(port.name), ";\n");
  if (is_source)
    text += cat("  static constexpr int32_t kRows = ", port.shape[1],
                ", kRowElements = ", count / port.shape[1], ";\n");
  else
    text += cat("  static constexpr int32_t kOffset = ", port.offset,
                ";  // bytes from the arena's start\n");
  text += cat("  static constexpr int32_t kElements = ", count, ";\n");
  if (!port.shape.empty())
    text += cat("  static constexpr int32_t kShape[] = {", shape_list(port.shape), "};\n");
  if (port.scale != 0)
    text += cat("  static constexpr float kScale = ", literal(port.scale),
                ";\n  static constexpr int32_t kZeroPoint = ", port.zero_point, ";\n");
  if (is_quantized(port) && direction == Direction::kIn)
    text +=
        "  /// What stands for a real number: the nearest, or the outermost.\n"
        "  static constexpr Type quantize(float real) {\n"
        "    return mote::quantize<Type>(real, kScale, kZeroPoint);\n  }\n";
  if (is_quantized(port) && direction == Direction::kOut)
    text +=
        "  /// The real number that an element stands for.\n"
        "  static constexpr float dequantize(Type q) {\n"
        "    return mote::dequantize<Type>(q, kScale, kZeroPoint);\n  }\n";
  if (is_source)
    return text +
           "};\n"
           "/// Brings `count` rows of the input, from row `first` on, to `to`. A run asks for "
           "rows in "
           "their order,\n/// for none twice, and not for those that no output depends on.\n"
           "using ReadRows = void (*)(void* context, int32_t first, int32_t count, Input::Type* "
           "to);\n";
  return text + cat("};\ninline ", name, "::Type* ", function,
                    "(void* arena) {\n  return reinterpret_cast<", name,
                    "::Type*>(static_cast<uint8_t*>(arena) + ", name, "::kOffset);\n}\n");
}

std::string ports_text(const char* name, const char* function, const Program& program,
                       Direction direction) {
  const std::vector<int>& ids = direction == Direction::kIn ? program.inputs : program.outputs;
  if (ids.size() == 1) return port_text(name, function, tensor(program, ids[0]), direction);
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i)
    text += port_text(cat(name, i), cat(function, i), tensor(program, ids[i]), direction);
  return text;
}

bool has_quantized_ports(const Program& program) {
  const auto is_one = [&](int id) { return is_quantized(tensor(program, id)); };
  return std::any_of(program.inputs.begin(), program.inputs.end(), is_one) ||
         std::any_of(program.outputs.begin(), program.outputs.end(), is_one);
}

}  // namespace

std::string first_line(const char* what, const Program& program, const Options& options) {
  return cat("// ", what, " ",
             comment(std::string_view(program.source).substr(program.source.rfind('/') + 1)),
             " as C++ for ", options.target, " (kernels: ", program.isa, "), made by mote ",
             options.version, ".\n");
}

std::string header_text(const Program& program, const Options& options) {
  std::string text = first_line("How to call", program, options);
  text += "#pragma once\n\n#include <stdint.h>\n";
  if (has_quantized_ports(program)) text += "\n#include \"mote/core/base/quantize.h\"\n";
  text +=
      cat("\nnamespace ", options.name_space,
          " {\n\n/// Bytes of memory to work in, which the caller provides, aligned to "
          "kArenaAlignment. ",
          program.states.empty() ? "Between runs\n/// others may use it.\n"
                                 : "It holds\n/// state: between runs nobody else may use it.\n",
          "inline constexpr int32_t kArenaBytes = ", program.arena_bytes,
          ";\ninline constexpr int32_t kArenaAlignment = ", program::kAlignment,
          ";\n/// Multiply-accumulates of a run.\ninline constexpr int64_t kMacs = ",
          program::macs(program), ";\n");
  text += ports_text("Input", "input", program, Direction::kIn);
  text += ports_text("Output", "output", program, Direction::kOut);
  text +=
      "\n/// To be called before the first run, and to forget what earlier runs left.\n"
      "void reset(void* arena);\n\n";
  const bool reads_rows = source_of(program) != nullptr;
  const char* reader = reads_rows ? ", ReadRows read_rows, void* context" : "";
  text += cat(reads_rows
                  ? "/// Makes outputs of the input's rows, which read_rows(context, ...) brings.\n"
                  : "/// Makes outputs of inputs. Inputs are overwritten.\n",
              "void run(void* arena", reader, ");\n");
  if (options.test)
    text +=
        cat("\n/// Runs the network on inputs whose results are known. @returns -1 where all "
            "is well; else the\n/// number of the call in run() whose result differs, or ",
            program.calls.size(),
            " where an output does.\n"
            "int32_t self_test(void* arena);\n");
  if (options.watch)
    text += cat(
        "\n/// As run(), and calls see(tensor, bytes, how many) for each value as soon as it is "
        "complete. Which\n/// tensor that is says its place in mote's program.\n"
        "void run_watched(void* arena",
        reader, ", void (*see)(int32_t tensor, const void* bytes, int32_t count));\n");
  return text + cat("\n}  // namespace ", options.name_space, "\n");
}

}  // namespace mote::emit
