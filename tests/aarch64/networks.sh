#!/bin/sh
# networks.sh BUILD [CMAKE_ARGUMENTS...]: cross-builds, in the folder BUILD, what compiles and runs
# networks for 64-bit Arm, and holds its instruction sets against scalar and the reference's outputs,
# once as a processor that has dot products and once as one that has none. Needs no library of the
# target's but the compiler's own. Exit 77 (skipped): a tool is missing.
set -eu
build=$1
shift
for tool in aarch64-linux-gnu-g++ qemu-aarch64 ninja; do
  command -v $tool >/dev/null || {
    echo "SKIPPED: no $tool on this machine (script/setup test installs it)"
    exit 77
  }
done
googletest=/usr/src/googletest
[ -d $googletest ] || {
  echo "SKIPPED: no sources of GoogleTest in $googletest (script/setup test installs them)"
  exit 77
}
cd "$(dirname "$0")/../.."

# quietly COMMAND...: runs it, and says what it said only where it fails.
quietly() {
  "$@" >"$build.log" 2>&1 || {
    tail -n 40 "$build.log"
    exit 1
  }
}
mkdir -p "$build"
set -- -G Ninja -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/aarch64-linux-gnu.cmake" \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -DNDEBUG" "$@"
quietly cmake -S $googletest -B "$build/googletest" "$@" -DCMAKE_INSTALL_PREFIX="$build/prefix"
quietly cmake --build "$build/googletest" --target install
quietly cmake -S . -B "$build/mote" "$@" -DCMAKE_PREFIX_PATH="$build/prefix" \
  -DMOTE_ONLY_NETWORKS=ON -DCMAKE_EXE_LINKER_FLAGS=-static
quietly cmake --build "$build/mote" --target mote_dispatch_test mote_tiled_layer_test mote_golden_test

# run CPU PROGRAM FILTER
run() {
  QEMU_CPU=$1 qemu-aarch64 "$build/mote/$2" --gtest_brief=1 --gtest_filter="$3"
}
tests='Golden/OperatorFamily.*:AvailableTables.*:VectorKernels.*:TiledLayer.*:TiledFloats.*'
for program in mote/dispatch/mote_dispatch_test mote/compiler/mote_tiled_layer_test \
  tests/golden/mote_golden_test; do
  echo "$program"
  run max $program "$tests:ChooseTable.*:Neon*" &
  run cortex-a72 $program "$tests"
  wait $!
done
