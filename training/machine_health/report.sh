#!/usr/bin/env bash
# How often `mote watch` alarms on simulated machines, and when, with a network and without:
#   training/machine_health/report.sh MODEL [MACHINES]
# Every machine has another speed and seed; faults begin at 30 s of 60.
set -euo pipefail
cd "$(dirname "$0")/../.."
model=$1 machines=${2:-10}
mote=build/cli/mote
[ -x "$mote" ] || mote=build-release/cli/mote
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# alarms CONDITION WATCH_FLAGS...: of how many machines an alarm is raised, and the median of when.
alarms() {
  local -n of_condition=$1
  shift
  local since=()
  for ((m = 0; m < machines; ++m)); do
    "$mote" simulate "$work/m.wav" "--rpm=$((900 + 170 * m))" "--seed=$((1000 + m))" \
      "${of_condition[@]}" >/dev/null
    since+=("$("$mote" watch "$work/m.wav" "$@" 2>/dev/null |
      sed -nE 's/^The machine is malfunctioning since ([0-9.]+) s.*/\1/p')")
  done
  printf '%s\n' "${since[@]}" | sed '/^$/d' | sort -n |
    awk -v all="$machines" '{ t[NR] = $1 }
      END { printf "%d of %d", NR, all; if (NR) printf ", at %.1f s", t[int((NR + 1) / 2)]; print "" }'
}
# shellcheck disable=SC2034
healthy=(--onset=1) load=(--onset=1 --load=1.6) fault=() both=(--load=1.6)
printf '%-28s %-20s %s\n' '' 'Mahalanobis distance' 'network'
for condition in healthy load fault both; do
  case $condition in
    healthy) name='healthy' ;;
    load) name='healthy, load times 1.6' ;;
    fault) name='fault from 30 s on' ;;
    both) name='fault, load times 1.6' ;;
  esac
  printf '%-28s %-20s %s\n' "$name" "$(alarms "$condition")" "$(alarms "$condition" "--model=$model")"
done
