#!/bin/sh
# weak_symbols.sh NM OBJECTS...: in an object compiled for one instruction set, every function that the
# linker may share with others must be a template on that instruction set: else a CPU without it could
# be given this copy. A table that programs may do without is data, and there once. Objects are named after the files of core/kernels/isa/.
set -eu
nm=$1
shift
failed=0
checked=0
for object in "$@"; do
  case $(basename "$object") in
    avx2.* | avx2_gru.*) type=Avx2 ;;
    avx512vnni.*) type=Avx512Vnni ;;
    neon.* | neon_gru.*) type=Neon ;;
    neon_dot.*) type=NeonDot ;;
    *) continue ;;
  esac
  checked=$((checked + 1))
  if "$nm" -C "$object" | grep -E '^[0-9a-f]+ [WVu] ' | grep -v -e "mote::isa::$type\\>" -e "V mote::dispatch::k${type}GruTable$"; then
    echo "^ $object shares these with objects for other CPUs"
    failed=1
  fi
done
echo "$checked objects for particular CPUs"
[ "$failed" = 0 ]
