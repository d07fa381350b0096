#!/bin/sh
# device_object.sh COMPILER NM [FLAGS...]: compiles device_object.cc, which instantiates mote/core,
# as for a microcontroller, and holds the object's symbols against what device code may not need:
# a heap, exceptions, RTTI, guarded statics, start-up code, I/O. Exit 77 (skipped): no such compiler.
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

"$compiler" -I. -std=c++20 -O2 -ffreestanding -fno-exceptions -fno-rtti -ffp-contract=off "$@" \
  -c tests/house/device_object.cc -o "$object"
"$nm" -C "$object" | grep -q 'mote::' || {
  echo "$object has no symbol of mote: this check looks at nothing"
  exit 1
}
forbidden='malloc|calloc|realloc|free|_Zn[wa][a-z]*|_Zd[la][A-Za-z0-9_]*|__cxa_[a-z_]*|__gxx_personality[a-z_0-9]*'
forbidden="$forbidden|_ZT[IV][A-Za-z0-9_]*|_GLOBAL__sub_I[A-Za-z0-9_.]*|_ZGV[A-Za-z0-9_]*|_ZSt[A-Za-z0-9_]*|f?printf|puts|abort|exit|errno"
if "$nm" "$object" | awk '{print $NF}' | grep -xE "$forbidden"; then
  echo "^ mote/core, compiled by $compiler $*, needs what a microcontroller does not give it"
  exit 1
fi
"$nm" -u "$object" | awk '{print $NF}' | sort | tr '\n' ' '
echo "are all that $compiler $* leaves to the C library and libgcc"
