#!/bin/sh
# run.sh - `make test-ha`: three hosts as network namespaces of this machine, each with etcd, Patroni with PostgreSQL 15, HAProxy, nginx with
# TLS and (on two of them) Sauda, started from the very files of deploy/ha. Orders are written all the time through the fronts while the
# primary is killed, the primary's network is cut, a standby's network is cut, a member of etcd and a server of Sauda are killed. Every
# order that was answered with yes must be there once in the end. Needs root, two minutes. ROUNDS=3 repeats.
set -eu
cd "$(dirname "$0")/../.."
repository=$PWD
[ "$(id -u)" = 0 ] || {
    echo "test-ha needs root: it makes network namespaces." >&2
    exit 1
}
scripts/install.sh build web ha
scripts/build.sh release src/app/sauda
PATH=$repository/build/node/node_modules/.bin:$PATH
for d in etcd haproxy nginx patroni; do          # what a fresh package has started by itself is none of ours
    systemctl disable --now "$d" >/dev/null 2>&1 || true
done
work=$(mktemp -d /tmp/sauda-ha-XXXXXX)
chmod 755 "$work"
bridge=sha$$
hosts= writer=
finish() {
    code=$?
    trap - EXIT
    [ -z "$writer" ] || kill "$writer" 2>/dev/null || true
    for n in 1 2 3; do
        [ ! -s "$work/$n/pid" ] || kill -9 "$(cat "$work/$n/pid")" 2>/dev/null || true
        ip netns del "$bridge-$n" 2>/dev/null || true
    done
    ip netns del "$bridge-0" 2>/dev/null || true
    ip netns del "$bridge-b" 2>/dev/null || true
    sleep 1
    if [ "$code" = 0 ] && [ -z "${HA_KEEP:-}" ]; then
        rm -rf "$work"
    else
        echo "What was said is kept in $work." >&2
    fi
    exit "$code"
}
trap finish EXIT
trap 'exit 1' INT TERM

now_ms() { date +%s%3N; }
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
fail() {
    say "FAILED: $*"
    exit 1
}

# ---- the machines ----

# on N COMMAND… - runs it on host N. `as` of the name behind it.
on() {
    on_host=$1
    shift
    nsenter -t "$(cat "$work/$on_host/pid")" -m -u -n -p -- "$@"
}
as() {
    user=$1
    shift
    printf 'exec setpriv --reuid=%s --regid=%s --init-groups %s' "$user" "$user" "$*"
}
# start N NAME COMMAND - in the background on host N, with its words in the log of that name.
start() {
    on "$1" sh -c "$3" >>"$work/$1/log/$2" 2>&1 &
}
network() {
    ip netns add "$bridge-b"                     # the switch, out of the way of this machine's own network
    ip -n "$bridge-b" link add name br0 type bridge
    ip -n "$bridge-b" link set br0 up
    for n in 0 1 2 3; do
        ip netns add "$bridge-$n"
        ip -n "$bridge-b" link add "p$n" type veth peer name eth0 netns "$bridge-$n"
        ip -n "$bridge-b" link set "p$n" master br0 up
        ip -n "$bridge-$n" addr add "10.77.0.1$n/24" dev eth0
        ip -n "$bridge-$n" link set eth0 up
        ip -n "$bridge-$n" link set lo up
    done
}
cut_off() { ip -n "$bridge-b" link set "p$1" nomaster; }
join_in() { ip -n "$bridge-b" link set "p$1" master br0; }

