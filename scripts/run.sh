#!/bin/sh
# run.sh - `make run`: installs, builds, and becomes the server with the sandbox marketplaces. The second time, when nothing
# changed, it only starts. The server is told to stop when make goes away, however that happens.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build
scripts/web.sh
SAUDA_BUILD_WORDS="Building the server" scripts/build.sh release src/app/sauda
exec setpriv --pdeathsig TERM build/release/src/app/sauda run "$@"
