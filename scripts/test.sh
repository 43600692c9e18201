#!/bin/sh
# test.sh [MODULE] - `make test`: installs what tests need and runs them.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build test
exec tests/run "$@"
