#!/bin/sh
# safe.sh SAUDA - sealed backups and a new key, as whoever runs a server meets them. Prints TAP, one case per claim.
set -u
sauda=$1
folder=$(mktemp -d "${TMPDIR:-/tmp}/sauda-safe-XXXXXX")
SAUDA_HOME=$folder/home
export SAUDA_HOME
unset SAUDA_DB SAUDA_LISTEN SAUDA_KEY_FILE SAUDA_CRASH_AT
server=
finish() {
    if [ -n "$server" ]; then
        kill -TERM "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

n=0 failed=0
# is CODE TEXT NAME COMMAND… - the command ends with CODE, and what it says holds TEXT ("" = anything).
is() {
    code=$1 text=$2 name=$3
    shift 3
    n=$((n + 1))
    "$@" >"$folder/out" 2>"$folder/err" </dev/null
    got=$?
    if [ "$got" = "$code" ] && { [ -z "$text" ] || cat "$folder/out" "$folder/err" | grep -q -F -e "$text"; }; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        echo "# ended with $got, should with $code and say: $text"
        cat "$folder/out" "$folder/err" | head -n 10 | sed 's/^/# /'
        failed=$((failed + 1))
    fi
}
# cut FILE BYTES INTO - the first bytes of a file.
cut_to() { head -c "$2" "$1" >"$3"; }

# ---- a shop with something that is sealed ----
"$sauda" migrate >/dev/null
"$sauda" serve --listen 127.0.0.1:0 --sync=no >"$folder/serve" 2>&1 &
server=$!
tries=0
port=
until [ -n "$port" ] || [ $tries -ge 600 ]; do
    port=$(sed -n 's/.*"serve.started".*"port":\([0-9]*\).*/\1/p' "$folder/serve" | head -n 1)
    tries=$((tries + 1))
    [ -n "$port" ] || sleep 0.1
done
curl -s -c "$folder/jar" -H 'Content-Type: application/json' "http://127.0.0.1:$port/api/setup" -d '{"shop_name":"Карапуз","country":"KZ",
    "currency":"KZT","time_zone":"Asia/Almaty","name":"Айгуль","login":"owner","password":"vremya-otkryvat-1","language":"ru"}' >"$folder/session"
csrf=$(sed 's/.*"csrf":"\([^"]*\)".*/\1/' "$folder/session")
is 0 '"id"' "a shop holds a marketplace's token" curl -s -f -b "$folder/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' \
    "http://127.0.0.1:$port/api/accounts" -d '{"channel":"kaspi","name":"Kaspi","mode":"read_only","settings":{"token":"shop-1-token"}}'
is 0 'otpauth' "… and a second factor" curl -s -f -b "$folder/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' \
    "http://127.0.0.1:$port/api/session/second-factor" -d '{"password":"vremya-otkryvat-1"}'
is 1 "" "no new key is taken while a server runs" "$sauda" config rotate-key
kill -TERM "$server"
wait "$server" 2>/dev/null
server=
is 0 "OK  every secret opens with the key" "check opens every secret" "$sauda" check
is 1 "" "the token is nowhere in the database" grep -a -q -r shop-1-token "$SAUDA_HOME"

# ---- sealed backups ----
echo "a passphrase of some length" >"$folder/pass"
echo "another passphrase of some length" >"$folder/other"
echo "short" >"$folder/short"
is 0 "whole, sealed" "a backup is sealed with a passphrase" "$sauda" backup "$folder/b.sealed" --passphrase-file "$folder/pass"
is 1 "" "… and says nothing of what is in it" grep -a -q -e SQLite -e Карапуз "$folder/b.sealed"
is 0 "600" "… to nobody else on the machine" stat -c %a "$folder/b.sealed"
is 1 "" "no plain copy stays behind" test -e "$SAUDA_HOME/sauda.db.copy"
is 1 "twelve characters" "a short passphrase is refused" "$sauda" backup "$folder/c.sealed" --passphrase-file "$folder/short"
is 1 "" "… and nothing is written" test -e "$folder/c.sealed"
is 0 "0 orders, whole" "it is opened, looked through, and a database again" "$sauda" restore "$folder/b.sealed" --passphrase-file "$folder/pass" --db "sqlite:$folder/back.db"
is 0 "all " "… in which everything holds" "$sauda" check --db "sqlite:$folder/back.db"
is 1 "is there already" "a database that is there is not replaced" "$sauda" restore "$folder/b.sealed" --passphrase-file "$folder/pass" --db "sqlite:$folder/back.db"
is 1 "does not open" "another passphrase opens nothing" "$sauda" restore "$folder/b.sealed" --passphrase-file "$folder/other" --db "sqlite:$folder/no.db"
size=$(wc -c <"$folder/b.sealed")
for bytes in 0 20 100 150 70000 $((size - 1)); do
    cut_to "$folder/b.sealed" "$bytes" "$folder/torn"
    is 1 "" "a backup cut after $bytes bytes is refused" "$sauda" restore "$folder/torn" --passphrase-file "$folder/pass" --db "sqlite:$folder/no.db"
