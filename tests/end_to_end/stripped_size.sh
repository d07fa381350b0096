#!/bin/sh
# stripped_size.sh PROGRAM BYTES: whether PROGRAM, stripped, has at most so many bytes. 77: no strip.
command -v strip >/dev/null || exit 77
copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
strip -o "$copy" "$1"
size=$(wc -c <"$copy")
echo "$1: $size B stripped, expected at most $2"
[ "$size" -le "$2" ]
