// A plug-in for QEMU that looks at one run of a function: how many instructions, what they weigh,
// and where in the function they were.
//
//     qemu-system-arm ... -plugin libweigh.so,start=A,end=B,stop=C,out=FILE
//
// start and end are the function's addresses, stop where it returns to. FILE gets a line
// "total INSTRUCTIONS WEIGHT", and one "ADDRESS INSTRUCTIONS WEIGHT" for each instruction of the
// function; what it calls counts at the call. docs/boards.md says what an instruction weighs.

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

// Of QEMU's plug-in interface, version 1, what is used here: Debian has no package with the header.
extern "C" {
struct qemu_plugin_tb;
struct qemu_plugin_insn;
using PluginId = std::uint64_t;

void qemu_plugin_register_vcpu_tb_trans_cb(PluginId, void (*)(PluginId, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb*, void (*)(unsigned, void*), int, void*);
void qemu_plugin_register_atexit_cb(PluginId, void (*)(PluginId, void*), void*);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb*);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb*, std::size_t);
std::uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn*);
const void* qemu_plugin_insn_data(const qemu_plugin_insn*);

[[gnu::visibility("default")]] extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;
}

namespace {

constexpr int kTakenBranch = 2;  ///< what a taken branch weighs more than another instruction

#ifdef WEIGH_RISCV
bool is_four_bytes(unsigned first) { return (first & 3) == 3; }
int more_registers(unsigned, unsigned) { return 0; }
bool is_loop_end(unsigned, unsigned) { return false; }
#else
bool is_four_bytes(unsigned first) { return first >= 0xE800; }

/// How many registers more than one it loads or stores.
int more_registers(unsigned first, unsigned second) {
  const auto beyond_one = [](unsigned count) {
    return count > 1 ? static_cast<int>(count) - 1 : 0;
  };
  const auto bits = [](unsigned mask) { return static_cast<unsigned>(__builtin_popcount(mask)); };
  if ((first & 0xF600) == 0xB400) return beyond_one(bits(first & 0x1FF));  // PUSH, POP
  if ((first & 0xF000) == 0xC000) return beyond_one(bits(first & 0xFF));   // STM, LDM
  if ((first & 0xFE40) == 0xE800) return beyond_one(bits(second));         // STM.W, LDM.W
  if ((first & 0xFE40) == 0xE840 && (first & 0x0120) != 0) return 1;       // STRD, LDRD
  const bool is_vector_move = (first & 0xFE00) == 0xEC00 && (second & 0x0E00) == 0x0A00;
  const bool is_single = (first & 0x0120) == 0x0100;  // VLDR, VSTR
  const bool is_between_files = (first & 0xFFE0) == 0xEC40;
  if (is_vector_move && is_between_files) return 1;
  return is_vector_move && !is_single ? beyond_one(second & 0xFF) : 0;  // VLDM, VPUSH, ...
}

/// LE and LETP, which cost no branch.
bool is_loop_end(unsigned first, unsigned second) {
  return (first & 0xFFCF) == 0xF00F && (second & 0xF001) == 0xC001;
}
#endif

/// Instructions that run one after another, and how often they did.
struct Block {
  struct Instruction {
    std::uint64_t address;
    int weight;
  };
  std::vector<Instruction> instructions;
  std::uint64_t start = 0, end = 0;
  int weight = 0;
  bool ends_loop = false, is_inside = false;
  std::uint64_t runs = 0, calls_count = 0, calls_weight = 0, taken = 0;
};

enum class Phase { kBefore, kDuring, kAfter };

struct State {
  std::uint64_t start = 0, end = 0, stop = 0;
  std::string out;
  Phase phase = Phase::kBefore;
  std::vector<std::unique_ptr<Block>> blocks;
  Block* previous = nullptr;
  Block* inside = nullptr;  ///< the last block of the function itself
};
// Never destroyed: QEMU asks for the report when destructors have run.
State& state = *new State;

void execute(unsigned, void* data) {
  auto* block = static_cast<Block*>(data);
  if (state.phase == Phase::kAfter) return;
  if (state.phase == Phase::kBefore) {
    if (block->start != state.start) return;
    state.phase = Phase::kDuring;
  } else if (state.previous->end != block->start && !state.previous->ends_loop) {
    ++state.inside->taken;
  }
  if (block->start == state.stop) {
    state.phase = Phase::kAfter;
    return;
  }
  state.previous = block;
  if (block->is_inside) {
    state.inside = block;
    ++block->runs;
  } else {
    state.inside->calls_count += block->instructions.size();
    state.inside->calls_weight += static_cast<std::uint64_t>(block->weight);
  }
}

void translate(PluginId, qemu_plugin_tb* tb) {
  auto block = std::make_unique<Block>();
  for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(tb); ++i) {
    const qemu_plugin_insn* instruction = qemu_plugin_tb_get_insn(tb, i);
    const std::uint64_t address = qemu_plugin_insn_vaddr(instruction);
    // QEMU's own size of an instruction is wrong where it has looked beyond: at the end of a page.
    std::uint16_t halves[2] = {};
    const auto* data = static_cast<const char*>(qemu_plugin_insn_data(instruction));
    std::memcpy(&halves[0], data, 2);
    const bool is_long = is_four_bytes(halves[0]);
    if (is_long) std::memcpy(&halves[1], data + 2, 2);
    const int weight = 1 + more_registers(halves[0], halves[1]);
    block->ends_loop = is_loop_end(halves[0], halves[1]);
    block->instructions.push_back({address, weight});
    block->weight += weight;
    block->end = address + (is_long ? 4 : 2);
  }
  block->start = block->instructions.front().address;
  block->is_inside = block->start >= state.start && block->start < state.end;
  qemu_plugin_register_vcpu_tb_exec_cb(tb, execute, 0, block.get());
  state.blocks.push_back(std::move(block));
}

void report(PluginId, void*) {
  std::FILE* out = std::fopen(state.out.c_str(), "w");
  if (!out) return;
  std::uint64_t count = 0, weight = 0;
  for (const auto& block : state.blocks) {
    if (!block->is_inside) continue;
    for (const auto& instruction : block->instructions) {
      const bool is_last = &instruction == &block->instructions.back();
      std::uint64_t own = block->runs, own_weight = own * static_cast<unsigned>(instruction.weight);
      if (is_last) {
        own += block->calls_count;
        own_weight += block->calls_weight + kTakenBranch * block->taken;
      }
      count += own;
      weight += own_weight;
      if (own > 0)
        std::fprintf(out, "0x%" PRIx64 " %" PRIu64 " %" PRIu64 "\n", instruction.address, own,
                     own_weight);
    }
  }
  if (state.phase == Phase::kAfter)
    std::fprintf(out, "total %" PRIu64 " %" PRIu64 "\n", count, weight);
  std::fclose(out);
}

}  // namespace

extern "C" [[gnu::visibility("default")]] int qemu_plugin_install(PluginId id, const void*,
                                                                  int count, char** options) {
  for (int i = 0; i < count; ++i) {
    const std::string option = options[i];
    const std::size_t sign = option.find('=');
    if (sign == std::string::npos) return 1;
    const std::string key = option.substr(0, sign), value = option.substr(sign + 1);
    if (key == "out")
      state.out = value;
    else if (key == "start" || key == "end" || key == "stop")
      (key == "start" ? state.start
       : key == "end" ? state.end
                      : state.stop) = std::strtoull(value.c_str(), nullptr, 0);
    else
      return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  qemu_plugin_register_atexit_cb(id, report, nullptr);
  return 0;
}
