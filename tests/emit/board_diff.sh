#!/usr/bin/env bash
# Holds `mote diff --board` against code that is right, and against code in which some numbers are not: then
# it must name the layer that they are of.
#
#     [FLAGS="..."] board_diff.sh MOTE BOARD MODEL [PLACE=LAYER...]
#
# PLACE is an array of the emitted source, of which the numbers of the line in the middle grow by 85, or the name of an attribute, which
# is halved. FLAGS go to mote diff. Exit code 77 (skipped): no model, no compiler or no QEMU.
set -euo pipefail
mote=$1 board=$2 model=$3 && shift 3
[ -f "$model" ] || { echo "skipped: no $model"; exit 77; }
source=$(cd "$(dirname "$0")/../.." && pwd)
compiler=$(sed -n 's/^toolchain=//p' "$source/firmware/boards/$board/board.txt")-g++
qemu=$(sed -n 's/^qemu=\([^ ]*\).*/\1/p' "$source/firmware/boards/$board/board.txt")
for tool in "$compiler" "$qemu"; do
  command -v "$tool" > /dev/null || { echo "skipped: no $tool"; exit 77; }
done
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

# diff_with CODE: what mote diff prints, which must end with that exit code.
diff_with() {
  local code=0
  # shellcheck disable=SC2086 # several flags
  "$mote" diff "$model" --board="$board" ${FLAGS:-} > "$dir/said" 2>&1 || code=$?
  cat "$dir/said"
  [ $code = "$1" ] || { echo "exit code $code, expected $1" && exit 1; }
}

diff_with 0
grep -qx 'no difference' "$dir/said"

# A compiler that spoils what it is given.
cat > "$dir/$compiler" <<'EOF'
#!/usr/bin/env bash
for word; do
  if [[ $word == */network.cc ]]; then
    awk -v place="$PLACE" -v done_file="$DONE" '
      FNR == NR { if ($0 ~ "constexpr .* " place "\\[\\]") first = FNR
                  if (first && !last && /^};/) last = FNR
                  next }
      first && FNR == int((first + last + 1) / 2) { count = split($0, words, ","); if (words[count] !~ /[0-9]/) --count
        $0 = "    "; for (i = 1; i <= count; ++i) $0 = $0 words[i] + 85 ", "; print "done" > done_file }
      $0 ~ "constexpr int " place " = " { sub(/[0-9]+;/, int($NF / 2) ";"); print "done" > done_file }
      { print }' "$word" "$word" > "$word.spoilt"
    cp "$word.spoilt" "$word"
  fi
done
PATH=$REAL_PATH exec "$(basename "$0")" "$@"
EOF
chmod +x "$dir/$compiler"
export REAL_PATH=$PATH DONE=$dir/done PLACE
for pair; do
  PLACE=${pair%%=*}
  rm -f "$DONE"
  echo "--- $PLACE"
  PATH=$dir:$PATH diff_with 3
  [ -f "$DONE" ] || { echo "there is no $PLACE" && exit 1; }
  grep -q "^first difference: ${pair#*=}, tensor" "$dir/said" || { echo "expected ${pair#*=} to be the first" && exit 1; }
done
