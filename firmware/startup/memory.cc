// The memory functions that compilers call, for toolchains without a C library. Words where both
// ends allow it, else bytes.

#include <stddef.h>
#include <stdint.h>

namespace {

using Word = uintptr_t;
// Others' objects are read as words here, which only this type may.
using AnyWord [[gnu::may_alias]] = Word;
constexpr size_t kWord = sizeof(Word);

bool is_aligned(const void* a, const void* b) {
  return ((reinterpret_cast<uintptr_t>(a) | reinterpret_cast<uintptr_t>(b)) & (kWord - 1)) == 0;
}

}  // namespace

extern "C" {

void* memcpy(void* to, const void* from, size_t bytes) {
  auto* out = static_cast<uint8_t*>(to);
  const auto* in = static_cast<const uint8_t*>(from);
  if (is_aligned(out, in))
    for (; bytes >= kWord; bytes -= kWord, out += kWord, in += kWord)
      *reinterpret_cast<AnyWord*>(out) = *reinterpret_cast<const AnyWord*>(in);
  for (; bytes > 0; --bytes) *out++ = *in++;
  return to;
}

void* memmove(void* to, const void* from, size_t bytes) {
  auto* out = static_cast<uint8_t*>(to);
  const auto* in = static_cast<const uint8_t*>(from);
  if (out <= in || out >= in + bytes) return memcpy(to, from, bytes);
  while (bytes > 0) --bytes, out[bytes] = in[bytes];
  return to;
}

void* memset(void* to, int value, size_t bytes) {
  auto* out = static_cast<uint8_t*>(to);
  const Word byte = static_cast<uint8_t>(value);
  if (is_aligned(out, out)) {
    const Word word = byte * (~Word{0} / 0xFF);
    for (; bytes >= kWord; bytes -= kWord, out += kWord) *reinterpret_cast<AnyWord*>(out) = word;
  }
  for (; bytes > 0; --bytes) *out++ = static_cast<uint8_t>(byte);
  return to;
}

}  // extern "C"
