#!/bin/sh
# postgres.sh FOLDER - PostgreSQL in the foreground, so that a test can kill it and start it again. A commit is in its log before it is
# acknowledged; the log is not flushed to the disk, for it is the server that dies here and not the machine.
set -eu
folder=$1
bin=${SAUDA_PG_BIN:-/usr/lib/postgresql/15/bin}
as_owner=
if [ "$(id -u)" = 0 ]; then
    as_owner="setpriv --reuid=postgres --regid=postgres --init-groups"
fi
cd /
if [ ! -d "$folder/data" ]; then
    mkdir -p "$folder"
    [ -z "$as_owner" ] || chown postgres: "$folder"
    $as_owner "$bin/initdb" -D "$folder/data" -U sauda -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
fsync = off
synchronous_commit = on
max_connections = 100
shared_buffers = 32MB
logging_collector = off
log_min_messages = panic
CONF
fi
# shellcheck disable=SC2086
exec $as_owner "$bin/postgres" -D "$folder/data" 2>/dev/null
