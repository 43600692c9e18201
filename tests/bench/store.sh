#!/bin/sh
# store.sh - `make bench`: intake, the server over loopback, live streams, memory, start. Table to standard output, rows to
# build/bench.jsonl. Ten minutes at most; BENCH_FULL=1 adds files of ten million orders (40 GB of room in BENCH_FOLDER, an hour).
set -eu
cd "$(dirname "$0")/../.."
into=build/release/tests/bench
ninja -C build/release tests/bench/bench_intake tests/bench/bench_http >build/bench-build.log 2>&1 || {
    tail -n 30 build/bench-build.log >&2
    exit 1
}
BENCH_FOLDER=${BENCH_FOLDER:-/var/tmp/sauda-bench}
SAUDA_BENCH_OUT=build/bench.jsonl
export BENCH_FOLDER SAUDA_BENCH_OUT
mkdir -p "$BENCH_FOLDER"
rm -f "$SAUDA_BENCH_OUT"
printf '%-58s %12s %-9s %12s %9s\n' what ours unit bare ratio
"$into/bench_intake" sqlite
BENCH_FILL=1000000 "$into/bench_intake" sqlite
"$into/bench_intake" single
tests/support/with-postgres.sh "$into/bench_intake" postgres
"$into/bench_http" rest
"$into/bench_http" speed
"$into/bench_http" live
if [ -n "${BENCH_FULL:-}" ]; then
    BENCH_FILL=10000000 "$into/bench_intake" sqlite
    BENCH_ORDERS=10000000 "$into/bench_http" speed
    BENCH_ORDERS=10000000 "$into/bench_http" rest
fi
echo "Rows as JSON lines: $SAUDA_BENCH_OUT"
