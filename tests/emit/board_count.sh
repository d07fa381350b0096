#!/usr/bin/env bash
# Holds a board's counter of instructions and its painted stack against loops of known length:
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
