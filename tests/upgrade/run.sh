#!/bin/sh
# run.sh - `make test-upgrade`: two real programs of different versions on one PostgreSQL. Builds, beside this version, the next one (a
# migration more, which says that it works with this one) and one after it (whose migration says nothing), and the one before the last
# migration of the history (UPGRADE_FROM=COMMIT: another), then lets walk.mjs work with all of them. Builds take minutes: no part of `make test`.
set -eu
cd "$(dirname "$0")/../.."
scripts/install.sh build test web
scripts/web.sh
scripts/build.sh release src/app/sauda
into=$PWD/build/upgrade
from=${UPGRADE_FROM:-$(git log -1 --format=%h -- src/db/migrations)^}
last=$(find src/db/migrations -name '*.sql' | sed 's,.*/\([0-9]*\)_.*,\1,' | sort | tail -n 1)
first_new=$(printf "%04d" $(($(echo "$last" | sed "s,^0*,,") + 1)))
then_new=$(printf "%04d" $(($(echo "$first_new" | sed "s,^0*,,") + 1)))
mkdir -p "$into/next" "$into/before"

# One folder of sources for the next two versions: the second only has one migration more.
tar -c --exclude=./build --exclude=./.git --exclude=./web/node_modules --exclude=./screenshots . | tar -x -C "$into/next"
next_has() {
    printf '%s\n' "$2" >"$into/next/src/db/migrations/$1.sql"
    sed -i "/^migration_files += .*$1/d; /^here += files('db.c'/i migration_files += files('migrations/$1.sql')" "$into/next/src/db/meson.build"
}
built() {
    [ -f "$1/build/release/build.ninja" ] || meson setup "$1/build/release" "$1" -Doptimization=2 -Ddebug=false >"$1.log" 2>&1 || { tail "$1.log"; exit 1; }
    ninja -C "$1/build/release" -j "$(nproc)" src/app/sauda >"$1.log" 2>&1 || { tail -n 25 "$1.log"; exit 1; }
    cp "$1/build/release/src/app/sauda" "$2"
}
rm -f "$into/next/src/db/migrations/${then_new}_apart.sql"
sed -i "/${then_new}_apart/d" "$into/next/src/db/meson.build"
next_has "${first_new}_next" "-- A column and a table more.
-- works with $last
ALTER TABLE orders ADD COLUMN next_word TEXT NOT NULL DEFAULT '';
CREATE TABLE next_things (id BIGINT NOT NULL PRIMARY KEY, word TEXT NOT NULL);"
echo "Building the next version"
built "$into/next" "$into/sauda-next"
next_has "${then_new}_apart" "-- The column goes again.
ALTER TABLE orders DROP COLUMN next_word;"
echo "Building the version after it"
built "$into/next" "$into/sauda-apart"
if git rev-parse -q --verify "$from^{commit}" >/dev/null 2>&1; then
    echo "Building $(git log -1 --format='%h (%s)' "$from")"
    git archive "$from" | tar -x -C "$into/before"
    rm -rf "$into/before/web/dist"
    cp -r web/dist "$into/before/web/dist"
    built "$into/before" "$into/sauda-before"
else
    echo "There is no history to build the version before from: passed over"
    rm -f "$into/sauda-before"
fi
PATH=$PWD/build/node/node_modules/.bin:$PATH
export PATH
exec tests/support/with-postgres.sh node tests/upgrade/walk.mjs build/release/src/app/sauda "$into/sauda-next" "$into/sauda-apart" \
    "$([ ! -x "$into/sauda-before" ] || echo "$into/sauda-before")"
