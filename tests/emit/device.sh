#!/usr/bin/env bash
# Compiles a model to C++ and that for a device: without a warning, without exceptions and run-time
# types, and into an object that needs nothing but memory functions and mathematics.
#
#     device.sh MOTE TARGET MODEL CXX [FLAGS...]
set -euo pipefail
mote=$1 target=$2 model=$3 cxx=$4 && shift 4
command -v "$cxx" > /dev/null || { echo "skipped: no $cxx"; exit 77; }
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

"$mote" compile "$model" --target="$target" --name=model --output="$dir" --self-test
"$cxx" "$@" -std=c++20 -O2 -fno-exceptions -fno-rtti -fwrapv -ffunction-sections -fdata-sections -ffp-contract=off \
  -Wall -Wextra -Wpedantic -Wconversion -Werror -I"$source" -c "$dir/model.cc" -o "$dir/model.o"
"${cxx%g++}size" "$dir/model.o"
needed=$("${cxx%g++}nm" --undefined-only "$dir/model.o" | awk '{print $2}' | grep -vxE 'mem(cpy|set|move)|[a-z]+f|__(aeabi|mul|div|udiv|add|sub|eq|ne|lt|le|gt|ge|fix|float|lshr|ashl|ashr|clz)[a-z0-9_]*' || true)
[ -z "$needed" ] || { echo "needs what a device may not have: $needed"; exit 1; }
statics=$("${cxx%g++}nm" "$dir/model.o" | grep -E ' [bBdD] |_GLOBAL__sub_I' || true)
[ -z "$statics" ] || { echo "has data of its own: $statics"; exit 1; }
