#!/bin/sh
# device_headers.sh ISAS COMPILER [FLAGS...]: compiles each header of mote/core alone, and included
# twice, the way a microcontroller's build does: freestanding, no exceptions, no RTTI. ISAS, such as
# "avx2 avx512vnni", names the files of kernels/isa/ whose intrinsics the compiler knows with these
# flags. Exit 77 (skipped): there is no such compiler.
set -eu
isas=" scalar scalar_tiles tile native $1 " compiler=$2
shift 2
command -v "$compiler" >/dev/null || {
  echo "SKIPPED: no $compiler on this machine (script/setup test installs it)"
  exit 77
}
cd "$(dirname "$0")/../.."

# known HEADER: whether the compiler can know all that it includes.
known() {
  case $1 in
    */kernels/isa/*) case $isas in *" $(basename "$1" .h) "*) ;; *) return 1 ;; esac ;;
  esac
}

count=0
failed=0
for header in $(find mote/core -name '*.h' | sort); do
  known "$header" || continue
  count=$((count + 1))
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
    "$compiler" -I. -std=c++20 -ffreestanding -fno-exceptions -fno-rtti -fsyntax-only -Wall -Wextra \
      -Wconversion -Wno-sign-conversion -Werror "$@" -x c++ - || {
    echo "^ $header does not compile alone for $compiler $*"
    failed=$((failed + 1))
  }
done
echo "$compiler $*: $count headers, $failed failed"
[ "$count" -gt 0 ] && [ "$failed" = 0 ]