host_start() {
    mkdir -p "$work/$1"
    ip netns exec "$bridge-$1" unshare -m -u -p -f --mount-proc --kill-child \
        sh "$repository/tests/ha/host.sh" "$1" "$work/$1" "$repository" >"$work/$1/said" 2>&1 &
    outer=$!
    for try in $(seq 100); do
        [ ! -f "$work/$1/ready" ] || break
        sleep 0.1
    done
    [ -f "$work/$1/ready" ] || { cat "$work/$1/said"; fail "host $1 does not start"; }
    # The child of unshare is the host's first process.
    pgrep -P "$outer" | head -n 1 >"$work/$1/pid"
    [ -s "$work/$1/pid" ] || fail "host $1 has no process"
}
# The units of Debian: etcd.service, patroni.service, haproxy.service, nginx.service, deploy/sauda.service.
etcd_start() { start "$1" etcd "set -a; . /etc/default/etcd; set +a; $(as etcd /usr/bin/etcd)"; }
patroni_start() { start "$1" patroni "set -a; . /etc/patroni_env.conf; set +a; cd /; $(as postgres /usr/bin/patroni /etc/patroni/config.yml)"; }
sauda="setpriv --reuid=nobody --regid=nogroup --clear-groups env SAUDA_HOME=/var/lib/sauda $repository/build/release/src/app/sauda"
sauda_start() { start "$1" sauda "exec $sauda serve --config /etc/sauda/sauda.conf"; }

# ---- what is known of them ----

role() { on "$1" curl -s -m 2 "http://10.77.0.1$1:8008/patroni" 2>/dev/null | tr -d ' \n'; }
primary() {
    for try in $(seq 60); do
        for n in 1 2 3; do
            case $(role "$n") in *'"role":"master"'* | *'"role":"primary"'*) echo "$n"; return ;; esac
        done
        sleep 0.5
    done
}
# All three work: a primary, a standby in step with it, and one more that streams.
is_whole() {
    for n in 1 2 3; do
        case $(role "$n") in *'"state":"running"'*) ;; *) return 1 ;; esac
    done
    [ "$(on_primary -c "SELECT count(*) FILTER (WHERE state = 'streaming') || ' ' || count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')) FROM pg_stat_replication" 2>/dev/null)" = '2 1' ]
}
wait_whole() {
    for try in $(seq 240); do
        ! is_whole || return 0
        sleep 0.5
    done
    for n in 1 2 3; do role "$n"; echo; done
    fail "the three are not together again after two minutes"
}
acknowledged() { wc -l <"$work/acknowledged" 2>/dev/null || echo 0; }
# Writes go on for a while before and after each fault, so that its gap has two ends.
wait_writes() {
    wanted=$(($(acknowledged) + 40))
    for try in $(seq 300); do
        [ "$(acknowledged)" -lt "$wanted" ] || return 0
        sleep 0.2
    done
    tail -n 5 "$work/refused"
    fail "nothing is written for a minute after: $1"
}
# gap NAME SINCE - the longest time without a yes from SINCE on, as a row.
gap() {
    awk -v since="$2" -v name="$1" '
        $1 < since { last = $1 }
        $1 >= since { if (last && $1 - last > most) most = $1 - last; last = $1; n++ }
        END { printf "| %s | %.1f | %d |\n", name, most / 1000, n }' "$work/acknowledged" | tee -a "$work/table"
}
on_primary() { on 1 env PGPASSWORD=choose-one-1 PGCONNECT_TIMEOUT=3 psql -h 127.0.0.1 -p 5000 -U postgres -Atq "$@"; }

# ---- begin ----

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=desk.shop.kz -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null
network
for n in 1 2 3; do host_start $n; done
for n in 1 2 3; do etcd_start $n; done
for n in 1 2 3; do patroni_start $n; done
for n in 1 2 3; do start $n haproxy "exec /usr/sbin/haproxy -db -f /etc/haproxy/haproxy.cfg"; done
say "three hosts are up; PostgreSQL is made and copied"
wait_whole
on_primary -c "CREATE ROLE sauda LOGIN PASSWORD 'choose-one-3'" -c 'CREATE DATABASE shop OWNER sauda'
for n in 1 2; do
    if [ $n = 2 ]; then                          # the key of the first is everybody's
        for try in $(seq 100); do [ ! -s "$work/1/lib/sauda/sauda.key" ] || break; sleep 0.2; done
        install -m 600 -o nobody "$work/1/lib/sauda/sauda.key" "$work/2/lib/sauda/sauda.key"
    fi
    sauda_start $n
    start $n nginx 'exec nginx -g "daemon off;"'
