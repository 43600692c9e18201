#!/bin/sh
# coverage.sh [SUITE…] - `make coverage`: builds with line counters into build/coverage, runs the suites (all of C but those that kill and fuzz),
# and prints which share of the lines of src was run, by folder, least covered files last. lcov's own page is build/coverage/html/index.html.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build test analyze
into=build/coverage
[ -f $into/build.ninja ] || meson setup $into -Db_coverage=true -Doptimization=0 -Ddebug=true >build/coverage.log 2>&1
ninja -C $into -j "$(nproc)" >build/coverage.log 2>&1 || {
    tail -n 25 build/coverage.log >&2
    exit 1
}
find $into -name '*.gcda' -delete
[ $# -gt 0 ] || set -- unit property golden contract scenario cli
suites=
for suite in "$@"; do suites="$suites --suite $suite"; done
# A test that fails here is told by make test; what it ran counts all the same.
# shellcheck disable=SC2086
tests/support/with-postgres.sh meson test -C $into --no-rebuild --num-processes "$(nproc)" --timeout-multiplier 4 $suites >build/coverage-tests.log 2>&1 || true
grep -E '^(Ok|Fail|Timeout):' build/coverage-tests.log || true
lcov --quiet --capture --directory $into --base-directory "$PWD" --no-external --output-file $into/all.info >>build/coverage.log 2>&1
lcov --quiet --extract $into/all.info "$PWD/src/*" --output-file $into/src.info >>build/coverage.log 2>&1
genhtml --quiet $into/src.info --output-directory $into/html >>build/coverage.log 2>&1 || true
awk -F: -v here="$PWD/src/" '
    $1 == "SF" { file = substr($2, length(here) + 1); split(file, part, "/") }
    $1 == "LF" { lf[part[1]] += $2; all += $2; flf = $2 }
    $1 == "LH" { lh[part[1]] += $2; hit += $2; if (flf > 30) printf "%6.1f %% of %5d  %s\n", 100 * $2 / flf, flf, file >"build/coverage/files" }
    END { for (f in lf) printf "%-12s %6.1f %% of %6d lines\n", f, 100 * lh[f] / lf[f], lf[f] | "sort"; close("sort")
          printf "all of src   %6.1f %% of %6d lines\n", 100 * hit / all, all }' $into/src.info
echo "least covered:"
sort -n build/coverage/files | head -n 15
