#include "mote/host/runtime/worker_pool.h"

#include <cstring>

#include "mote/support/cat.h"

namespace mote::runtime {
namespace {

/// Some tens of microseconds of looking: longer than a network's unsplit calls take in between,
/// shorter than anybody would notice on a battery.
constexpr int kHelperLooks = 2000;
/// The caller looks for as long as the shares of a call may differ, then sleeps: the helper it
/// waits for may have lost its core to another program.
constexpr int kCallerLooks = 4000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Waits while the number is `value`: by looking so often, then asleep.
void wait_while(const std::atomic<int>& number, int value, int looks) {
  for (int i = 0; i < looks; ++i) {
    if (number.load(std::memory_order_acquire) != value) return;
    pause();
  }
  number.wait(value, std::memory_order_acquire);
}

}  // namespace

Result<std::unique_ptr<WorkerPool>> WorkerPool::create(int helpers) {
  std::unique_ptr<WorkerPool> pool(new WorkerPool);
  pool->threads_.reserve(static_cast<std::size_t>(helpers));
  const auto help = [](void* self) -> void* {
    static_cast<WorkerPool*>(self)->help();
    return nullptr;
  };
  for (int i = 0; i < helpers; ++i) {
    pthread_t thread;
    if (const int error = pthread_create(&thread, nullptr, help, pool.get()); error != 0)
      return fail(ErrorCode::kOutOfMemory, cat("the system started ", i, " of ", helpers,
                                               " threads: ", std::strerror(error), "; try fewer"));
    pool->threads_.push_back(thread);
  }
  return pool;
}

WorkerPool::~WorkerPool() {
  left_.store(kStop, std::memory_order_release);
  left_.notify_all();
  for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
}

/// Takes a part and does it. That the number of parts left is the same as when it was looked at is
/// all that must hold: a part taken is one of the present task, even if the look was at another's.
bool WorkerPool::take_part() noexcept {
  int left = left_.load(std::memory_order_acquire);
  while (left > 0)
    if (left_.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel)) {
      task_(context_, left - 1);
      if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) unfinished_.notify_one();
      return true;
    }
  return false;
}

void WorkerPool::help() noexcept {
  while (left_.load(std::memory_order_relaxed) != kStop)
    if (!take_part()) wait_while(left_, 0, kHelperLooks);
}

void WorkerPool::run(int parts, Task task, const void* context) noexcept {
  task_ = task;
  context_ = context;
  unfinished_.store(parts, std::memory_order_relaxed);
  left_.store(parts, std::memory_order_release);
  left_.notify_all();
  while (take_part()) continue;
  for (int rest; (rest = unfinished_.load(std::memory_order_acquire)) > 0;)
    wait_while(unfinished_, rest, kCallerLooks);
}

}  // namespace mote::runtime
