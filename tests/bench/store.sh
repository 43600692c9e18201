#!/bin/sh
# store.sh - `make bench`: intake, notifications, the server over loopback, live streams, memory, start; one table to standard output,
# its rows as JSON lines to build/bench.jsonl. Five to ten minutes, of which the first run fills a file of a million orders; a round
# takes part as long as there is time, so a busy machine gives fewer rounds. All of it at another size: BENCH_ORDERS=10000000 make bench
# (60 GB of room in BENCH_FOLDER, an hour). BENCH_FULL=1 adds that to the table of a million. BENCH_SECONDS, BENCH_ROUNDS, BENCH_REQUESTS,
# BENCH_TIMERS and BENCH_STREAMS make it shorter; BENCH_PEOPLE=no leaves out the people, half of the time.
#
# A ratio is ours against the bare library in the same run, rounds in turn, medians. What has no ratio (milliseconds, CPU, memory)
# depends on what else the machine does: its load is printed before and after.
set -eu
cd "$(dirname "$0")/../.."
into=build/release/tests/bench
ninja -C build/release tests/bench/bench_intake tests/bench/bench_http tests/bench/bench_people tests/bench/bench_online tests/bench/bench_deadlines tests/bench/people_tool >build/bench-build.log 2>&1 || {
    tail -n 30 build/bench-build.log >&2
    exit 1
}
BENCH_FOLDER=${BENCH_FOLDER:-/var/tmp/sauda-bench}
BENCH_ORDERS=${BENCH_ORDERS:-1000000}
SAUDA_BENCH_OUT=build/bench.jsonl
export BENCH_FOLDER BENCH_ORDERS SAUDA_BENCH_OUT
mkdir -p "$BENCH_FOLDER/home"
rm -f "$SAUDA_BENCH_OUT"
trap 'rm -f "$BENCH_FOLDER"/run-* "$BENCH_FOLDER"/hook-*' EXIT
trap 'exit 1' INT TERM HUP
started=$(date +%s)
load() { cut -d ' ' -f 1-3 /proc/loadavg; }
echo "$(nproc) cores, load $(load)"
printf '%-62s %12s %-9s %12s %9s  %9s %8s\n' what ours unit bare ratio bound aim
"$into/bench_intake" sqlite
BENCH_FILL=$BENCH_ORDERS "$into/bench_intake" sqlite
"$into/bench_intake" single
"$into/bench_http" hooks
tests/support/with-postgres.sh "$into/bench_intake" postgres
"$into/bench_http" speed
"$into/bench_http" rest
"$into/bench_http" live
"$into/bench_deadlines"
"$into/bench_http" returns
shop=$(ls "$BENCH_FOLDER"/fill-*-"$BENCH_ORDERS".db)
SAUDA_HOME=$BENCH_FOLDER/home "$into/people_tool" took "\`sauda check\`, $BENCH_ORDERS orders" build/release/src/app/sauda check --db "sqlite:$shop"
SAUDA_HOME=$BENCH_FOLDER/home "$into/people_tool" took "CSV export, $BENCH_ORDERS orders" build/release/src/app/sauda export orders --db "sqlite:$shop" --out "$BENCH_FOLDER/run-export.csv"
if [ "${BENCH_PEOPLE:-yes}" = yes ]; then
    "$into/bench_people"
    "$into/bench_online"
    "$into/people_tool" gen hard 0 7 1000000 >"$BENCH_FOLDER/people.csv"
    "$into/people_tool" time "people, 1 M rows through \`sauda dedupe\`" build/release/src/app/sauda dedupe "$BENCH_FOLDER/people.csv" --out "$BENCH_FOLDER/people.tsv"
    rm -f "$BENCH_FOLDER/people.csv" "$BENCH_FOLDER/people.tsv"
fi
if [ -n "${BENCH_FULL:-}" ]; then
    BENCH_FILL=10000000 "$into/bench_intake" sqlite
    BENCH_ORDERS=10000000 "$into/bench_http" speed
    BENCH_ORDERS=10000000 "$into/bench_http" rest
fi
verdicts() { grep -c "\"verdict\":\"$1\"" "$SAUDA_BENCH_OUT" || true; }
echo "$(verdicts 'aim reached') reached the aim, $(verdicts met) met the bound, $(verdicts MISSED) missed it;" \
    "$(($(date +%s) - started)) s, load $(load). Rows as JSON lines: $SAUDA_BENCH_OUT"
