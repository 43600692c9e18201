#!/bin/sh
# web.sh - `make bench-web`: the screens in Debian's Chromium over 100 000 orders and 1 000 000 customers; the table to standard
# output and, with its budgets, to build/bench-web.md. Four to six minutes; the first run fills the file, later ones take it again.
#
# Beside each time stands the CPU time of the page's main thread, which another program on the machine does not make longer. Nothing
# fails by a time; only the size of the first load does.
set -eu
cd "$(dirname "$0")/../.."
scripts/install.sh test
scripts/web.sh packages
ninja -C build/release tests/bench/bench_fill >build/bench-build.log 2>&1 || {
    tail -n 30 build/bench-build.log >&2
    exit 1
}
BENCH_FOLDER=${BENCH_FOLDER:-/var/tmp/sauda-bench}
mkdir -p "$BENCH_FOLDER"
filler=build/release/tests/bench/bench_fill
SAUDA_FILLED=$BENCH_FOLDER/web-$(sha256sum "$filler" | cut -c 1-12).db
export SAUDA_FILLED
if [ ! -f "$SAUDA_FILLED" ]; then
    echo "Filling a file with 100 000 orders and 1 000 000 customers"
    rm -f "$BENCH_FOLDER"/web-*
    "$filler" "$SAUDA_FILLED.part" 100000 1000000
    mv "$SAUDA_FILLED.part" "$SAUDA_FILLED"
fi
PATH=$PWD/build/node/node_modules/.bin:$PATH
export PATH
exec node tests/bench/web.mjs "$@"
