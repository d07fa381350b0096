#!/usr/bin/env bash
# Counts networks on boards anew, and fails where one takes over 2 % more than docs/microcontrollers.json says:
#
#     recorded.sh MOTE MOTE_MCU_REPORT
#
# The project's own network on all boards; the six that are published on three, where ../shared has them.
set -euo pipefail
mote=$1 report=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
models=${MOTE_SHARED:-$source/../shared}/models
lines=$(mktemp) && trap 'rm -f "$lines"' EXIT
boards=$(cd "$source/firmware/boards" && echo *)
"$source/bench/mcu/measure.sh" "$mote" "$source/models/dial_tones/dial_tones.tflite" "$boards" > "$lines"
if [ -d "$models" ]; then
  # shellcheck source=bench/mcu/published.sh
  . "$source/bench/mcu/published.sh"
  "$source/bench/mcu/measure.sh" "$mote" "${published[*]/#/$models/}" "mps2-an386 mps3-an547 virt-rv32" >> "$lines"
else
  echo "only dial_tones: no ../shared/models"
fi
"$report" --against="$source/docs/microcontrollers.json" < "$lines"
