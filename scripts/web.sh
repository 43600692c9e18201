#!/bin/sh
# web.sh [packages] - builds the web UI into web/dist when its sources changed; with "packages" only brings the npm packages.
set -eu
cd "$(dirname "$0")/.."
[ -f web/package.json ] || exit 0
log=build/web.log
stamp=build/web.stamp
mkdir -p build

fail() {
    tail -n 25 "$log" >&2
    echo "$1; the whole log is in $log." >&2
    exit 1
}
if [ "${1:-}" != packages ] && [ -f web/dist/index.html ] && [ -f "$stamp" ]; then
    changed=$(find web/src web/public web/index.html web/package-lock.json web/vite.config.ts -newer "$stamp" -print 2>/dev/null | head -n 1)
    [ -n "$changed" ] || exit 0
fi
scripts/install.sh web
PATH=$PWD/build/node/node_modules/.bin:$PATH
export PATH
# What npm installed is remembered by the lock file it was installed from.
if ! cmp -s web/package-lock.json web/node_modules/.sauda-lock.json; then
    if [ ! -f web/node_modules/.package-lock.json ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
        echo "Fetching the web packages from npm"
        (cd web && npm ci --no-audit --no-fund --loglevel=error) >"$log" 2>&1 || fail "npm ci failed"
    fi
    cp web/package-lock.json web/node_modules/.sauda-lock.json
fi
[ "${1:-}" != packages ] || exit 0
echo "Building the web UI"
touch "$stamp.new"
(cd web && node node_modules/vite/bin/vite.js build --logLevel warn) >"$log" 2>&1 || fail "The web UI could not be built"
mv "$stamp.new" "$stamp"
