#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mote/core/base/dtype.h"
#include "mote/core/base/extents.h"
#include "mote/core/base/fixed_point.h"
#include "mote/program/attrs.h"
#include "mote/support/result.h"

/// The narrow waist: what the compiler makes, and all that running, emitting and costing need.
namespace mote::program {

/// Every buffer starts at a multiple of this many bytes from the arena's start, and so must the
/// arena.
inline constexpr std::int64_t kAlignment = 16;

enum class Space : std::uint8_t {
  kArena,      ///< the one block of working memory: activations, scratch, state
  kConstants,  ///< Program::constants
  kSource,     ///< the network's input where it stays with the caller; copies read it, from the
               ///< first byte on and none twice
};
enum class Access : std::uint8_t { kRead, kWrite, kReadWrite };

/// One argument of a kernel: where it lies, what it holds, and in which shape the kernel sees it.
struct Operand {
  Space space = Space::kArena;
  Access access = Access::kRead;
  DType type = DType::kInt8;
  Extents shape;
  std::int64_t offset = 0;  ///< bytes from the start of its space
};

/// A value of the network as a person knows it: its name, real shape and scale. What `mote diff`
/// compares, and what inputs and outputs are.
struct TensorInfo {
  std::string name;
  int index = 0;  ///< in the model file's first subgraph
  DType type = DType::kInt8;
  std::vector<int> shape;
  float scale = 0;  ///< 0: not quantised
  int zero_point = 0;
  bool from_uint8 = false;  ///< INT8 that is UINT8 in the file: the same numbers 128 lower
  Space space = Space::kArena;
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
};

/// What a share of a call sees of one of the call's operands.
struct View {
  std::int64_t offset = 0;  ///< bytes from where the operand begins
  Extents shape;
};

/// A share of a call: the same kernel on a part of the output, of which no other share of the call
/// writes a byte, and with memory of its own to work in. All shares together are the call.
struct Share {
  Attributes attrs;
  std::vector<View> views;  ///< of each operand of the call, in their order
};

/// One step: a kernel's name (a row of dispatch, a function of core/kernels), its attributes
/// and operands in the order in which that function takes them.
struct KernelCall {
  const char* kernel = "";
  Attributes attrs;
  std::vector<Operand> operands;
  std::string node;           ///< "node 3 CONV_2D 'conv1'"
  std::string op;             ///< "CONV_2D"
  std::int64_t macs = 0;      ///< multiply-accumulates of one execution
  std::vector<int> writes;    ///< indices into Program::tensors of what is complete after this call
  std::vector<Share> shares;  ///< for threads, to run instead of the whole; empty: not worth it
};

/// Bytes of the arena that live from one run to the next.
struct State {
  std::int64_t offset = 0, bytes = 0;
  std::uint8_t fill = 0;  ///< what every byte holds after a reset
};

/// How long which bytes of the arena are in use; for maps of the arena and the independent
/// validator. Where several values share a memory, each piece of it that is in use at the same time
/// is one: its name is theirs.
struct Placement {
  std::string name;
  int first_use = 0, last_use = 0;  ///< over setup calls, then calls
  std::int64_t offset = 0, bytes = 0;
};

/// A network, ready to run: plain data.
struct Program {
  std::string source;  ///< the model file's name, for messages
  Numerics numerics = Numerics::kTflm;
  std::string isa = "scalar";        ///< whose kernels it calls; constants are packed for them
  int threads = 1;                   ///< calls have at most so many shares
  std::vector<KernelCall> setup;     ///< run once after each reset (CALL_ONCE)
  std::vector<KernelCall> calls;     ///< one inference
  std::vector<std::byte> constants;  ///< each aligned to kAlignment
  std::vector<TensorInfo> tensors;   ///< every value that some call writes, inputs included
  std::vector<int> inputs, outputs;  ///< indices into `tensors`; one input alone where it is source
  std::vector<State> states;
  std::vector<Placement> placements;
  std::int64_t arena_bytes = 0;        ///< exactly what an interpreter needs
  std::int64_t arena_lower_bound = 0;  ///< what no plan for this order of calls can go below
};

/// Multiply-accumulates of one inference.
std::int64_t macs(const Program& program);

}  // namespace mote::program