done
ask() { ip netns exec "$bridge-0" curl -s -k -m 5 --resolve "desk.shop.kz:443:10.77.0.1$1" "https://desk.shop.kz$2"; }
for n in 1 2; do
    for try in $(seq 100); do
        ! ask $n /ready | grep -q '"ok"' || break
        sleep 0.2
    done
    ask $n /ready | grep -q '"ok"' || fail "Sauda on host $n is not ready"
done
printf 'three-hosts-2026\n' | on 1 $sauda user add owner@ha.kz --name HA --role owner --config /etc/sauda/sauda.conf >/dev/null
: >"$work/acknowledged"
ip netns exec "$bridge-0" node tests/ha/writer.mjs 3600 "$work" 10.77.0.11 10.77.0.12 >"$work/writer" 2>&1 &
writer=$!
wait_writes "the start"
say "orders are written"

# ---- faults ----

postgres_kill() {                                # the agent and all of PostgreSQL, as if the power of that host's database had gone
    on "$1" pkill -9 -x patroni || fail "there was no patroni on host $1"
    on "$1" pkill -9 -x postgres || fail "there was no PostgreSQL on host $1"
}
standby_in_step() { on_primary -c "SELECT right(application_name, 1) FROM pg_stat_replication WHERE sync_state = 'sync'"; }
etcd_kill() { on "$1" pkill -9 -x etcd; }

kill_primary() {
    at=$(primary) since=$(now_ms)
    postgres_kill "$at"
    wait_writes "death of the primary"
    gap "the primary is killed (db$at)" "$since"
    patroni_start "$at"
    wait_whole
}
cut_primary() {
    at=$(primary) since=$(now_ms)
    cut_off "$at"
    wait_writes "a cut of the primary's network"
    gap "the primary's network is cut (db$at)" "$since"
    join_in "$at"
    wait_whole
}
cut_standby() {
    at=$(standby_in_step) since=$(now_ms)
    cut_off "$at"
    wait_writes "a cut of the standby's network"
    gap "the network of the standby in step is cut (db$at)" "$since"
    join_in "$at"
    wait_whole
}
kill_etcd() {
    at=$(primary) since=$(now_ms)
    etcd_kill "$at"
    wait_writes "death of a member of etcd"
    gap "the primary's member of etcd is killed (db$at)" "$since"
    etcd_start "$at"
    sleep 3
    wait_whole
}
kill_sauda() {
    since=$(now_ms)
    on 1 pkill -9 -x sauda
    wait_writes "death of a server"
    gap "a server of Sauda is killed (of two)" "$since"
    sauda_start 1
    for try in $(seq 100); do
        ! ask 1 /ready | grep -q '"ok"' || break
        sleep 0.2
    done
}
printf '| what happens | gap in writes, s | orders acknowledged until the next |\n|---|---|---|\n' | tee "$work/table"
for round in $(seq "${HA_ROUNDS:-1}"); do
    kill_primary
    cut_primary
    cut_standby
    kill_etcd
    kill_sauda
done

# ---- the end ----

touch "$work/stop"
wait "$writer" || true
writer=
wait_whole
cut -d ' ' -f 2 "$work/acknowledged" | sort >"$work/told"
on_primary -d shop -c "SELECT number FROM orders WHERE number LIKE 'HA%'" | sort >"$work/there"
told=$(wc -l <"$work/told") lost=$(comm -23 "$work/told" "$work/there" | wc -l) twice=$(uniq -d "$work/there" | wc -l)
on 1 $sauda check --config /etc/sauda/sauda.conf >"$work/check" 2>&1 || {
    cat "$work/check"
    fail "sauda check"
}
longest=$(awk -F '|' 'NR > 2 && $3 + 0 > m { m = $3 + 0 } END { printf "%.1f", m }' "$work/table")
say "acknowledged $told, lost $lost, doubled $twice; longest gap $longest s (at most 25, aim 12); sauda check is clean"
[ "$lost" = 0 ] && [ "$twice" = 0 ] && awk -v g="$longest" 'BEGIN { exit !(g <= 25) }' || fail "what was promised does not hold"
echo "1 passed, 0 failed"
