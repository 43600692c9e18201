#!/bin/sh
# tsan.sh - `make test-tsan`: the server built with clang's ThreadSanitizer under the load of the bench (a marketplace, people who read and act, open
# screens, then more people than can be served), on SQLite and on PostgreSQL. Every report is a failure; they are kept in build/tsan-found.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build test
into=build/tsan
[ -f $into/build.ninja ] || CC=clang CXX=clang++ meson setup $into -Doptimization=1 -Ddebug=true -Db_sanitize=thread >build/tsan.log 2>&1
ninja -C $into -j "$(nproc)" tests/bench/bench_http >build/tsan.log 2>&1 || {
    tail -n 25 build/tsan.log >&2
    exit 1
}
grep -q __tsan_write8 $into/tests/bench/bench_http || {
    echo "The program was not built with ThreadSanitizer." >&2
    exit 1
}
found=$PWD/build/tsan-found
rm -rf "$found"
mkdir -p "$found/home"
ulimit -n "$(ulimit -H -n)"
TSAN_OPTIONS="log_path=$found/report halt_on_error=0 exitcode=0 second_deadlock_stack=1"
BENCH_FOLDER=$found
SAUDA_BENCH_OUT=$found/rows
BENCH_LOAD_ORDERS=${BENCH_LOAD_ORDERS:-20000}
BENCH_LOAD_SECONDS=${BENCH_LOAD_SECONDS:-30}
BENCH_LOAD_RATE=${BENCH_LOAD_RATE:-25}
BENCH_LOAD_PEOPLE=${BENCH_LOAD_PEOPLE:-60}
BENCH_LOAD_STREAMS=${BENCH_LOAD_STREAMS:-500}
BENCH_LOAD_CROWD=${BENCH_LOAD_CROWD:-150}
export TSAN_OPTIONS BENCH_FOLDER SAUDA_BENCH_OUT BENCH_LOAD_ORDERS BENCH_LOAD_SECONDS BENCH_LOAD_RATE BENCH_LOAD_PEOPLE BENCH_LOAD_STREAMS BENCH_LOAD_CROWD
$into/tests/bench/bench_http load
tests/support/with-postgres.sh $into/tests/bench/bench_http load
reports=$(cat "$found"/report* 2>/dev/null | grep -c 'WARNING: ThreadSanitizer' || true)
rm -f "$found"/*.db*
echo "$reports reports of ThreadSanitizer"
[ "$reports" = 0 ] && echo "1 passed, 0 failed" || { echo "0 passed, 1 failed"; exit 1; }
