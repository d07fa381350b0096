#!/bin/sh
# stripped_size.sh STRIP PROGRAM BYTES: whether PROGRAM, stripped, has at most so many bytes. 77: no strip.
command -v "$1" >/dev/null || exit 77
copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
"$1" -o "$copy" "$2"
size=$(wc -c <"$copy")
echo "$2: $size B stripped, expected at most $3"
[ "$size" -le "$3" ]
