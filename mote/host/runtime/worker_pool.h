#pragma once

#include <pthread.h>

#include <atomic>
#include <memory>
#include <vector>

#include "mote/support/result.h"

namespace mote::runtime {

/// Threads that help the one that calls them with the parts of a task, again and again.
///
/// Parts are taken, not dealt: whoever is free takes the next, the caller too. So a helper that
/// sleeps, or that the machine has no core for, costs nothing but its help. Helpers look out for
/// work for some tens of microseconds after the last, then sleep.
class WorkerPool {
 public:
  /// A part of a task: called with `context` and the part's number, by any of the threads. Must not
  /// throw.
  using Task = void (*)(const void* context, int part);

  /// Starts `helpers` threads, at least 1.
  /// @returns kOutOfMemory when the system refuses one.
  static Result<std::unique_ptr<WorkerPool>> create(int helpers);
  /// Ends the threads. No task may be running.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs parts 0 to parts - 1, some here, and returns when all are done. What was written before
  /// is seen by all parts, what they write is seen after. From one thread at a time.
  void run(int parts, Task task, const void* context) noexcept;

  int helpers() const { return static_cast<int>(threads_.size()); }

 private:
  WorkerPool() = default;
  void help() noexcept;
  bool take_part() noexcept;

  // Read by helpers only when they have taken a part: until it is done, run() does not return, so
  // that these do not change.
  Task task_ = nullptr;
  const void* context_ = nullptr;
  static constexpr int kStop = -1;
  alignas(64) std::atomic<int> left_ = 0;        ///< parts that nobody has taken yet, or kStop
  alignas(64) std::atomic<int> unfinished_ = 0;  ///< parts that are not done yet
  std::vector<pthread_t> threads_;  // std::thread would add 60 kB to programs that run models
};

}  // namespace mote::runtime
