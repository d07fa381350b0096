#include "mote/compiler/emit/emit.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "mote/compiler/emit/calls.h"
#include "mote/compiler/emit/header_text.h"
#include "mote/compiler/emit/headers.h"
#include "mote/compiler/emit/operands.h"
#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

using program::KernelCall;
using program::Program;
using program::TensorInfo;

class Emitter {
 public:
  Emitter(const Program& program, const Options& options)
      : program_(program),
        options_(options),
        source_(source_of(program)),
        calls_(program, options.shapes) {}

  Result<std::vector<File>> run() {
    MOTE_TRY(calls_.prepare());
    std::string setup, steps;
    for (const KernelCall& call : program_.setup) setup += calls_.text(call);
    std::size_t index = 0;
    for (const KernelCall& call : program_.calls)
      steps += calls_.text(call) + check_text(call, index++) + watch_text(call);
    return std::vector<File>{{options_.name + ".h", header_text(program_, options_)},
                             {options_.name + ".cc", source(setup, steps)}};
  }

 private:
  const TensorInfo& tensor(int id) const { return program_.tensors[static_cast<std::size_t>(id)]; }

  /// What follows a call: whoever watches looks at what it made.
  std::string check_text(const KernelCall& call, std::size_t index) const {
    if (!options_.test || !options_.test->checksums[index]) return "";
    const TensorInfo& made = tensor(call.writes.back());
    return cat("  if (!is_well(", *options_.test->checksums[index], "u, arena + ", made.offset,
               ", ", made.bytes, ")) return ", index, ";\n");
  }

  /// All that a call has completed, while it still lies there: later ones may overwrite it.
  std::string watch_text(const KernelCall& call) const {
    if (!options_.watch) return "";
    std::string text;
    for (int id : call.writes) {
      const TensorInfo& made = tensor(id);
      text += cat("  see(", id, ", arena + ", made.offset, ", ", made.bytes, ");\n");
    }
    return text;
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
      if (source_) continue;
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
               "bytes) {\n    return mote::checksum(made, bytes) == sum;\n  }",
               source_ ? kReadTestRows : "", unseeing(),
               ");\n"
               "  if (wrong >= 0) return wrong;\n",
               checks, "  reset(arena);\n  return -1;\n}\n");
  }

  std::string includes() const {
    std::string text =
        cat("#include \"", options_.name, ".h\"\n\n#include \"mote/core/base/mixed_extents.h\"\n");
    if (options_.test) text += "#include \"mote/core/base/self_test.h\"\n";
    for (const std::string& file : calls_.headers())
      text += cat("#include \"mote/core/kernels/", file, "\"\n");
    return cat(text, "#include \"mote/core/kernels/isa/", header_of_isa(program_.isa).file, "\"\n");
  }

  std::string source(const std::string& setup, const std::string& steps) const {
    std::string text = first_line("What runs", program_, options_);
    text +=
        cat(includes(), "\nnamespace ", options_.name_space,
            " {\nnamespace {\n\nusing Isa = mote::isa::", header_of_isa(program_.isa).type,
            ";\nusing mote::view;\n\n",
            "/// What lies so many bytes behind the arena's start.\ntemplate <class T>\nT* "
            "at(uint8_t* arena, int32_t offset) {\n  return reinterpret_cast<T*>(arena + "
            "offset);\n}\n\n",
            calls_.declarations(),
            "\n/// One run. is_well(checksum, what a call has made, its bytes) says whether to go "
            "on.\n/// @returns the call after which it did not; else -1.\n",
            source_ ? "/// read_rows(first, count, to) brings rows of the input.\n" : "",
            "template <class IsWell", source_ ? ", class Read" : "",
            options_.watch ? ", class See>\n" : ">\n",
            "int32_t steps([[maybe_unused]] uint8_t* arena, [[maybe_unused]] IsWell is_well",
            source_ ? ", Read read_rows" : "", options_.watch ? ", [[maybe_unused]] See see" : "",
            ") {\n", steps,
            "  return -1;\n}\n\n}  // namespace\n\nvoid reset([[maybe_unused]] void* "
            "arena_start) {\n");
    if (!setup.empty() || !program_.states.empty())
      text += "  auto* arena = static_cast<uint8_t*>(arena_start);\n";
    for (const program::State& state : program_.states)
      text += cat("  __builtin_memset(arena + ", state.offset, ", ", int{state.fill}, ", ",
                  state.bytes, ");\n");
    const char* reader = source_ ? ", ReadRows read_rows, void* context" : "";
    const char* reading = source_ ? kReadRows : "";
    text += cat(setup, "}\n\nvoid run(void* arena", reader,
                ") {\n  steps(static_cast<uint8_t*>(arena), ", kAllIsWell, reading, unseeing(),
                ");\n}\n");
    if (options_.watch)
      text += cat("\nvoid run_watched(void* arena", reader,
                  ", void (*see)(int32_t, const void*, int32_t)) {\n",
                  "  steps(static_cast<uint8_t*>(arena), ", kAllIsWell, reading, ", see);\n}\n");
    if (options_.test) text += self_test_text();
    return text + cat("\n}  // namespace ", options_.name_space, "\n");
  }

  static constexpr const char* kAllIsWell = "[](uint32_t, const void*, int32_t) { return true; }";
  static constexpr const char* kReadRows =
      ", [&](int32_t first, int32_t count, Input::Type* to) {\n"
      "    read_rows(context, first, count, to);\n  }";
  static constexpr const char* kReadTestRows =
      ", [](int32_t first, int32_t count, Input::Type* to) {\n"
      "    __builtin_memcpy(to, kTestInput0 + first * Input::kRowElements,\n"
      "                     static_cast<uint32_t>(count) * Input::kRowElements * sizeof *to);\n  }";
  /// What steps() takes besides, where nobody watches.
  const char* unseeing() const {
    return options_.watch ? ", [](int32_t, const void*, int32_t) {}" : "";
  }

  const Program& program_;
  const Options& options_;
  const TensorInfo* source_;  // an input that is read in rows; else nullptr
  Calls calls_;
};

/// "a", "b" of "a::b"
std::vector<std::string_view> parts_of_name(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find("::", start), name.size());
    parts.push_back(name.substr(start, end - start));
    start = end + 2;
  }
  return parts;
}

}  // namespace

Result<std::vector<File>> emit(const Program& program, const Options& options) {
  Options complete = options;
  if (complete.name_space.empty()) complete.name_space = options.name;
  if (!is_identifier(options.name))
    return fail(ErrorCode::kUsage,
                cat("'", options.name, "' cannot be a name, expected letters, digits and ",
                    "underscores that are no word of C++"));
  for (std::string_view part : parts_of_name(complete.name_space))
    if (!is_identifier(part))
      return fail(ErrorCode::kUsage,
                  cat("'", complete.name_space, "' cannot be a namespace, expected names of ",
                      "letters, digits and underscores that are no word of C++, joined by ::"));
  return Emitter(program, complete).run();
}

}  // namespace mote::emit
