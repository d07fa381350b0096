#!/bin/sh
# device_object.sh COMPILER NM [FLAGS...]: compiles device_object.cc and every kernel of the
# dispatch's lists as for a microcontroller, and holds the object's symbols against what device code
# may not need: a heap, exceptions, RTTI, guarded statics, start-up code, I/O. Exit 77 (skipped):
# there is no such compiler.
set -eu
compiler=$1 nm=$2
shift 2
command -v "$compiler" >/dev/null || {
  echo "SKIPPED: no $compiler on this machine (script/setup test installs it)"
  exit 77
}
cd "$(dirname "$0")/../.."
object=$(mktemp)
trap 'rm -f "$object"' EXIT

# What stands in for the standard library and for dispatch/bind.h, which bare-metal compilers cannot
# read, so that attributes and lists of kernels can be compiled as they stand.
stand_ins() {
  cat <<'SOURCE'
#include <stdint.h>
#include <stddef.h>
namespace std {
using ::int16_t, ::int32_t, ::int64_t, ::int8_t, ::uint8_t;
template <class... T>
struct tuple {
  constexpr tuple(T...) {}
};
template <class... T>
struct variant;
template <class T, size_t n>
struct array {
  T items[n];
};
template <class... T>
array(T...) -> array<void (*)(), sizeof...(T)>;
}  // namespace std
namespace mote::dispatch {
using X = Extents;
template <auto kKernel>
auto row(const char*) {
  return reinterpret_cast<void (*)()>(kKernel);
}
}  // namespace mote::dispatch
SOURCE
}
without_includes() { grep -vE '^#(include|pragma)'; }

kernel_lists() { cat mote/dispatch/kernels_*.h; }

rows=$(kernel_lists | grep -o 'row<' | wc -l)
{
  cat tests/house/device_object.cc
  kernel_lists | grep '#include "mote/core/'
  echo '#include "mote/core/kernels/isa/packed_twin.h"'
  echo '#include "mote/core/kernels/isa/scalar_tiles.h"'
  stand_ins
  cat mote/program/field.h mote/program/attrs_*.h mote/program/attrs.h | without_includes
  kernel_lists | without_includes
  kernel_lists | sed -nE 's/^constexpr auto ([a-z0-9_]+_kernels)\(\).*/template auto mote::dispatch::\1<mote::isa::Scalar>();/p' |
    sed -E 's/(tiled|vector)_kernels<mote::isa::Scalar>/\1_kernels<mote::isa::ScalarTiles>/
      s/packed_kernels<mote::isa::Scalar>/packed_kernels<mote::isa::PackedTwin<mote::isa::kDspLayout>>/'
} | "$compiler" -I. -std=c++20 -Os -ffreestanding -fno-exceptions -fno-rtti -ffp-contract=off "$@" \
  -c -x c++ - -o "$object"
kernels=$("$nm" -C "$object" | grep -cE ' [TW] .*mote::kernels::[a-z0-9_]+<' || true)
if [ "$rows" = 0 ] || [ "$kernels" -lt "$rows" ]; then
  echo "$rows rows name a kernel, the object has $kernels: this check does not see them all"
  exit 1
fi
forbidden='malloc|calloc|realloc|free|_Zn[wa][a-z]*|_Zd[la][A-Za-z0-9_]*|__cxa_[a-z_]*|__gxx_personality[a-z_0-9]*'
forbidden="$forbidden|_ZT[IV][A-Za-z0-9_]*|_GLOBAL__sub_I[A-Za-z0-9_.]*|_ZGV[A-Za-z0-9_]*|_ZSt[A-Za-z0-9_]*|f?printf|puts|abort|exit|errno"
if "$nm" "$object" | awk '{print $NF}' | grep -xE "$forbidden"; then
  echo "^ mote/core, compiled by $compiler $*, needs what a microcontroller does not give it"
  exit 1
fi
echo "$compiler $*: $kernels kernel functions, which leave to the C library and libgcc:"
"$nm" -u "$object" | awk '{print $NF}' | sort | tr '\n' ' '
echo
