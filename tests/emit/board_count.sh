#!/usr/bin/env bash
# Holds a board's counter of instructions, its painted stack and QEMU's plug-in against code of known length and
# weight:
#
#     board_count.sh MOTE BOARD
set -euo pipefail
MOTE=$1 board=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
compiler_flags=()
# shellcheck source=script/board.sh
. "$source/script/board.sh"

read_board "$board"
take_flags "$("$MOTE" compile "$source/models/dial_tones/dial_tones.tflite" --target="$board_target" --output="$dir")"
image count_loop "$dir"
run "$dir/count_loop"
cat "$dir/count_loop.log"
# As nothing counts, so nothing may be counted twice or differ from one run to the next.
mv "$dir/count_loop.log" "$dir/first"
run "$dir/count_loop"
cmp "$dir/first" "$dir/count_loop.log"

# expect FUNCTION COUNT WEIGHT
expect() {
  weigh "$dir" count_loop "_ZN12_GLOBAL__N_1${#1}$1EPv"
  grep -x "total $2 $3" "$dir/weights" || die "$1: expected $2 $3, QEMU's plug-in says $(grep total "$dir/weights")"
}
rounds=1000003
expect loop $((2 * rounds + 1)) $((4 * rounds + 1))
[ "$board_toolchain" = arm-none-eabi ] && more=6 || more=0
expect move_registers 3 $((5 + more))
