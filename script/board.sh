# shellcheck shell=bash
# Sourced by the scripts that build and run firmware; $source is the repository's root.

usage() {
  sed -n '2,/^set -euo/s/^# \?//p' "$0" >&2
  exit "$1"
}

die() {
  echo "$(basename "$0"): error: $1" >&2
  exit "${2:-1}"
}

# read_board BOARD: the values of its board.txt as variables board_KEY; what they name must be there.
read_board() {
  board_dir=$source/firmware/boards/$1
  [ -f "$board_dir/board.txt" ] ||
    die "there is no board '$1'; there are: $(cd "$source/firmware/boards" && echo *)" 2
  local key value
  while IFS='=' read -r key value; do
    case $key in '' | '#'*) ;; *) printf -v "board_$key" %s "$value" ;; esac
  done < "$board_dir/board.txt"
  for tool in "$board_toolchain-g++" "${board_qemu%% *}"; do
    command -v "$tool" > /dev/null || die "skipped: $tool is missing (script/setup test installs it)" 77
  done
}

# emit_network DIR [FLAGS...]: the model as C++ for the board, compiled, with the flags that go with it
# in $flags.
emit_network() {
  local dir=$1 said && shift
  mkdir -p "$dir"
  said=$("$MOTE" compile "$model" --target="$board_target" --name=network --output="$dir" "$@")
  said=$(sed -n 's/^compile with: //p' <<< "$said")
  read -ra flags <<< "${said/-I<mote\'s source>/-I$source} $board_flags"
  flags+=(-ffunction-sections -fdata-sections -I"$board_dir")
  "$source/firmware/apps/run_model/ports.sh" < "$dir/network.h" > "$dir/ports.h"
  "$board_toolchain-g++" "${flags[@]}" -c "$dir/network.cc" -o "$dir/network.o"
}

# image APP DIR [SOURCES...]: DIR/APP, an image of firmware/apps/APP with the network in DIR.
image() {
  local app=$1 dir=$2 objects=() file object script && shift 2
  for file in "$source/firmware/apps/$app/main.cc" $(printf "$source/firmware/startup/%s " $board_startup) "$@"; do
    object=$dir/$app-$(basename "${file%.*}").o
    # Else GCC makes of the loops in memset() a call of memset().
    "$board_toolchain-g++" "${flags[@]}" -Wall -Wextra -fno-tree-loop-distribute-patterns -I"$dir" \
      -c "$file" -o "$object"
    objects+=("$object")
  done
  [ "$app" = empty ] || objects+=("$dir/network.o")
  for script in link.ld link_large.ld; do
    [ -f "$board_dir/$script" ] || continue
    # shellcheck disable=SC2086 # several libraries
    if "$board_toolchain-gcc" "${flags[@]}" -nostartfiles -Wl,--gc-sections \
      -T "$board_dir/$script" -L "$source/firmware/startup" "${objects[@]}" $board_libraries \
      -o "$dir/$app" 2> "$dir/$app.link.log"; then
      return
    fi
  done
  {
    sed -n 's/^[^ ]*ld: //; /overflowed\|undefined reference\|less than/p' "$dir/$app.link.log" | sort -u
  } >&2
  die "$(basename "$model") does not fit on $board, or needs what its libraries lack (--keep=DIR keeps the log)"
}

# run IMAGE: runs it; what it writes goes to IMAGE.log. Any exit code but 0 ends the script.
run() {
  local code=0
  # shellcheck disable=SC2086 # a command with its words
  timeout "${BOARD_SECONDS:-300}" $board_qemu -icount "shift=$board_icount_shift" -display none -monitor none \
    -serial none -semihosting-config enable=on,target=native -kernel "$1" > "$1.log" 2>&1 < /dev/null || code=$?
  [ $code = 0 ] && return
  tail -n 5 "$1.log" >&2
  die "$(basename "$1") on $board ended with exit code $code"
}

# size_of IMAGE: its bytes of flash, and of RAM but for the stack.
size_of() {
  "$board_toolchain-size" "$1" | awk 'NR == 2 { print $1 + $2, $2 + $3 }'
}

# sizes DIR TAKEN: what the network there takes, beyond what start-up and an empty main() do; TAKEN is what
# run_model has printed.
sizes() {
  local flash ram empty_flash empty_ram constants stack=${2#*stack_bytes=}
  read -r flash ram < <(size_of "$1/minimal")
  read -r empty_flash empty_ram < <(size_of "$1/empty")
  constants=$("$board_toolchain-nm" -S -t d "$1/minimal" | awk '/kConstant[0-9]+E?$/ { sum += $2 } END { print sum + 0 }')
  echo "flash_bytes=$((flash - empty_flash - constants)) const_bytes=$constants ram_bytes=$((ram - empty_ram + ${stack%% *}))"
}
