#!/bin/sh
# format.sh [--fix]: holds every C++ file against .clang-format, or brings it into that form. Only
# clang-format 14 is asked, for each version has its own opinion. Exit 77 (skipped): it is missing.
set -eu
cd "$(dirname "$0")/../.."
command -v clang-format-14 >/dev/null || {
  echo "SKIPPED: no clang-format-14 on this machine (script/setup test installs it)"
  exit 77
}
mode='--dry-run -Werror'
[ "${1:-}" != --fix ] || mode=-i
# shellcheck disable=SC2086 # $mode is words
find mote cli tests bench firmware \( -name '*.h' -o -name '*.cc' \) -print0 2>/dev/null |
  xargs -0 clang-format-14 --style=file $mode || {
  echo "tests/house/format.sh --fix brings these files into form"
  exit 1
}
