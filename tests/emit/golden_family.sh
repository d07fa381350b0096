#!/usr/bin/env bash
# Compiles the models of families of golden cases to C++, and runs what that says of itself:
#
#     golden_family.sh MOTE GOLDEN_CASES FAMILIES CXX [FLAGS...]
#
# All of them make one translation unit, so that headers are read once. FAMILIES are names with blanks
# between them. EVERY=N takes one model of N; COMPILE_FLAGS go to mote compile; with ONLY_COMPILE=1
# nothing is run. Exit 77 (skipped): there is no such compiler.
set -euo pipefail
mote=$1 cases=$2 families=$3 cxx=$4 && shift 4
command -v "$cxx" > /dev/null || { echo "skipped: no $cxx"; exit 77; }
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

for family in $families; do "$cases" write "$dir" "$family" > /dev/null; done
names=()
for model in "$dir"/*.tflite; do
  name=case_$(basename "$model" .tflite | tr -c 'A-Za-z0-9\n' _)
  if [ $((${#names[@]} % ${EVERY:-1})) = 0 ]; then
    # shellcheck disable=SC2086
    "$mote" compile "$model" --name="$name" --output="$dir" --self-test ${COMPILE_FLAGS:-} > /dev/null
  fi
  names+=("$name")
done
{
  echo '#include <stdint.h>'
  [ -n "${ONLY_COMPILE:-}" ] || echo '#include <stdio.h>'
  for name in "${names[@]}"; do [ ! -f "$dir/$name.cc" ] || echo "#include \"$name.cc\""; done
  if [ -z "${ONLY_COMPILE:-}" ]; then
    echo 'alignas(16) static unsigned char arena[1 << 20];'
    echo 'static int check(const char* name, int arena_bytes, int32_t (*self_test)(void*)) {'
    echo '  const int wrong = arena_bytes > int{sizeof arena} ? -2 : int{self_test(arena)};'
    echo '  if (wrong != -1) printf("%s: %d\n", name, wrong);'
    echo '  return wrong != -1;'
    echo '}'
    echo 'int main() {'
    echo '  int wrong = 0, count = 0;'
    for name in "${names[@]}"; do
      [ ! -f "$dir/$name.cc" ] || echo "  ++count, wrong += check(\"$name\", $name::kArenaBytes, $name::self_test);"
    done
    echo '  printf("%d of %d models are not as the interpreter has them\n", wrong, count);'
    echo '  return wrong != 0 || count == 0;'
    echo '}'
  fi
} > "$dir/all.cc"
flags=(-std=c++20 -O1 -Wall -Wextra -Wpedantic -Wconversion -Werror -ffp-contract=off -fwrapv -fno-exceptions -fno-rtti)
if [ -n "${ONLY_COMPILE:-}" ]; then
  "$cxx" "${flags[@]}" -I"$source" -I"$dir" "$@" -c "$dir/all.cc" -o "$dir/all.o"
  echo "$(ls "$dir"/case_*.cc | wc -l) models compile without a warning"
else
  "$cxx" "${flags[@]}" -I"$source" -I"$dir" "$@" "$dir/all.cc" -o "$dir/all"
  "$dir/all"
fi
