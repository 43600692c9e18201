#!/bin/sh
# load.sh - `make bench-load`: the biggest shop's peak in small (200 orders/s, 200 people, 10 000 open screens), on SQLite and on
# PostgreSQL with its usual safety; then far more people than can be served, then calm again. Then single orders on PostgreSQL
# against a group commit written by hand on libpq, and two servers against one. Five minutes; BENCH_LOAD_SECONDS=600 for the ten minutes
# of the target. Waits are counted from when a step was due, so no stall is hidden.
set -eu
cd "$(dirname "$0")/../.."
ninja -C build/release tests/bench/bench_http >build/bench-build.log 2>&1 || {
    tail -n 30 build/bench-build.log >&2
    exit 1
}
BENCH_FOLDER=${BENCH_FOLDER:-/var/tmp/sauda-bench}
SAUDA_BENCH_OUT=build/bench-load.jsonl
export BENCH_FOLDER SAUDA_BENCH_OUT
mkdir -p "$BENCH_FOLDER/home"
rm -f "$SAUDA_BENCH_OUT"
trap 'rm -f "$BENCH_FOLDER"/run-*' EXIT
trap 'exit 1' INT TERM HUP
ulimit -n "$(ulimit -H -n)"
load() { cut -d ' ' -f 1-3 /proc/loadavg; }
echo "$(nproc) cores, load $(load)"
build/release/tests/bench/bench_http load
SAUDA_PG_SAFE=1 tests/support/with-postgres.sh build/release/tests/bench/bench_http load
SAUDA_PG_SAFE=1 tests/support/with-postgres.sh build/release/tests/bench/bench_http hooks
SAUDA_PG_SAFE=1 tests/support/with-postgres.sh build/release/tests/bench/bench_http two
echo
echo "The same as docs/measured.md has it:"
table() {
    sed 's/.*"what":" *\([^"]*\)","unit":"\([^"]*\)","value":\([0-9.]*\),.*/\1|\2|\3/' "$SAUDA_BENCH_OUT" | awk -F '|' '
        function cell(v) { return v == "" ? "" : v < 10 ? sprintf("%.2f", v) : sprintf("%.0f", v) }
        sub(/^SQLite: /, "", $1)     { store = "sqlite" }
        sub(/^PostgreSQL: /, "", $1) { store = "postgres" }
        /64 waiting|two servers/     { exit }
        !($1 in seen)                { seen[$1] = ++n; name[n] = $1 ($2 == "" ? "" : ", " $2) }
                                     { value[store, seen[$1]] = $3 }
        END {
            print "| | SQLite | PostgreSQL |\n|---|---|---|"
            for (i = 1; i <= n; i++)
                printf "| %s | %s | %s |\n", name[i], cell(value["sqlite", i]), cell(value["postgres", i])
        }'
}
table
echo "load $(load). Rows as JSON lines: $SAUDA_BENCH_OUT"