done
{ cat "$folder/b.sealed"; printf x; } >"$folder/torn"
is 1 "cut or changed" "so is one with a byte too many" "$sauda" restore "$folder/torn" --passphrase-file "$folder/pass" --db "sqlite:$folder/no.db"
{ head -c 90000 "$folder/b.sealed"; printf '\377\377'; tail -c +90003 "$folder/b.sealed"; } >"$folder/torn"
is 1 "cut or changed" "so is one with a byte changed" "$sauda" restore "$folder/torn" --passphrase-file "$folder/pass" --db "sqlite:$folder/no.db"
is 1 "" "none of them left a file behind" sh -c "ls $folder | grep -e '^no' -e part"
is 0 "--encrypt-to" "a pair of keys is made" "$sauda" backup make-key "$folder/secret.key"
public=$(head -n 1 "$folder/out")
is 1 "is there already" "… once" "$sauda" backup make-key "$folder/secret.key"
is 0 "whole, sealed" "a backup is sealed for the holder of a key" "$sauda" backup "$folder/k.sealed" --encrypt-to "$public"
is 1 "does not open" "the public half does not open it" sh -c "echo '$public' >'$folder/public'; '$sauda' restore '$folder/k.sealed' --key '$folder/public' --db 'sqlite:$folder/no.db'"
is 1 "key: is needed" "nor does nothing" "$sauda" restore "$folder/k.sealed" --db "sqlite:$folder/no.db"
is 0 "0 orders, whole" "the secret half does" "$sauda" restore "$folder/k.sealed" --key "$folder/secret.key" --db "sqlite:$folder/k.db"
printf 'PGDMP' >"$folder/dump"
is 0 "sealed" "a copy of PostgreSQL is sealed as it is" "$sauda" backup "$folder/pg.sealed" --from "$folder/dump" --encrypt-to "$public"
is 0 "open and whole" "… and opened again" "$sauda" restore "$folder/pg.sealed" --out "$folder/dump.back" --key "$folder/secret.key"
is 0 "" "… the same" cmp "$folder/dump" "$folder/dump.back"
is 0 "0 orders, 1" "a plain backup is as it was" sh -c "'$sauda' backup '$folder/plain.db' | sed 's/ [0-9]* bytes/ 1 bytes/'"
is 0 "0 orders, whole" "… and restored as well" "$sauda" restore "$folder/plain.db" --db "sqlite:$folder/plain-back.db"

# ---- a new key ----
before=$(cksum <"$SAUDA_HOME/sauda.key")
SAUDA_CRASH_AT=key.sealed
export SAUDA_CRASH_AT
is 137 "" "a change of the key dies before its transaction ends" "$sauda" config rotate-key
SAUDA_CRASH_AT=
is 0 "OK  every secret opens with the key" "… and nothing has changed" "$sauda" check
is 0 "" "… the key is the old one" sh -c "[ \"\$(cksum <'$SAUDA_HOME/sauda.key')\" = '$before' ]"
SAUDA_CRASH_AT=key.changed
is 137 "" "one dies after its transaction" "$sauda" config rotate-key
SAUDA_CRASH_AT=
is 1 "BAD every secret opens with the key" "… the key in place is not the one that is meant" "$sauda" check
is 0 "nothing to do" "… the next start ends the change" sh -c "'$sauda' user list && '$sauda' user block owner; '$sauda' migrate"
is 0 "OK  every secret opens with the key" "… and every secret opens" "$sauda" check
is 1 "" "… the key is another one" sh -c "[ \"\$(cksum <'$SAUDA_HOME/sauda.key')\" = '$before' ]"
is 0 "secrets are sealed with a new key" "a key is changed again" "$sauda" config rotate-key
is 0 "OK  every secret opens with the key" "… and every secret opens" "$sauda" check
is 0 "OK  the log of changes" "… the log of changes holds" "$sauda" check
is 0 "2" "the keys of before are kept" sh -c "ls '$SAUDA_HOME' | grep -c '^sauda.key\\.'"
is 0 "600" "… for nobody else to read" sh -c "stat -c %a '$SAUDA_HOME'/sauda.key* | sort -u"
i=0
while [ $i -lt 12 ]; do
    i=$((i + 1))
    "$sauda" config rotate-key >/dev/null 2>&1 &
    dying=$!
    sleep "0.0$i"
    kill -KILL "$dying" 2>/dev/null
    wait "$dying" 2>/dev/null
done
"$sauda" user block nobody >/dev/null 2>&1
is 0 "OK  every secret opens with the key" "killed at twelve moments, every secret opens" "$sauda" check
echo "1..$n"
[ "$failed" = 0 ]
