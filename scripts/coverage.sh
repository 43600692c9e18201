#!/bin/sh
# coverage.sh [SUITE…] - `make coverage`: builds with line counters into build/coverage, runs the suites (all of C but those that kill and fuzz),
# and prints which share of the lines of src was run, by folder, least covered files last; what is known of each file is in build/coverage/files.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build test
into=build/coverage
[ -f $into/build.ninja ] || meson setup $into -Db_coverage=true -Dwerror=false -Doptimization=0 -Ddebug=true >build/coverage.log 2>&1
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
# gcov tells of each object file; a header or a file that several objects hold counts once.
(cd $into && find . \( -path './libsauda_*' -o -path './src/*' \) -name '*.gcda' | xargs -n 20 gcov -n 2>/dev/null) |
    awk '/^File /{ f = $2; gsub("\047", "", f) }
         /^Lines executed/ && f ~ /^\.\.\/\.\.\/src\/.*\.(c|cpp)$/ && !(f in seen) {
             seen[f] = 1
             split($2, a, ":"); share = a[2]; sub("%", "", share); lines = $4
             sub("../../src/", "", f); split(f, d, "/")
             of[d[1]] += lines; run[d[1]] += lines * share / 100; all += lines; hit += lines * share / 100
             if (lines > 30) printf "%6.1f %% of %5d  %s\n", share, lines, f >"build/coverage/files"
         }
         END { for (k in of) printf "%-12s %6.1f %% of %6d lines\n", k, 100 * run[k] / of[k], of[k] | "sort"; close("sort")
               printf "all of src   %6.1f %% of %6d lines\n", 100 * hit / all, all }'
echo "least covered:"
sort -n build/coverage/files | head -n 15
