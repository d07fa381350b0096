#!/usr/bin/env bash
# Prints a line for each model and board: what script/board --weigh says, or why it does not.
#
#     measure.sh MOTE "MODELS..." "BOARDS..."        JOBS=N at a time (default: 2)
#
# First come lines "compiler=NAME VERSION". Exit code 77: a compiler or QEMU is missing.
set -euo pipefail
export MOTE=$1
read -ra models <<< "$2"
read -ra boards <<< "$3"
source=$(cd "$(dirname "$0")/../.." && pwd)
export source

for board in "${boards[@]}"; do
  sed -n 's/^toolchain=//p' "$source/firmware/boards/$board/board.txt"
done | sort -u | while read -r toolchain; do
  command -v "$toolchain-g++" > /dev/null || { echo "skipped: no $toolchain-g++" >&2 && exit 77; }
  echo "compiler=$toolchain-g++ $("$toolchain-g++" -dumpfullversion)"
done

one() {
  local board=$1 model=$2 said code=0
  said=$("$source/script/board" "$board" "$model" --no-self-test --weigh 2>&1) || code=$?
  case $code in
    0) echo "$said" ;;
    77) echo "$said" >&2 && return 77 ;;
    *) echo "board=$board model=$(basename "$model" .tflite) missing=$(head -n 1 <<< "$said" |
      sed 's/^board: error: //; s/.* does not fit on [^:]*: //; s/; take a board with more.*//')" ;;
  esac
}
export -f one
lines=$(for board in "${boards[@]}"; do
  for model in "${models[@]}"; do printf '%s\0%s\0' "$board" "$model"; done
done | xargs -0 -n 2 -P "${JOBS:-2}" bash -c 'one "$@" || exit 255' one) || {
  echo "$lines"
  exit 77
}
# In the order of the arguments, whichever was ready first.
for board in "${boards[@]}"; do
  for model in "${models[@]}"; do
    grep "^board=$board model=$(basename "$model" .tflite) " <<< "$lines"
  done
done
