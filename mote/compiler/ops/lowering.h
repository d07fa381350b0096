#pragma once

#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/ops/target.h"
#include "mote/program/program.h"

namespace mote::ops {

using program::Access;
using program::Attributes;
using program::Operand;
using program::Space;

/// An operand before the plan: `buffer` says in which buffer of the arena it lies, `operand.offset`
/// where within that buffer (or within the constants).
struct DraftOperand {
  Operand operand;
  int buffer = -1;  ///< -1: a constant, or the source
};

/// A kernel call before the plan.
struct DraftCall {
  const char* kernel = "";
  Attributes attrs;
  std::vector<DraftOperand> operands;
  std::int64_t macs = 0;
  std::vector<program::Share> shares;
  /// Its last operand may lie over its first, which then must begin at least so many bytes behind:
  /// what the kernel writes it has read for the last time before.
  std::optional<std::int64_t> lead = std::nullopt;
  // Filled in by Lowering:
  std::string node, op;
  int graph = 0;
  std::vector<int> writes;  ///< tensors of `graph`
};

/// A piece of the arena before the plan, with the time it is needed for.
struct DraftBuffer {
  std::string name;
  std::int64_t bytes = 0;
  int first_use = -1, last_use = -1;  ///< call indices over setup, then main; -1: never used
  bool is_state = false;
  std::uint8_t fill = 0;
};

/// Collects the kernel calls, constants and buffers of a program while operators lower themselves.
///
/// Tensors are named by their indices in the subgraph that is being lowered.
class Lowering {
 public:
  explicit Lowering(const graph::Model& model, const Target& target = {})
      : model_(model), target_(target) {}
  Lowering(const Lowering&) = delete;  // its constants are found by where they lie
  Lowering& operator=(const Lowering&) = delete;

  /// Whose kernels are called.
  const Target& target() const { return target_; }

  // For operators:

  /// The tensor as a kernel reads it; `shape` is the view the kernel wants (default: the tensor's
  /// own).
  DraftOperand read(int tensor);
  DraftOperand read(int tensor, const Extents& shape);
  /// The tensor as a kernel writes it.
  DraftOperand write(int tensor);
  DraftOperand write(int tensor, const Extents& shape);
  /// A variable tensor that the kernel reads and writes, as it was left by the last run.
  DraftOperand state(int tensor, const Extents& shape);
  /// State that the kernel keeps between runs, under a name; every byte is `fill` after a reset.
  /// The same key gives the same memory in every subgraph.
  DraftOperand state(const std::string& key, DType type, const Extents& shape,
                     std::uint8_t fill = 0);
  /// Memory that the kernel uses during this call only.
  DraftOperand scratch(DType type, const Extents& shape);
  /// Numbers computed by the compiler; equal constants are stored once.
  template <class T>
  DraftOperand constant(std::span<const T> values, const Extents& shape) {
    return constant_bytes(std::as_bytes(values), dtype_of<T>, shape);
  }
  template <class T>
  DraftOperand constant(const std::vector<T>& values) {
    return constant(std::span<const T>(values), Extents(static_cast<int>(values.size())));
  }

  /// Adds one call to the program.
  void call(DraftCall call);
  /// Makes `output` another name of `input`'s bytes: a reshape, no call. Only what a later call may
  /// change, a variable, is copied.
  void alias(int output, int input);
  /// Lowers all nodes of another subgraph into the setup calls (CALL_ONCE).
  Result<void> setup(int graph_index);
  /// Lets the calls that `add_calls` adds run once after each reset, and not with each inference.
  template <class AddCalls>
  void in_setup(const AddCalls& add_calls) {
    const bool outer = std::exchange(in_setup_, true);
    add_calls();
    in_setup_ = outer;
  }
  const graph::Model& model() const { return model_; }

  // For compile():

  /// Lowers subgraph `index`; its inputs and outputs are kept alive as the program's when `index`
  /// is 0.
  Result<void> lower_graph(int index);
  /// Sets when each buffer is first and last used, from all calls.
  void find_lifetimes();
  /// Buffers that hold something before the first call of a run: inputs and state.
  std::vector<int> buffers_at_start() const;
  /// Buffers that hold something after the last call of a run: outputs and state.
  std::vector<int> buffers_at_end() const;

  /// Whose arithmetic the calls follow; an operator that needs another profile sets it.
  Numerics numerics = Numerics::kTflm;

  std::vector<DraftCall> setup_calls, calls;
  std::vector<DraftBuffer> buffers;
  std::vector<std::byte> constants;
  /// Where a tensor of the first subgraph lies in the arena, or as the source, if it does. After
  /// lower_graph only.
  std::optional<DraftOperand> place_of(int tensor) const;

 private:
  struct Place {
    int buffer = -1;           // -1: constants, or the source
    std::int64_t offset = -1;  // within the buffer or the constants; -1: not placed yet
  };
  /// A constant, in `constants`; two are told apart by what they hold.
  struct Stored {
    std::int64_t offset, size;
  };
  struct ByContent {
    const std::vector<std::byte>* constants;
    using is_transparent = void;
    std::string_view text(Stored stored) const {
      return {reinterpret_cast<const char*>(constants->data()) + stored.offset,
              static_cast<std::size_t>(stored.size)};
    }
    static std::string_view text(std::string_view text) { return text; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return text(a) < text(b);
    }
  };
  const graph::Graph& graph() const { return model_.graphs[static_cast<std::size_t>(graph_)]; }
  DraftOperand constant_bytes(std::span<const std::byte> bytes, DType type, const Extents& shape);
  DraftOperand operand(int tensor, const Extents& shape, Access access);
  Place& place(int tensor);
  int add_buffer(DraftBuffer buffer);
  void copy_constant_outputs();
  Result<void> check_ports() const;
  bool is_state(const Place& place) const;
  void copy_bytes(int output, int input);

  const graph::Model& model_;
  Target target_;
  int graph_ = 0;
  const graph::Node* node_ = nullptr;
  bool in_setup_ = false;
  std::map<std::pair<int, int>, Place> places_;  // by (graph, tensor)
  std::map<std::string, int> states_;            // buffer by key
  std::set<Stored, ByContent> constant_places_{ByContent{&constants}};
  std::set<int> setup_graphs_;  // that have been lowered
};

/// The tensor's shape as kernels see it; ops::check_node() has refused ranks over kMaxRank.
Extents extents_of(const graph::Tensor& tensor);

}  // namespace mote::ops
