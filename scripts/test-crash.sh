#!/bin/sh
# test-crash.sh - `make test-crash KILLS=20 RANDOM=200`: the real programs killed often, on both databases, and what they stand on taken
# away; prints a table of places and what became of what was acknowledged there. `make test` does the same a few times.
#   KILLS     at each named point (20)          RANDOM   at random moments under load (200)
#   CUTS      losses of power of the server (100); the store alone has twenty times as many
#   DB_KILLS  deaths of PostgreSQL (20)         DAYS     bad days of the markets (10)     SEED   repeats one run
set -eu
cd "$(dirname "$0")/.."
if [ -z "${SAUDA_CRASH_BUILD:-}" ]; then
    scripts/install.sh build test
    scripts/build.sh asan src/app/sauda src/sandbox/sauda-sandbox tests/crash/crash tests/crash/outage tests/crash/power tests/crash/faults \
        tests/crash/sauda_power
fi
build=${SAUDA_CRASH_BUILD:-$PWD/build/asan}
SAUDA_EXE=$build/src/app/sauda
SANDBOX_EXE=$build/src/sandbox/sauda-sandbox
SAUDA_POWER_EXE=$build/tests/crash/sauda_power
SAUDA_PG_SCRIPT=$PWD/tests/crash/postgres.sh
SAUDA_KILLS=${KILLS:-20}
SAUDA_RANDOM=${RANDOM_KILLS:-${RANDOM:-200}}
SAUDA_DB_KILLS=${DB_KILLS:-20}
SAUDA_DAYS=${DAYS:-10}
export SAUDA_EXE SANDBOX_EXE SAUDA_POWER_EXE SAUDA_PG_SCRIPT SAUDA_KILLS SAUDA_RANDOM SAUDA_DB_KILLS SAUDA_DAYS
[ -z "${SEED:-}" ] || { SAUDA_SEED=$SEED; export SAUDA_SEED; }
cuts=${CUTS:-100}
failed=0
log=build/test-crash.log
mkdir -p build
: >"$log"
# What the servers say while everything is taken from them is kept, not shown.
show() {
    echo "== $1"
    shift
    "$@" 2>&1 | tee -a "$log" | grep -v -E '^(\{"at"|\[|SAUDA_SEED|WARNING|FATAL)' || true
    grep -q -E '^\[  FAILED  \]|ERROR: AddressSanitizer|runtime error' "$log" && failed=1
    return 0
}
SAUDA_CUTS=$((cuts * 20)) show "the power goes: the store" "$build/tests/crash/power"
SAUDA_CUTS=$cuts show "the power goes, the database server dies: the programs" "$build/tests/crash/outage"
show "the server dies" tests/support/with-postgres.sh "$build/tests/crash/crash"
show "bad days of the markets" tests/support/with-postgres.sh "$build/tests/crash/faults"
if [ "$failed" != 0 ]; then
    echo "FAILED: see $log" >&2
    exit 1
fi
echo "Nothing acknowledged was lost, nothing was doubled. Everything that was said is in $log."
