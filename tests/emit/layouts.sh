#!/usr/bin/env bash
# Writes a model for every layout, twice with the same bytes, and builds what is there as far as can be
# without the build systems they are for:
#
#     layouts.sh MOTE MODEL CMAKE CXX
set -euo pipefail
mote=$1 model=$2 cmake=$3 cxx=$4
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
for layout in plain zephyr platformio arduino esp-idf; do
  for copy in once again; do
    (cd "$dir" && "$mote" compile "$model" --name=net --layout="$layout" --headers --self-test --output="$copy/$layout" > /dev/null)
  done
done
diff -r "$dir/once" "$dir/again"
"$cmake" -G Ninja -S "$here/descriptors" -B "$dir/build" -DDIR="$dir/once" -DCMAKE_CXX_COMPILER="$cxx" > "$dir/log" 2>&1 &&
  "$cmake" --build "$dir/build" >> "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
ls "$dir"/build/*.a "$dir"/build/*/*.a
