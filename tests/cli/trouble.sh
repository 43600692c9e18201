#!/bin/sh
# trouble.sh SAUDA - the whole server while its disk fills up, its files are read-only and its clock jumps: it answers in words, loses nothing of
# what it acknowledged, and goes on by itself. The disk is a small tmpfs in a mount namespace of this test's own. Prints TAP.
set -u
sauda=$1
if [ "${2:-}" != inside ]; then
    user=-r
    [ "$(id -u)" != 0 ] || user=
    if ! unshare $user -m true 2>/dev/null; then
        echo "1..0 # SKIP no mount namespace may be made here"
        exit 0
    fi
    exec unshare $user -m sh "$0" "$sauda" inside
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/sauda-trouble-XXXXXX")
disk=$folder/disk
chmod 711 "$folder"
mkdir "$disk"
mount -t tmpfs -o size=24m,mode=755 tmpfs "$disk" || exit 1
SAUDA_HOME=$disk SAUDA_CONTROL_TOKEN=trouble SAUDA_CLOCK=2026-12-16T04:04:00Z
export SAUDA_HOME SAUDA_CONTROL_TOKEN SAUDA_CLOCK
unset SAUDA_DB SAUDA_LISTEN SAUDA_KEY_FILE SAUDA_CRASH_AT
server=
finish() {
    [ -z "$server" ] || { kill -TERM "$server" && wait "$server"; } 2>/dev/null
    umount "$disk" 2>/dev/null
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
# Files that may not be written mean nothing to root.
plain=
[ "$(id -u)" != 0 ] || [ "$(cat /proc/self/uid_map | awk '{ print $3 }')" = 1 ] || {
    plain="setpriv --reuid=65534 --regid=65534 --clear-groups"
    chown 65534:65534 "$disk"
}

n=0 failed=0
ok() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        [ ! -s "$folder/answer" ] || head -c 600 "$folder/answer" | sed 's/^/# /'
        failed=$((failed + 1))
    fi
}
start() {
    : >"$folder/serve"
    # shellcheck disable=SC2086
    $plain "$sauda" serve --listen 127.0.0.1:0 --sync=no >"$folder/serve" 2>&1 &
    server=$!
    tries=0 port=
    until [ -n "$port" ] || [ $tries -ge 600 ] || ! kill -0 "$server" 2>/dev/null; do
        port=$(sed -n 's/.*"serve.started".*"port":\([0-9]*\).*/\1/p' "$folder/serve" | head -n 1)
        tries=$((tries + 1))
        [ -n "$port" ] || sleep 0.1
    done
}
stop() {
    kill -TERM "$server"
    wait "$server" 2>/dev/null
    server=
}
ask() { curl -s -o "$folder/answer" -w '%{http_code}' -b "$folder/jar" "http://127.0.0.1:$port$1"; }
# put - one more order; with a yes its number is written down.
orders=0
put() {
    orders=$((orders + 1))
    status=$(curl -s -o "$folder/answer" -w '%{http_code}' -b "$folder/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' \
        "http://127.0.0.1:$port/api/import/orders" -d "{\"number\":\"TR$orders\",\"grand_total\":\"1200.00\",\"currency\":\"KZT\",\"placed_at\":\"2026-12-16T03:00:00Z\"}")
    [ "$status" != 200 ] || echo "TR$orders" >>"$folder/told"
}
has() { grep -q -F -e "$1" "$folder/answer"; }
# until_put - people try again.
until_put() {
    for again in 1 2 3 4 5 6 7 8 9 10; do
        put
        [ "$status" != 200 ] || return 0
        sleep 0.2
    done
    return 1
}
clock() { curl -s -o "$folder/answer" -w '%{http_code}' -H 'X-Control-Token: trouble' -H 'Content-Type: application/json' "http://127.0.0.1:$port/test/clock" -d "{\"now\":\"$1\"}"; }

start
curl -s -c "$folder/jar" -H 'Content-Type: application/json' "http://127.0.0.1:$port/api/setup" -d '{"shop_name":"Карапуз","country":"KZ",
    "currency":"KZT","time_zone":"Asia/Almaty","name":"Айгуль","login":"owner","password":"vremya-otkryvat-1","language":"ru"}' >"$folder/answer"
csrf=$(sed 's/.*"csrf":"\([^"]*\)".*/\1/' "$folder/answer")
for i in 1 2 3 4 5; do put; done
ok $((status != 200)) "orders are taken"

# ---- the disk is full ----
dd if=/dev/zero of="$disk/filler" bs=64k count=1000 2>/dev/null
for i in $(seq 400); do
    put
    [ "$status" = 200 ] || break
done
ok $((status != 507)) "on a full disk a change is answered 507"
has '"db.full"'
ok $? "… in words that screens know"
ok $(($(ask /api/queue) != 200)) "… and reading goes on"
ok $(($(ask /health) != 200)) "… the server lives"
rm "$disk/filler"
until_put
ok $? "with room again it goes on by itself"

# ---- the clock jumps ----
for at in 2026-12-16T09:04:00Z 2026-12-15T22:04:00Z 2026-12-18T04:04:00Z 2026-12-16T04:04:00Z; do
    said=$(clock $at)
    put
    ok $((said / 100 != 2 || status != 200)) "with the clock at $at orders are taken"
    ok $(($(ask /api/queue) != 200 || $(ask /ready) != 200)) "… and the queue is shown"
done

# ---- read-only ----
stop
chmod 444 "$disk/sauda.db"
if [ -n "$plain" ]; then
    # shellcheck disable=SC2086
    $plain timeout 60 "$sauda" serve --listen 127.0.0.1:0 --sync=no >"$folder/answer" 2>&1
    ok $(($? != 1)) "on read-only files it does not start"
    [ "$(grep -c . "$folder/answer")" = 1 ]
    ok $? "… and says so in one sentence"
fi
chmod 600 "$disk/sauda.db"
start
until_put
ok $? "with its files back it goes on"

# ---- the end ----
stop
lost=0
for number in $(cat "$folder/told"); do
    [ "$(sqlite3 "$disk/sauda.db" "SELECT count(*) FROM orders WHERE number = '$number'")" = 1 ] || lost=$((lost + 1))
done
echo "# $(wc -l <"$folder/told") acknowledged, $lost lost"
ok $lost "nothing that was acknowledged is lost, nothing is there twice"
# shellcheck disable=SC2086
$plain "$sauda" check >"$folder/answer" 2>&1
ok $? "sauda check finds nothing"
echo "1..$n"
[ $failed = 0 ]
