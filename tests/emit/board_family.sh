#!/usr/bin/env bash
# Compiles the models of families of golden cases for a board, and has them test themselves there,
# under QEMU:
#
#     board_family.sh BOARD MOTE GOLDEN_CASES FAMILIES PATTERN
#
# BOARD is a folder of firmware/boards; FAMILIES are names with blanks between them; of their cases, those
# count whose names PATTERN matches, as the shell does, of which EVERY=N takes one of N. COMPILE_FLAGS go
# to mote compile. A few models share an image.
set -euo pipefail
board=$1 mote=$2 cases=$3 families=$4 pattern=$5
source=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=script/board.sh
. "$source/script/board.sh"
read_board "$board"
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
compiler_flags=() # what script/board adds, where it adds something
count=0
models_an_image=24

# as_code MODEL: writes it into $dir; $name is what it is called there.
as_code() {
  local said
  name=case_$(basename "$1" .tflite | tr -c 'A-Za-z0-9\n' _)
  # shellcheck disable=SC2086 # several flags
  said=$("$mote" compile "$1" --target="$board_target" --name="$name" --output="$dir" --self-test ${COMPILE_FLAGS:-})
  said=$(sed -n 's/^compile with: //p' <<< "$said")
  read -ra flags <<< "${said/-I<mote\'s source>/-I$source} $board_flags"
  flags+=(-ffunction-sections -fdata-sections -I"$board_dir" -I"$dir" "${compiler_flags[@]}")
}

# test_models MODELS...: one image that runs all their self-tests.
test_models() {
  local model name names=() objects=() file object script
  for model in "$@"; do
    as_code "$model"
    names+=("$name")
  done
  {
    echo '#include "board.h"'
    echo '#include "firmware/drivers/print.h"'
    for name in "${names[@]}"; do echo "#include \"$name.cc\""; done
    echo 'alignas(16) [[gnu::section(".bss.arena")]] static unsigned char arena[1 << 18];'
    echo 'static bool fails(const char* name, int bytes, int32_t (*self_test)(void*)) {'
    echo '  const int32_t wrong = bytes > int{sizeof arena} ? -2 : self_test(arena);'
    echo '  if (wrong == -1) return false;'
    echo '  board::write(name), board::write(": "), drivers::print_signed(wrong), board::write("\n");'
    echo '  return true;'
    echo '}'
    echo 'int main() {'
    echo '  int wrong = 0;'
    for name in "${names[@]}"; do
      echo "  wrong += fails(\"$name\", $name::kArenaBytes, $name::self_test);"
    done
    echo '  return wrong != 0;'
    echo '}'
  } > "$dir/all.cc"
  # shellcheck disable=SC2086 # several files
  for file in "$dir/all.cc" $(printf "$source/firmware/startup/%s " $board_startup); do
    object=$dir/$(basename "${file%.*}").o
    "$board_toolchain-g++" "${flags[@]}" -fno-tree-loop-distribute-patterns -c "$file" -o "$object"
    objects+=("$object")
  done
  for script in link.ld link_large.ld; do
    # shellcheck disable=SC2086 # several libraries
    [ -f "$board_dir/$script" ] && "$board_toolchain-gcc" "${flags[@]}" -nostartfiles -Wl,--gc-sections \
      -T "$board_dir/$script" -L "$source/firmware/startup" "${objects[@]}" $board_libraries \
      -o "$dir/all" 2> "$dir/link.log" && break
    rm -f "$dir/all"
  done
  [ -f "$dir/all" ] || { cat "$dir/link.log" && die "an image of $# models does not fit on $board"; }
  run "$dir/all"
}

for family in $families; do "$cases" write "$dir" "$family" > /dev/null; done
models=()
# shellcheck disable=SC2231 # a pattern
for model in "$dir"/$pattern.tflite; do
  [ -f "$model" ] || die "no golden case of '$families' is called '$pattern'"
  if [ $((count++ % ${EVERY:-1})) = 0 ]; then models+=("$model"); fi
done
for ((i = 0; i < ${#models[@]}; i += models_an_image)); do
  test_models "${models[@]:i:models_an_image}"
done
echo "${#models[@]} models are as the interpreter has them on $board"
