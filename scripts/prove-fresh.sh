#!/bin/sh
# prove-fresh.sh [FOLDER] [run|test] - proves that a fresh Debian 12 needs nothing but git and make: makes one with debootstrap in
# FOLDER (default /var/tmp/sauda-fresh), clones this repository into it, runs `make run` there, asks for the first page and the
# list of orders, stops it and looks for what is left running. With "test" runs `make test` instead. Needs root; what is not
# committed is not proved.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-/var/tmp/sauda-fresh}
what=${2:-run}
[ "$(id -u)" = 0 ] || {
    echo "prove-fresh.sh needs root: it makes a folder to chroot into." >&2
    exit 1
}
command -v debootstrap >/dev/null || apt-get -qq install -y --no-install-recommends debootstrap >/dev/null

mounted=
finish() {
    for point in $mounted; do
        umount -l "$point" 2>/dev/null || true
    done
}
trap finish EXIT
trap 'exit 1' INT TERM

if [ ! -f "$folder/etc/debian_version" ]; then
    echo "Making a minimal Debian 12 in $folder"
    mkdir -p "$folder"
    debootstrap --variant=minbase --include=git,make,ca-certificates bookworm "$folder" ${SAUDA_MIRROR:+"$SAUDA_MIRROR"} >"$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log" >&2; exit 1; }
fi
# How this machine reaches its package servers, if in a way of its own.
cp -a /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d "$folder/etc/apt/" 2>/dev/null || true
cp /etc/resolv.conf /etc/hosts "$folder/etc/" 2>/dev/null || true
cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/" 2>/dev/null || true
registry=$(npm config get registry 2>/dev/null || true)
for kind in proc sys dev; do
    mount --rbind "/$kind" "$folder/$kind" 2>/dev/null || mount --bind "/$kind" "$folder/$kind"
    mounted="$folder/$kind $mounted"
done
[ -n "${SAUDA_KEEP:-}" ] || rm -rf "$folder/root/sauda"
[ -n "${SAUDA_KEEP:-}" ] || git clone -q . "$folder/root/sauda"

become=
inside() { $become chroot "$folder" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt ${registry:+npm_config_registry="$registry"} ${CI:+CI="$CI"} \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} ${no_proxy:+no_proxy="$no_proxy"} "$@"; }

if [ "$what" = test ]; then
    inside make -C /root/sauda test
    exit $?
fi
answer() { inside curl -s -o /dev/null -w "%{http_code}" "$1"; }
inside sh -c 'command -v curl >/dev/null || { apt-get -qq update; apt-get -qq install -y --no-install-recommends curl; } >/dev/null 2>&1'
# Starts `make run`; $server is make itself, so that stopping it is what a person's Ctrl-C or a service manager does.
start() {
    : >"$1"
    (
        become=exec
        inside make -C /root/sauda run
    ) >"$1" 2>&1 &
    server=$!
}
first=$(date +%s)
start "$folder.run"
until grep -q -o 'http://[0-9a-z.:]*' "$folder.run"; do
    kill -0 "$server" 2>/dev/null || { cat "$folder.run" >&2; echo "make run ended" >&2; exit 1; }
    sleep 0.5
done
sed 's/^/    /' "$folder.run"
address=$(grep -o 'http://[0-9a-z.:]*' "$folder.run" | head -n 1)
echo "First start: $(($(date +%s) - first)) s"
page=$(answer "$address/")
alive=$(answer "$address/health")
echo "$address/ answers $page, /health $alive"
kill -TERM "$server"
wait "$server" || true
sleep 2
left=$(for root in /proc/[0-9]*/root; do [ "$(readlink "$root" 2>/dev/null)" = "$(readlink -f "$folder")" ] && tr '\0' ' ' <"${root%/root}/cmdline"; done || true)
[ -z "$left" ] || echo "Still running: $left"

second=$(date +%s%N)
start "$folder.run2"
until grep -q 'http://' "$folder.run2"; do
    kill -0 "$server" 2>/dev/null || { cat "$folder.run2" >&2; exit 1; }
    sleep 0.02
done
echo "Second start: $((($(date +%s%N) - second) / 1000000)) ms"
kill -TERM "$server"
wait "$server" || true
[ "$page" = 200 ] && [ "$alive" = 200 ] && [ -z "$left" ]
