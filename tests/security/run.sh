#!/bin/sh
# run.sh [SAUDA] - the demo under Debian's attack tools: sqlmap, wapiti, slowhttptest. Takes some minutes and is no part of `make test`.
#
# Needs `apt-get install sqlmap wapiti slowhttptest curl`; a tool that is not there is said and passed over. What each found is kept in
# build/security. Ends with 0 when none found anything and the server still answers.
set -u
cd "$(dirname "$0")/../.."
sauda=${1:-build/release/src/app/sauda}
out=$PWD/build/security
folder=$(mktemp -d /tmp/sauda-security-XXXXXX)
mkdir -p "$out"
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    [ -z "$server" ] || wait "$server" 2>/dev/null
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
failed=0
say() { printf '%-14s %s\n' "$1" "$2"; }
bad() { say "$1" "FOUND: $2"; failed=1; }
have() { command -v "$1" >/dev/null 2>&1 || { say "$1" "is not installed: passed over"; return 1; }; }

SAUDA_HOME=$folder/home "$sauda" run --listen 127.0.0.1:0 >"$folder/run" 2>"$folder/log" &
server=$!
address=
tries=0
until [ -n "$address" ] || [ $tries -ge 1200 ]; do
    address=$(cat "$folder/run" "$folder/log" | sed -n 's/.*\(127\.0\.0\.1:[0-9][0-9]*\).*/\1/p' | head -n 1)
    tries=$((tries + 1))
    [ -n "$address" ] || sleep 0.1
done
[ -n "$address" ] || { cat "$folder/run" "$folder/log"; exit 1; }
url=http://$address
login=${SAUDA_DEMO_LOGIN:-nurlan@karapuz.kz} password=${SAUDA_DEMO_PASSWORD:-karapuz-2026}
curl -s -c "$folder/jar" -H 'Content-Type: application/json' "$url/api/session" -d "{\"login\":\"$login\",\"password\":\"$password\"}" >"$folder/session"
cookie=$(awk '$6 == "sauda_session" { print $6 "=" $7 }' "$folder/jar")
csrf=$(sed -n 's/.*"csrf":"\([^"]*\)".*/\1/p' "$folder/session")
[ -n "$cookie" ] || { echo "nobody can sign in at $url" >&2; exit 1; }
alive() { curl -s -f -m 10 "$url/health" >/dev/null || bad "$1" "the server does not answer any more"; }

if have sqlmap; then
    # Filters, searches, cursors and sort orders of the lists that people open; and a body.
    for path in '/api/queue?q=1&limit=5&sort=deadline' '/api/customers?q=a&limit=5' '/api/search?q=45' '/api/audit?entity=user&limit=5' \
        '/api/returns?q=1&limit=5' '/api/orders/1' '/api/customers/1'; do
        sqlmap -u "$url$path" --cookie "$cookie" --batch --level 2 --risk 2 --threads 1 --timeout 20 --flush-session --disable-coloring \
            --output-dir "$out/sqlmap" --ignore-code '400,403,404,422' >"$folder/sqlmap" 2>&1
        cat "$folder/sqlmap" >>"$out/sqlmap.log"
        if grep -q -E 'is vulnerable|injection point\(s\)' "$folder/sqlmap"; then bad sqlmap "$path"; else say sqlmap "nothing: $path"; fi
    done
    sqlmap -u "$url/api/session" --method POST --data '{"login":"a","password":"b"}' --headers 'Content-Type: application/json' --batch --level 2 \
        --timeout 20 --flush-session --disable-coloring --output-dir "$out/sqlmap" --ignore-code '400,401,403,422,429' >"$folder/sqlmap" 2>&1
    cat "$folder/sqlmap" >>"$out/sqlmap.log"
    if grep -q -E 'is vulnerable|injection point\(s\)' "$folder/sqlmap"; then bad sqlmap "sign-in"; else say sqlmap "nothing: sign-in"; fi
    alive sqlmap
fi

if have wapiti; then
    wapiti -u "$url/" --scope folder --header "Cookie: $cookie" --header "X-CSRF-Token: $csrf" --header "X-Forwarded-Proto: https" -m common --flush-session --max-scan-time 600 \
        -f json -o "$out/wapiti.json" >"$out/wapiti.log" 2>&1
    # Each list of findings in the report is empty, or there is something to read. X-XSS-Protection is not sent on purpose: the filter of
    # old browsers that it turned on made holes of its own, and none has it any more.
    found=$(python3 - "$out/wapiti.json" <<'PY' 2>/dev/null || echo unread
import json, sys
report = json.load(open(sys.argv[1]))
rows = [(kind, row["info"].strip()) for part in ("vulnerabilities", "anomalies") for kind, list in report[part].items() for row in list]
print("; ".join(f"{kind}: {info}" for kind, info in rows if "X-XSS-Protection" not in info))
PY
    )
    if [ -n "$found" ]; then bad wapiti "$found"; else say wapiti "nothing"; fi
    alive wapiti
fi

if have slowhttptest; then
    for kind in -H -B -X; do
        slowhttptest -c 1000 $kind -i 3 -r 200 -l 40 -p 5 -u "$url/api/session" -t POST >"$out/slowhttptest$kind.log" 2>&1
        if grep -q 'service available:.*NO' "$out/slowhttptest$kind.log"; then bad slowhttptest "$kind: others were kept out"; else say slowhttptest "$kind: others were served"; fi
    done
    alive slowhttptest
fi
curl -s "$url/metrics" | grep -E 'http_requests_total[{].* 5[0-9][0-9]"' >"$out/5xx" && bad server "answered 5xx: $(head -n 3 "$out/5xx")"
exit $failed
