#!/bin/sh
# with-postgres.sh COMMAND… - runs COMMAND with SAUDA_TEST_PG pointing at a PostgreSQL of its own: a temporary folder, a unix
# socket, nothing flushed to disk (SAUDA_PG_SAFE=1: flushed as usual). Stops the server and removes the folder afterwards. Keeps a SAUDA_TEST_PG that is set.
set -eu
if [ -n "${SAUDA_TEST_PG:-}" ]; then
    exec "$@"
fi
bin=${SAUDA_PG_BIN:-/usr/lib/postgresql/15/bin}
if [ ! -x "$bin/postgres" ]; then
    echo "SKIPPED: PostgreSQL 15 is not installed in $bin" >&2
    exec "$@"
fi
# Hundreds of databases of some hundred files come and go: a file system in memory makes them several times cheaper than a disk.
into=/tmp
[ -n "${SAUDA_PG_SAFE:-}" ] || into=$("$(dirname "$0")/memory.sh")
folder=$(mktemp -d "$into/sauda-pg-XXXXXX")
server=
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    chown postgres: "$folder"
    as_owner() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi
finish() {
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

cd "$folder"
as_owner "$bin/initdb" -D "$folder/data" -U sauda -A trust -E UTF8 --locale=C.UTF-8 -N >"$folder/initdb.log" 2>&1 || {
    cat "$folder/initdb.log" >&2
    exit 1
}
cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 300
shared_buffers = 128MB
random_page_cost = 1.1
logging_collector = off
CONF
[ -n "${SAUDA_PG_SAFE:-}" ] || printf 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n' >>"$folder/data/postgresql.conf"
if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups "$bin/postgres" -D "$folder/data" >"$folder/server.log" 2>&1 &
else
    "$bin/postgres" -D "$folder/data" >"$folder/server.log" 2>&1 &
fi
server=$!
tries=0
until "$bin/pg_isready" -q -h "$folder" -U sauda -d postgres; do
    tries=$((tries + 1))
    if [ $tries -gt 150 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$folder/server.log" >&2
        exit 1
    fi
    sleep 0.1
done
cd "$OLDPWD"
SAUDA_TEST_PG="postgresql:///postgres?host=$folder&user=sauda"
export SAUDA_TEST_PG
"$@"
