#include "bench/measure/roofline.h"

#include <algorithm>
#include <vector>

#include "bench/measure/timing.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mote::bench {
namespace {

constexpr int kRounds = 40;

#if defined(__x86_64__)

// A dozen sums hide the latency of every multiplier that there is. Written out, because compilers
// keep arrays of them in memory; what the registers hold does not matter.
constexpr int kSums = 12, kSteps = 2000;

void dot_zmm() {
  for (int step = 0; step < kSteps; ++step)
    asm volatile(
        "vpdpbusd %%zmm13, %%zmm12, %%zmm0\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm1\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm2\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm3\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm4\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm5\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm6\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm7\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm8\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm9\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm10\n"
        "vpdpbusd %%zmm13, %%zmm12, %%zmm11\n" ::
            : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
              "xmm10", "xmm11");
}

void dot_ymm() {
  for (int step = 0; step < kSteps; ++step)
    asm volatile(
        "vpdpbusd %%ymm13, %%ymm12, %%ymm0\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm1\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm2\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm3\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm4\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm5\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm6\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm7\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm8\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm9\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm10\n"
        "vpdpbusd %%ymm13, %%ymm12, %%ymm11\n" ::
            : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
              "xmm10", "xmm11");
}

/// Exact products of 8 bits need 16-bit lanes here: sixteen products an instruction, and an add.
__attribute__((target("avx2"))) void dot_avx2() {
  __m256i sum[kSums], a = _mm256_set1_epi16(1), b = _mm256_set1_epi16(1);
  for (auto& s : sum) s = _mm256_setzero_si256();
  for (int step = 0; step < kSteps; ++step) {
#pragma GCC unroll 12
    for (auto& s : sum) {
      __m256i product = _mm256_madd_epi16(a, b);
      asm volatile("" : "+x"(product));
      s = _mm256_add_epi32(s, product);
    }
    asm volatile("" : "+x"(a));
  }
  for (auto& s : sum) asm volatile("" : "+x"(s));
}

__attribute__((target("avx2"))) void read_all(const std::byte* data, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; i += 128) {
    __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(data + i));
    __m256i b = _mm256_load_si256(reinterpret_cast<const __m256i*>(data + i + 32));
    __m256i c = _mm256_load_si256(reinterpret_cast<const __m256i*>(data + i + 64));
    __m256i d = _mm256_load_si256(reinterpret_cast<const __m256i*>(data + i + 96));
    asm volatile("" ::"x"(a), "x"(b), "x"(c), "x"(d));
  }
}

#endif

/// The fastest of some rounds: the bound is what the core does undisturbed.
template <class Action>
double fastest(Action&& action) {
  double best = 1e9;
  for (int i = 0; i < kRounds; ++i) best = std::min(best, seconds_of(20, action));
  return best;
}

}  // namespace

Roofline measure_roofline() {
  Roofline result;
#if defined(__x86_64__)
  const auto consider = [&](const char* name, int macs, void (*run)()) {
    const double rate = double{kSums} * kSteps * macs / fastest(run);
    if (rate <= result.macs_per_second) return;
    result.macs_per_second = rate;
    result.instruction = name;
  };
  if (__builtin_cpu_supports("avx512vnni")) {
    consider("vpdpbusd zmm", 64, dot_zmm);
    if (__builtin_cpu_supports("avx512vl")) consider("vpdpbusd ymm", 32, dot_ymm);
  }
  if (__builtin_cpu_supports("avx2")) {
    consider("vpmaddwd ymm", 16, dot_avx2);
    constexpr std::size_t kBytes = 256 << 10;  // larger than a first-level cache
    std::vector<std::byte> block(kBytes + 64, std::byte{1});
    const auto address = reinterpret_cast<std::uintptr_t>(block.data());
    const std::byte* data = block.data() + (64 - address % 64) % 64;
    result.bytes_per_second = kBytes / fastest([&] { read_all(data, kBytes); });
  }
#endif
  return result;
}

double bound_seconds(const Roofline& roofline, std::int64_t macs, std::int64_t bytes) {
  if (roofline.macs_per_second <= 0) return 0;
  return std::max(static_cast<double>(macs) / roofline.macs_per_second,
                  static_cast<double>(bytes) / roofline.bytes_per_second);
}

}  // namespace mote::bench
