#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/compiler/onnx/import.h"
#include "mote/dispatch/kernel_table.h"
#include "mote/host/runtime/interpreter.h"
#include "tests/fuzz/targets.h"

namespace mote::fuzz {
namespace {

constexpr std::int64_t kMaxArenaBytes = std::int64_t{64} << 20;
constexpr std::int64_t kMaxMacs = 20'000'000;
constexpr std::int64_t kMaxTraffic = 20'000'000;  ///< bytes that all calls' operands have

std::int64_t byte_count(const program::Operand& operand) {
  std::int64_t bytes = size_of(operand.type);
  for (int i = 0; i < operand.shape.rank; ++i) bytes *= operand.shape[i];
  return bytes;
}

bool is_small(const program::Program& program) {
  std::int64_t traffic = 0;
  for (const auto* calls : {&program.setup, &program.calls})
    for (const program::KernelCall& call : *calls)
      for (const program::Operand& operand : call.operands) traffic += byte_count(operand);
  return traffic <= kMaxTraffic && program::macs(program) <= kMaxMacs;
}

/// Bytes that are all kinds of numbers, and the same each time.
void fill(std::span<std::byte> bytes) {
  std::uint32_t state = 1;
  for (std::byte& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = std::byte(state >> 24);
  }
}

void run_program(program::Program compiled) {
  auto interpreter =
      runtime::Interpreter::create(std::make_shared<const program::Program>(std::move(compiled)));
  if (!interpreter) return;
  for (int repeat = 0; repeat < 2; ++repeat) {
    for (int i = 0; i < interpreter->input_count(); ++i) fill(interpreter->input(i).bytes());
    interpreter->run();
  }
}

/// On every instruction set, unless that takes too much.
void run_model(const graph::Model& model) {
  for (const dispatch::KernelTable* table : dispatch::available_tables()) {
    auto program = compiler::compile(model, {.isa = std::string(table->isa),
                                             .arena_limit = kMaxArenaBytes,
                                             .loops = passes::Loops{.recognise_gru = true}});
    if (!program || !is_small(*program)) return;
    run_program(std::move(*program));
  }
}

}  // namespace

void run(std::span<const std::byte> file) {
  const auto model = model::read_tflite(
      std::make_shared<const std::vector<std::byte>>(file.begin(), file.end()), "input");
  if (model) run_model(*model);
}

void read_onnx(std::span<const std::byte> file) {
  const auto model = onnx::read_onnx(file, "input");
  if (!model) return;
  if (const auto sound = graph::verify(*model); !sound) {
    std::fprintf(stderr, "%s\n", sound.error().message.c_str());
    std::abort();
  }
  compiler::with_gru();
  run_model(*model);
}

}  // namespace mote::fuzz
