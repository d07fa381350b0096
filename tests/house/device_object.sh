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

# Attributes as program/ declares them, where a bare-metal compiler has no <tuple>, and the address of
# each kernel that an X_kernels() list of dispatch/ names.
source_of_kernels() {
  lists=$(cat mote/host/dispatch/kernels_*.h)
  echo "$lists" | grep '#include "mote/core/'
  cat <<'SOURCE'
#include "mote/core/kernels/isa/scalar.h"
#include <stdint.h>
namespace std {
template <class... T>
struct tuple {
  constexpr tuple(T...) {}
};
template <class... T>
struct variant;
using ::int16_t, ::int32_t, ::int64_t, ::int8_t;
}  // namespace std
SOURCE
  cat mote/program/field.h mote/program/attrs_*.h mote/program/attrs.h | grep -vE '^#(include|pragma)'
  cat <<'SOURCE'
namespace mote::house {
using namespace program;
using Isa = isa::Scalar;
using X = Extents;
using Kernel = void (*)();
extern const Kernel kKernels[];
const Kernel kKernels[] = {
SOURCE
  echo "$lists" | tr '\n' ' ' | grep -oE 'kernels::[a-z0-9_]+< *Isa[^>]*>' |
    sed 's/.*/    reinterpret_cast<Kernel>(\&&),/'
  echo '};'
  echo '}  // namespace mote::house'
}

{
  cat tests/house/device_object.cc
  source_of_kernels
} | "$compiler" -I. -std=c++20 -Os -ffreestanding -fno-exceptions -fno-rtti -ffp-contract=off "$@" \
  -c -x c++ - -o "$object"
kernels=$("$nm" -C "$object" | grep -cE ' [TW] .*mote::kernels::[a-z0-9_]+<' || true)
[ "$kernels" -gt 0 ] || {
  echo "no kernel in the object: this check looks at nothing"
  exit 1
}
forbidden='malloc|calloc|realloc|free|_Zn[wa][a-z]*|_Zd[la][A-Za-z0-9_]*|__cxa_[a-z_]*|__gxx_personality[a-z_0-9]*'
forbidden="$forbidden|_ZT[IV][A-Za-z0-9_]*|_GLOBAL__sub_I[A-Za-z0-9_.]*|_ZGV[A-Za-z0-9_]*|_ZSt[A-Za-z0-9_]*|f?printf|puts|abort|exit|errno"
if "$nm" "$object" | awk '{print $NF}' | grep -xE "$forbidden"; then
  echo "^ mote/core, compiled by $compiler $*, needs what a microcontroller does not give it"
  exit 1
fi
echo "$compiler $*: $kernels kernel functions, which leave to the C library and libgcc:"
"$nm" -u "$object" | awk '{print $NF}' | sort | tr '\n' ' '
