# shellcheck shell=bash
# Sourced by the scripts beside it, from the repository's root.

# build_tool [TARGET...]: builds the mote tool in build-release/, and further targets of the build,
# silently where that works; sets $mote.
build_tool() {
  mote=$PWD/build-release/cli/mote
  [ -x "$mote" ] || echo "building the mote tool (a minute or two, the first time) ..."
  mkdir -p build-release
  if ! { cmake --preset release && cmake --build --preset release --target mote "$@"; } \
    >build-release/build.log 2>&1; then
    tail -n 30 build-release/build.log >&2
    echo "$0: the build failed; the whole log is build-release/build.log" >&2
    exit 1
  fi
}
