#include "mote/mote.h"

#include <utility>
#include <vector>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/file.h"

namespace mote {
namespace {

Result<std::shared_ptr<const Program>> compile_file(std::vector<std::byte> file,
                                                    const std::string& source,
                                                    const LoadOptions& options) {
  const auto table = dispatch::choose_table(options.isa);
  if (!table) return tl::unexpected(table.error());
  const bool is_onnx = options.onnx && options.onnx->may_be(file);
  auto model = is_onnx
                   ? options.onnx->read(file, source)
                   : model::read_tflite(
                         std::make_shared<const std::vector<std::byte>>(std::move(file)), source);
  if (!model) return tl::unexpected(model.error());
  compiler::Options compile_options{.isa = std::string((*table)->isa),
                                    .arena_limit = options.arena_limit,
                                    .threads = options.threads,
                                    .shrink = options.shrink,
                                    .stream = options.stream,
                                    .bands = options.bands,
                                    .loops = options.loops};
  auto program = compiler::compile(std::move(*model), compile_options);
  if (!program) return tl::unexpected(program.error());
  return std::make_shared<const Program>(std::move(*program));
}

Result<Interpreter> interpret(Result<std::shared_ptr<const Program>> program,
                              const LoadOptions& options) {
  if (!program) return tl::unexpected(program.error());
  return Interpreter::create(std::move(*program), {.arena = options.arena});
}

}  // namespace

Result<std::shared_ptr<const Program>> load_program(const std::string& path,
                                                    const LoadOptions& options) {
  auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  return compile_file(std::move(*file), path == "-" ? "standard input" : path, options);
}

Result<std::shared_ptr<const Program>> load_program(std::span<const std::byte> file,
                                                    const std::string& source,
                                                    const LoadOptions& options) {
  return compile_file({file.begin(), file.end()}, source, options);
}

Result<Interpreter> load(const std::string& path, const LoadOptions& options) {
  return interpret(load_program(path, options), options);
}

Result<Interpreter> load(std::span<const std::byte> file, const LoadOptions& options) {
  return interpret(load_program(file, "the model", options), options);
}

}  // namespace mote
