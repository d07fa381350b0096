#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/dispatch/kernel_table.h"
#include "mote/host/runtime/worker_pool.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// Runs a Program on this machine.
namespace mote::runtime {

/// An input or output of the network: its description, and its bytes, in the arena or, of an input
/// that is read in rows, beside it.
class Port {
 public:
  Port(const program::TensorInfo* info, std::byte* data) : info_(info), data_(data) {}

  const program::TensorInfo& info() const { return *info_; }
  std::span<std::byte> bytes() const { return {data_, static_cast<std::size_t>(info_->bytes)}; }
  /// The elements, row-major in info().shape.
  /// @returns kBadInput when T is not the tensor's element type.
  template <class T>
  Result<std::span<T>> as() const {
    MOTE_TRY(expect_type(dtype_of<T>));
    return std::span<T>(reinterpret_cast<T*>(data_),
                        static_cast<std::size_t>(info_->bytes) / sizeof(T));
  }
  /// Writes real numbers: quantised by scale and zero point, rounded to nearest and saturated,
  /// where the tensor is an integer one. `values` must have one number an element.
  Result<void> write_real(std::span<const float> values) const;
  /// The elements as real numbers.
  std::vector<float> read_real() const;

 private:
  Result<void> expect_type(DType type) const;
  const program::TensorInfo* info_;
  std::byte* data_;
};

struct InterpreterOptions {
  std::span<std::byte> arena = {};  ///< the caller's memory, aligned to program::kAlignment and at
                                    ///< least Program::arena_bytes; empty: the interpreter's own
};

/// Runs a program again and again. Making one allocates; running it neither allocates nor fails.
///
/// One interpreter belongs to one thread at a time; several may share a Program in several threads.
/// Where calls of the program have shares, it has threads of its own to help that one.
class Interpreter {
 public:
  /// @returns kBadInput when the arena is too small or misaligned, kUnsupported when this
  /// machine lacks the program's instruction set, or that a kernel; kOutOfMemory when memory or
  /// threads are not to be had.
  static Result<Interpreter> create(std::shared_ptr<const program::Program> program,
                                    const InterpreterOptions& options = {});

  int input_count() const { return static_cast<int>(program_->inputs.size()); }
  int output_count() const { return static_cast<int>(program_->outputs.size()); }
  /// Where to write input i before each run; a run may overwrite it.
  Port input(int i) const;
  /// Where to read output i after a run; valid until the next.
  Port output(int i) const;

  /// One inference.
  void run() noexcept;
  /// One inference that shows every call's results: `observer(call index)` after each call.
  void run(const std::function<void(int)>& observer);
  /// Forgets all state: variables, and what setup computes from constants.
  void reset() noexcept;

  /// Any value of Program::tensors; its bytes hold it only between its call and its last use.
  Port tensor(int id) const;
  const program::Program& program() const { return *program_; }
  std::string_view isa() const { return table_->isa; }
  /// How many threads a run uses, the caller's included.
  int threads() const { return pool_ ? pool_->helpers() + 1 : 1; }

 private:
  /// A kernel on its operands: a call, or a share of one.
  struct Bound {
    const void* attrs;
    const dispatch::BoundOperand* operands;
  };
  struct Step {
    dispatch::KernelFunction run;
    int first, count;  ///< in bound_; more than one: shares, to be run side by side
  };
  struct AlignedFree {
    void operator()(std::byte* memory) const;
  };
  Interpreter() = default;
  Result<void> take_arena(std::span<std::byte> arena);
  Result<void> make_source();
  std::byte* begin_of(program::Space space) const;
  void reserve();
  Result<void> start_threads();
  Result<void> bind(std::span<const program::KernelCall> calls, std::vector<Step>& steps);
  void bind(const program::KernelCall& call, const program::Share* share);
  void run(const Step& step) const noexcept;

  std::shared_ptr<const program::Program> program_;
  const dispatch::KernelTable* table_ = nullptr;
  std::unique_ptr<std::byte, AlignedFree> own_arena_, constants_, source_;
  std::byte* arena_ = nullptr;
  std::vector<dispatch::BoundOperand> operands_;
  std::vector<Bound> bound_;
  std::vector<Step> setup_, steps_;
  std::unique_ptr<WorkerPool> pool_;  ///< where calls have shares
};

}  // namespace mote::runtime
