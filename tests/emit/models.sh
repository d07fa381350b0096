#!/usr/bin/env bash
# Whole networks, whose layers share kernels as --shapes says, or run in bands of rows: each says of
# itself that every layer makes what the interpreter makes. Exit 77 (skipped) where there are none.
#
#     models.sh MOTE CXX MODEL...
set -euo pipefail
mote=$1 cxx=$2 && shift 2
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
count=0
for model in "$@"; do
  [ -f "$model" ] || continue
  for how in --shapes=static --shapes=dynamic --shapes=auto --optimize=ram; do
    "$mote" compile "$model" "$how" --name=net --output="$dir" --self-test > /dev/null
    cat > "$dir/main.cc" << 'MAIN'
#include <stdio.h>

#include "net.h"

alignas(net::kArenaAlignment) static unsigned char arena[net::kArenaBytes];

int main() {
  const int wrong = net::self_test(arena);
  if (wrong != -1) printf("call %d differs\n", wrong);
  return wrong != -1;
}
MAIN
    "$cxx" -std=c++20 -O2 -fwrapv -ffp-contract=off -I"$source" -I"$dir" "$dir/main.cc" "$dir/net.cc" -o "$dir/net"
    "$dir/net" || { echo "^ $model, $how"; exit 1; }
    count=$((count + 1))
    echo "$(basename "$model") $how: every layer is as it should be"
  done
done
[ "$count" -gt 0 ] || { echo "skipped: no models"; exit 77; }
