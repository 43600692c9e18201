#!/bin/sh
# build.sh KIND [TARGET…] - builds into build/KIND, quietly; shows the compiler's words when it fails.
#   release  gcc -O2, what people run        asan   gcc with address and undefined sanitizers, what is tested
#   clang    clang with the same and the hooks of the fuzzer
set -eu
cd "$(dirname "$0")/.."
kind=$1
shift
into=build/$kind
log=build/$kind.log
case $kind in
release) options="-Doptimization=2 -Ddebug=false" ;;
asan) options="-Doptimization=2 -Ddebug=true -Db_sanitize=address,undefined" ;;
clang)
    options="-Doptimization=1 -Ddebug=true -Db_sanitize=address,undefined -Dc_args=-fsanitize=fuzzer-no-link -Dcpp_args=-fsanitize=fuzzer-no-link"
    CC=clang CXX=clang++
    export CC CXX
    ;;
*)
    echo "build.sh: no such build: $kind" >&2
    exit 2
    ;;
esac
show_and_fail() {
    grep -n -E 'error|warning|FAILED|ERROR' "$log" | head -n 30 >&2 || true
    tail -n 25 "$log" >&2
    echo "Building $into failed; the whole log is in $log." >&2
    exit 1
}
mkdir -p build
if [ ! -f "$into/build.ninja" ]; then
    rm -rf "$into"
    # shellcheck disable=SC2086
    meson setup "$into" $options >"$log" 2>&1 || show_and_fail
fi
# Nothing to do is the usual case of a second run; say something only when there is work.
if [ -n "${SAUDA_BUILD_WORDS:-}" ] && ! ninja -C "$into" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
    echo "$SAUDA_BUILD_WORDS"
fi
ninja -C "$into" -k 0 -j "$(nproc)" "$@" >"$log" 2>&1 || show_and_fail
