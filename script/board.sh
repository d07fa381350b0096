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
  local tool word
  for tool in "$board_toolchain-g++" "${board_qemu%% *}"; do
    command -v "$tool" > /dev/null || die "skipped: $tool is missing (script/setup test installs it)" 77
  done
  for word in $board_libraries; do
    [[ $word != -L* ]] || [ -d "${word#-L}" ] ||
      die "skipped: ${word#-L} is missing (script/setup test installs it)" 77
  done
}

# take_flags PRINTED: sets $flags from what mote compile has printed, and the board's own.
take_flags() {
  local line
  line=$(sed -n 's/^compile with: //p' <<< "$1")
  read -ra flags <<< "${line/-I<mote\'s source>/-I$source} $board_flags"
  flags+=(-ffunction-sections -fdata-sections -I"$board_dir" "${compiler_flags[@]}")
}

# emit_network DIR [FLAGS...]: the model as C++ for the board, compiled.
emit_network() {
  local dir=$1 said && shift
  mkdir -p "$dir"
  said=$("$MOTE" compile "$model" --target="$board_target" --name=network --output="$dir" "$@")
  take_flags "$said"
  bash "$source/firmware/apps/run_model/ports.sh" < "$dir/network.h" > "$dir/ports.h"
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
  [ ! -f "$dir/network.o" ] || [ "$app" = empty ] || objects+=("$dir/network.o")
  for script in link.ld link_large.ld; do
    [ -f "$board_dir/$script" ] || continue
    # shellcheck disable=SC2086 # several libraries
    if "$board_toolchain-gcc" "${flags[@]}" -nostartfiles -Wl,--gc-sections,--print-memory-usage \
      -T "$board_dir/$script" -L "$source/firmware/startup" "${objects[@]}" $board_libraries \
      -o "$dir/$app" > "$dir/$app.link.log" 2>&1; then
      return
    fi
  done
  no_image "$dir/$app.link.log"
}

