#!/usr/bin/env bash
# Runs the commands of docs/tutorial.md in an empty folder, and compares what they print with what stands
# there; files that it shows are written. Exit code 77 (skipped): a compiler or QEMU is missing.
#
#     run.sh PREFIX [--update]      PREFIX: where mote is installed; --update: writes what is printed into the document
set -euo pipefail
MOTE_SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
export MOTE_SOURCE
prefix=$(cd "$1" && pwd) update=${2:-}
page=$MOTE_SOURCE/docs/tutorial.md
for tool in arm-none-eabi-g++ riscv64-unknown-elf-g++ qemu-system-arm qemu-system-riscv32; do
  command -v "$tool" > /dev/null || { echo "skipped: no $tool"; exit 77; }
done
[ -d /usr/lib/picolibc/riscv64-unknown-elf ] || { echo "skipped: no picolibc for RISC-V"; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
mkdir "$dir/work" && cd "$dir/work"
export PATH=$prefix/bin:$PATH CMAKE_PREFIX_PATH=$prefix NO_COLOR=1

inside='' commands=0
while IFS= read -r line; do
  case $inside$line in
    '```'*)
      printf '%s\n' "$line"
      read -r inside file _ <<< "${line#'```'} - -"
      [ "$file" = - ] && file=''
      [ "$inside" = sh ] && file=''
      [ -z "$file" ] || : > "$file"
      ;;
    *'```') printf '%s\n' "$line" && inside='' file='' ;;
    'console$ '*)
      printf '%s\n' "$line"
      commands=$((commands + 1))
      eval "${line#'$ '}" 2>&1 < /dev/null || true
      ;;
    console*) ;; # what was printed before
    *)
      printf '%s\n' "$line"
      [ -z "${file:-}" ] || printf '%s\n' "$line" >> "$file"
      ;;
  esac
done < "$page" > "$dir/page"
[ "$commands" -gt 0 ]
if [ "$update" = --update ]; then
  cp "$dir/page" "$page"
fi
# How many headers a network includes changes with each that is edited, and says nothing.
steady() { sed -E 's/^[0-9]+ (files of mote that they include): [0-9,]+ B/\1/' "$1"; }
diff <(steady "$page") <(steady "$dir/page") || { echo "docs/tutorial.md shows something else; once it is right: tests/tutorial/run.sh PREFIX --update" && exit 1; }
echo "$commands commands, all as they stand in docs/tutorial.md"
