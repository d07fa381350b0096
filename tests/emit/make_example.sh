#!/usr/bin/env bash
# Builds and runs examples/firmware_make. Exit 77 (skipped): there is no make or no arm-none-eabi-g++.
#
#     make_example.sh MOTE
set -euo pipefail
mote=$1
for tool in make arm-none-eabi-g++; do
  command -v "$tool" > /dev/null || { echo "skipped: no $tool"; exit 77; }
done
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
make -C "$(dirname "$0")/../../examples/firmware_make" MOTE="$mote" BUILD="$dir" | tee "$dir/log"
grep -q '^self test: all layers' "$dir/log"