# no_image LOG: says why the linker made none, with the way out.
no_image() {
  local lacks missing
  lacks=$(sed -n 's/.*undefined reference to [`]\(.*\)'"'"'.*/\1/p' "$1" | sort -u)
  [ -z "$lacks" ] || die "$(basename "$model") needs functions that $board's libraries lack: ${lacks//$'\n'/, }"
  missing=$(awk 'function bytes(n, unit) { return n * (unit == "GB" ? 2 ^ 30 : unit == "MB" ? 2 ^ 20 : unit == "KB" ? 2 ^ 10 : 1) }
    / [0-9.]+%$/ { sub(/:$/, "", $1); used = bytes($2, $3); there = bytes($4, $5)
                   if (used > there) print $1 " needs " used " B, there are " there " B" }
    /KB of RAM is left for the stack/ { sub(/.*ld: /, ""); stack = $0 }
    END { if (stack != "") print stack }' "$1")
  [ -n "$missing" ] || { sed -n 's/^[^ ]*ld: //p' "$1" | head -n 5 >&2; die "no image of $(basename "$model") for $board"; }
  die "$(basename "$model") does not fit on $board: ${missing//$'\n'/; }; take a board with more (docs/boards.md), a smaller model, \
or compile with --shapes=dynamic (less flash), --optimize=ram, --read-rows or --stream (less RAM)"
}

# run IMAGE [OPTIONS...]: runs it, with further options of QEMU's; what it writes goes to IMAGE.log. Any exit code but 0 ends the script.
run() {
  local code=0
  # shellcheck disable=SC2086 # a command with its words
  timeout --foreground "${BOARD_SECONDS:-300}" $board_qemu -icount "shift=$board_icount_shift" -display none -monitor none \
    -serial none -semihosting-config enable=on,target=native -kernel "$@" > "$1.log" 2>&1 < /dev/null || code=$?
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
  # The arrays of network.cc; as linkers have their names: a length, the name, and E.
  constants=$("$board_toolchain-nm" -S -t d "$1/minimal" |
    awk 'NR == FNR { if (/^alignas.* constexpr .*\[\] = \{$/) { sub(/\[\].*/, ""); names[$NF] } next }
         { name = $NF; sub(/^.*_GLOBAL__N_1L[0-9]+/, "", name); sub(/E$/, "", name) }
         name in names { sum += $2 } END { print sum + 0 }' "$1/network.cc" -)
  echo "flash_bytes=$((flash - empty_flash - constants)) const_bytes=$constants ram_bytes=$((ram - empty_ram + ${stack%% *}))"
}

# weigh DIR APP FUNCTION: runs DIR/APP once more, looks at each instruction of the first run of the function
# that measure.h calls (its name as linkers have it), and leaves in DIR/weights what firmware/qemu/weigh.cc writes.
weigh() {
  local dir=$1 app=$2 size start stop of_riscv=()
  [ "$board_toolchain" = arm-none-eabi ] || of_riscv=(-DWEIGH_RISCV)
  "${CXX:-g++}" -std=c++20 -O2 -shared -fPIC "${of_riscv[@]}" "$source/firmware/qemu/weigh.cc" -o "$dir/libweigh.so"
  read -r start size < <("$board_toolchain-nm" -S "$dir/$app" | sed -n "s/ [TtW] \\($3\\)\$//p")
  stop=$("$board_toolchain-nm" "$dir/$app" | sed -n 's/ . measured_to$//p')
  rm -f "$dir/weights"
  run "$dir/$app" -plugin \
    "$dir/libweigh.so,start=0x$start,end=$((0x$start + 0x$size)),stop=0x$stop,out=$dir/weights"
  grep -q ^total "$dir/weights" || die "QEMU's plug-in saw no run of $3"
}

# layers DIR: how much of DIR/weights is each call's of network::run(), as a Markdown table. The network there
# was compiled with -g: an instruction belongs to the line of steps() that it was inlined to.
layers() {
  local dir=$1
  sed -n 's/^\(0x[0-9a-f]*\) .*/\1/p' "$dir/weights" | sort -u > "$dir/addresses"
  "$board_toolchain-addr2line" -a -f -i -e "$dir/run_model" < "$dir/addresses" |
    awk '/^0x/ { address = $1; next }
         name == "" { name = $0; next }
         { if (name ~ /^steps<|5steps/ && /network\.cc:/) { sub(/.*:/, ""); print "line", address, $1 + 0 }; name = "" }' |
    awk 'BEGIN { calls = 0 }
         function tail(hex) { sub(/^0x0*/, "", hex); return hex }
         FILENAME == ARGV[1] {
           if (/^int32_t steps\(/) in_steps = 1
           if (/^}/) in_steps = 0
           if (in_steps && /^  \/\/ /) comment = substr($0, 6)
           if (in_steps && /^  mote::kernels::/) {
             kernel = $0; sub(/^  mote::kernels::/, "", kernel); sub(/<.*/, "", kernel)
             names[calls] = comment " | " kernel; first[calls++] = FNR
           }
           next
         }
         $1 == "line" { line[tail($2)] = $3; next }
         $1 == "total" { total = $2; weight = $3; next }
         {
           layer = -1
           for (i = 0; i < calls && tail($1) in line && first[i] <= line[tail($1)]; ++i) layer = i
           sum[layer] += $2; heavy[layer] += $3
         }
         END {
           print "| call | layer | kernel | instructions | share | weighted |\n|--:|---|---|--:|--:|--:|"
           names[-1] = "around the calls | "
           for (i = -1; i < calls; ++i)
             if (sum[i] > 0 || i >= 0)
               printf "| %s | %s | %d | %.1f %% | %d |\n", i < 0 ? "" : i, names[i], sum[i], 100 * sum[i] / total, heavy[i]
           printf "| | all | | %d | 100 %% | %d |\n", total, weight
         }' "$dir/network.cc" - "$dir/weights"
}
