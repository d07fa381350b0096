#!/usr/bin/env bash
# Compiles the models of a family of golden cases to C++, and runs what that says of itself:
#
#     golden_family.sh MOTE GOLDEN_CASES FAMILY CXX [FLAGS...]
#
# All of a family make one translation unit, so that headers are read once.
set -euo pipefail
mote=$1 cases=$2 family=$3 && shift 3
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

"$cases" write "$dir" "$family" > /dev/null
{
  echo '#include <cstdio>'
  for model in "$dir"/*.tflite; do
    name=case_$(basename "$model" .tflite | tr -c 'A-Za-z0-9\n' _)
    "$mote" compile "$model" --name="$name" --output="$dir" --self-test > /dev/null
    echo "#include \"$name.cc\""
  done
  echo 'alignas(16) static unsigned char arena[1 << 20];'
  echo 'static int check(const char* name, int arena_bytes, int32_t (*self_test)(void*)) {'
  echo '  const int wrong = arena_bytes > int{sizeof arena} ? -2 : int{self_test(arena)};'
  echo '  if (wrong != -1) std::printf("%s: %d\n", name, wrong);'
  echo '  return wrong != -1;'
  echo '}'
  echo 'int main() {'
  echo '  int wrong = 0, count = 0;'
  for model in "$dir"/*.tflite; do
    name=case_$(basename "$model" .tflite | tr -c 'A-Za-z0-9\n' _)
    echo "  ++count, wrong += check(\"$name\", $name::kArenaBytes, $name::self_test);"
  done
  echo '  std::printf("%d of %d models are not as the interpreter has them\n", wrong, count);'
  echo '  return wrong != 0;'
  echo '}'
} > "$dir/all.cc"
"$@" -std=c++20 -O1 -Wall -Wextra -Wpedantic -Wconversion -Werror -ffp-contract=off -fwrapv \
  -I"$source" -I"$dir" "$dir/all.cc" -o "$dir/all"
"$dir/all"
