#!/usr/bin/env bash
# The five commands of docs/tutorial.md with a model of one's own, and how long they take: from the file to its output,
# printed by a Cortex-M4. Exit code 77 (skipped): no such model, or a compiler or QEMU is missing.
#
#     five_commands.sh MODEL PREFIX      the last two, with the mote that is installed there
#     five_commands.sh MODEL             all five, in a copy of the checkout that was never built
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
model=$1 prefix=${2:-}
[ -f "$model" ] || { echo "skipped: no $model"; exit 77; }
for tool in arm-none-eabi-g++ qemu-system-arm; do
  [ -z "$prefix" ] || command -v "$tool" > /dev/null || { echo "skipped: no $tool"; exit 77; }
done
mapfile -t commands < <(sed -n '/^```sh five/,/^```$/{/^```/d; p}' "$source/docs/tutorial.md")
[ "${#commands[@]}" = 5 ] || { echo "the tutorial has ${#commands[@]} commands, expected five" && exit 1; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
if [ -n "$prefix" ]; then
  mkdir "$dir/work" && commands=("${commands[@]:3}")
else
  git clone -q "$source" "$dir/work"
  export DESTDIR=$dir/installed
  prefix=$DESTDIR/usr/local
fi
cp "$model" "$dir/work/kws.tflite" && cd "$dir/work"
export PATH=$prefix/bin:$PATH
start=$(date +%s%N)
for command in "${commands[@]}"; do
  echo "\$ $command"
  before=$(date +%s%N)
  eval "$command" > "$dir/said" 2>&1 < /dev/null || { tail -n 20 "$dir/said" && exit 1; }
  tail -n 18 "$dir/said"
  echo "[$((($(date +%s%N) - before) / 1000000)) ms]"
done
grep -q "^mps2-an386 (cortex-m4, under QEMU): [0-9,]* instructions a run" "$dir/said"
grep -q "^element  *value  *stored" "$dir/said"
echo "${#commands[@]} commands: $((($(date +%s%N) - start) / 1000000)) ms on $(nproc) x$(sed -n 's/^model name\s*:/ /p' /proc/cpuinfo | head -n 1)"
