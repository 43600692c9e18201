#!/bin/sh
# screenshots.sh - `make screenshots`: takes pictures of the screens with Debian's Chromium.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build test
scripts/web.sh
SAUDA_BUILD_WORDS="Building the server" scripts/build.sh release src/app/sauda
PATH=$PWD/build/node/node_modules/.bin:$PATH
export PATH
exec node web/scripts/screenshots.mjs "$@"
