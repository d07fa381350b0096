#!/usr/bin/env bash
# Compiles a model to C++ and that for a device: with nothing but the folder that mote writes, without a
# warning, without exceptions and run-time types, and into an object that needs nothing but memory
# functions and mathematics.
#
#     device.sh MOTE TARGET MODEL CXX [FLAGS...]
set -euo pipefail
mote=$1 target=$2 model=$3 cxx=$4 && shift 4
command -v "$cxx" > /dev/null || { echo "skipped: no $cxx"; exit 77; }
tools=${cxx%g++}
case $cxx in *clang*) tools= ;; esac
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

"$mote" compile "$model" --target="$target" --name=model --output="$dir" --self-test --headers
cd "$dir"
"$cxx" "$@" -std=c++20 -O2 -fno-exceptions -fno-rtti -fwrapv -ffunction-sections -fdata-sections -ffp-contract=off \
  -Wall -Wextra -Wpedantic -Wconversion -Werror -I. -MMD -c model.cc -o model.o
brought=$(find mote -name '*.h' | sort)
included=$(tr -s ' \\' '\n' < model.d | grep '^mote/' | sort -u)
[ "$brought" = "$included" ] || { echo "the headers brought are not those included:" && diff <(echo "$brought") <(echo "$included"); exit 1; }
"${tools}size" model.o
needed=$("${tools}nm" --undefined-only model.o | awk '{print $2}' | grep -vxE 'mem(cpy|set|move)|[a-z]+f|__(aeabi|mul|div|udiv|add|sub|eq|ne|lt|le|gt|ge|fix|float|lshr|ashl|ashr|clz)[a-z0-9_]*' || true)
[ -z "$needed" ] || { echo "needs what a device may not have: $needed"; exit 1; }
statics=$("${tools}nm" model.o | grep -E ' [bBdD] |_GLOBAL__sub_I' | grep -vE ' d \.?L' || true)
[ -z "$statics" ] || { echo "has data of its own: $statics"; exit 1; }
