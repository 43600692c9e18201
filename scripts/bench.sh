#!/bin/sh
# bench.sh store|web|load - `make bench`, `make bench-web`, `make bench-load`: builds for release and runs tests/bench/KIND.sh.
set -eu
cd "$(dirname "$0")/.."
kind=$1
shift
if [ ! -x "tests/bench/$kind.sh" ]; then
    echo "There is no bench of that kind: tests/bench/$kind.sh is missing." >&2
    exit 1
fi
scripts/install.sh build
scripts/web.sh
SAUDA_BUILD_WORDS="Building for release" scripts/build.sh release
exec "tests/bench/$kind.sh" "$@"
