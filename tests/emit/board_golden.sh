#!/usr/bin/env bash
# Runs models on a board, on the reference's recorded inputs, and compares what they make of them:
# integers byte for byte, floats within 1e-5 of the largest (hybrid networks: 1e-4).
#
#     board_golden.sh MOTE BOARD MODEL...        MODEL is a folder of ../shared/golden; all: each that fits,
#                                                but with SMALL=1 those of MobileNetV2, which take minutes
# FLAGS go to mote compile.
set -euo pipefail
export MOTE=$1
board=$2 && shift 2
source=$(cd "$(dirname "$0")/../.." && pwd)
shared=${MOTE_SHARED:-$source/../shared}
[ -d "$shared/golden" ] || { echo "skipped: no ../shared/golden"; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
may_miss=false
if [ "$*" = all ]; then
  may_miss=true
  # audio_preprocessor_int8 has operators that mote has not.
  mapfile -t models < <(cd "$shared/golden" && find -L . -name manifest.json -printf '%P\n' | sed 's|/manifest.json$||; /^audio_pre/d' | sort)
  [ -z "${SMALL:-}" ] || mapfile -t models < <(printf '%s\n' "${models[@]}" | grep -v mobilenet_v2)
  set -- "${models[@]}"
fi

# are_close EXPECTED MADE TOLERANCE: two files of floats
are_close() {
  paste <(od -An -v -t f4 -w4 "$1") <(od -An -v -t f4 -w4 "$2") |
    awk -v tolerance="$3" '
      function size(x) { return x < 0 ? -x : x }
      { if (NF != 2) exit 1; if (size($1) > largest) largest = size($1); if (size($1 - $2) > worst) worst = size($1 - $2) }
      END { print "worst difference: " worst / (largest + (largest == 0)); exit !(NR > 0 && worst <= tolerance * largest) }'
}

failed=0
for name; do
  golden=$shared/golden/$name
  model=$(dirname "$shared/models/$name")/$(sed -n 's/^ *"model": "\(.*\)".*/\1/p' "$golden/manifest.json")
  records=("$golden"/*.in.bin)
  cat "${records[@]}" > "$dir/in"
  cat "${records[@]/%.in.bin/.out.bin}" > "$dir/expected"
  code=0
  # shellcheck disable=SC2086 # several flags
  "$source/script/board" "$board" "$model" --no-self-test --no-sizes --input="$dir/in" --output="$dir/made" \
    -- ${FLAGS:-} 2> "$dir/error" || code=$?
  [ $code != 77 ] || { cat "$dir/error"; exit 77; }
  if [ $code != 0 ] && $may_miss && grep -q 'does not fit' "$dir/error"; then
    echo "$name: left out: $(head -n 1 "$dir/error")"
    continue
  fi
  if [ $code != 0 ]; then
    cat "$dir/error"
  else
    case $name in
      kws_ref_model_float32) are_close "$dir/expected" "$dir/made" 1e-4 && continue ;;
      *_fp32 | *_float) are_close "$dir/expected" "$dir/made" 1e-5 && continue ;;
      *) cmp "$dir/expected" "$dir/made" && continue ;;
    esac
  fi
  echo "$name on $board: wrong"
  failed=1
done
exit $failed
