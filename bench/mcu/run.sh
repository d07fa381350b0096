#!/usr/bin/env bash
# script/bench --mcu: networks on all boards, from the repository's root:
#
#     run.sh MODELS_DIR UPDATE        UPDATE is true: into docs/microcontrollers.{md,json}
set -euo pipefail
# shellcheck source=script/lib.sh
. script/lib.sh
# shellcheck source=bench/mcu/published.sh
. bench/mcu/published.sh

models=$1 update=$2
script/setup test
build_tool mote_mcu_report
list=(models/dial_tones/dial_tones.tflite)
for model in "${published[@]}"; do
  if [ -f "$models/$model" ]; then list+=("$models/$model"); else echo "absent: $models/$model" >&2; fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bench/mcu/measure.sh "$mote" "${list[*]}" "$(cd firmware/boards && echo *)" > "$work/lines"
build-release/bench/mote_mcu_report --json="$work/json" --command="script/bench --mcu --update-docs" \
  < "$work/lines" | tee "$work/mcu"

$update || exit 0
[ ${#list[@]} -gt ${#published[@]} ] || {
  echo "not written: docs/microcontrollers.md is of all of its networks" >&2
  exit 1
}
# What stands between the marks is replaced.
sed -i -e "/<!-- begin mcu -->/,/<!-- end mcu -->/{//!d}" -e "/<!-- begin mcu -->/r $work/mcu" docs/microcontrollers.md
cp "$work/json" docs/microcontrollers.json
echo "written: docs/microcontrollers.md docs/microcontrollers.json" >&2
