#!/bin/sh
# test-deb.sh - `make test-deb`: the package in a minimal Debian 12 of its own (debootstrap, in build/deb/debian): installed, the shop
# opened, upgraded, removed, purged. The service manager does not run in there, so the server is started as the unit would start it.
# Needs root; a few minutes the first time. Ends with one line: N passed, N failed.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || {
    echo "test-deb.sh needs root: it makes a folder to chroot into." >&2
    exit 1
}
scripts/install.sh package
scripts/deb.sh
SAUDA_DEB_VERSION=99.0.0 scripts/deb.sh >/dev/null
folder=$PWD/build/deb/debian
mounted= server=
finish() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
    for point in $mounted; do
        umount -l "$point" 2>/dev/null || true
    done
}
trap finish EXIT
trap 'exit 1' INT TERM

if [ ! -f "$folder/etc/debian_version" ]; then
    echo "Making a minimal Debian 12"
    mkdir -p "$folder"
    debootstrap --variant=minbase --include=ca-certificates,curl bookworm "$folder" ${SAUDA_MIRROR:+"$SAUDA_MIRROR"} >build/deb/debootstrap.log 2>&1 ||
        { tail -n 20 build/deb/debootstrap.log >&2; exit 1; }
fi
# How this machine reaches its package servers, if in a way of its own.
cp -a /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d "$folder/etc/apt/" 2>/dev/null || true
cp /etc/resolv.conf /etc/hosts "$folder/etc/" 2>/dev/null || true
cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/" 2>/dev/null || true
for kind in proc dev; do
    mount --bind "/$kind" "$folder/$kind"
    mounted="$folder/$kind $mounted"
done
cp build/deb/sauda_*.deb "$folder/root/"
become=
inside() { $become chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_sauda() { inside setpriv --reuid sauda --regid sauda --init-groups env SAUDA_HOME=/var/lib/sauda "$@"; }

passed=0 failed=0
# holds NAME COMMAND…
holds() {
    name=$1
    shift
    if "$@" >build/deb/step.log 2>&1; then
        passed=$((passed + 1))
        echo "ok - $name"
    else
        failed=$((failed + 1))
        echo "not ok - $name"
        tail -n 8 build/deb/step.log | sed 's/^/# /'
    fi
}
not() { ! "$@"; }
is_text() { [ "$(cat)" = "$1" ]; }
mode_of() { inside stat -c '%U:%G %a' "$1"; }
mode_is() { mode_of "$1" | is_text "$2"; }
serve() {
    : >build/deb/serve.out
    (
        become=exec                                     # so that $! is the server itself
        as_sauda sauda serve --config /etc/sauda/sauda.conf
    ) >build/deb/serve.out 2>build/deb/serve.err &
    server=$!
    tries=0
    until grep -q answers build/deb/serve.out; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] && kill -0 $server 2>/dev/null || return 1
        sleep 0.1
    done
    address=$(sed -n 's/^Sauda answers at //p' build/deb/serve.out)
}
stop() {
    kill -TERM "$server"
    wait "$server"
    code=$?
    server=
    return $code
}
says() { inside curl -fsS "$address$1" | grep -q "$2"; }
install_deb() { inside apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold install "/root/$1"; }

old=$(cd build/deb && ls sauda_*.deb | grep -v 99.0.0)
new=$(cd build/deb && ls sauda_99.0.0_*.deb)
inside apt-get -qq update >/dev/null 2>&1 || true
inside dpkg --purge sauda >/dev/null 2>&1 || true
rm -rf "$folder/var/lib/sauda"

holds "the package installs with what it needs from Debian" install_deb "$old"
holds "its user can sign in nowhere" sh -c "grep '^sauda:' '$folder/etc/passwd' | grep -q nologin"
holds "the shop's folder is its own" mode_is /var/lib/sauda "sauda:sauda 700"
holds "the settings are read by root and the group only" mode_is /etc/sauda/sauda.conf "root:sauda 640"
holds "the service is enabled" test -L "$folder/etc/systemd/system/multi-user.target.wants/sauda.service"
holds "every file is as it was packed" inside dpkg --verify sauda
sed -i 's/^listen.*/listen = 127.0.0.1:0/' "$folder/etc/sauda/sauda.conf"
holds "the first start makes the shop and answers" serve
holds "… the database of this version" says /ready '"ok"'
holds "… the first screen, which is inside the program" says / 'id="root"'
holds "… and stops cleanly" stop
holds "the owner's account is made on the command line" sh -c "printf 'correct-horse-99\n' >'$folder/root/password' && chroot '$folder' sh -c 'setpriv --reuid sauda --regid sauda --init-groups env SAUDA_HOME=/var/lib/sauda sauda user add owner@shop.kz --name Owner --role owner </root/password'"
holds "an upgrade keeps the settings that were changed" install_deb "$new"
holds "… really" grep -q '127.0.0.1:0' "$folder/etc/sauda/sauda.conf"
holds "… and the shop" serve
holds "… with its owner" sh -c "chroot '$folder' setpriv --reuid sauda --regid sauda --init-groups env SAUDA_HOME=/var/lib/sauda sauda user list | grep -q owner@shop.kz"
holds "a copy is made while the server runs" as_sauda sauda backup /var/lib/sauda/copy.db
holds "… and it stops cleanly" stop
holds "the package is removed" inside apt-get -qq -y remove sauda
holds "… the program is gone" not test -e "$folder/usr/bin/sauda"
holds "… the settings stay" test -f "$folder/etc/sauda/sauda.conf"
holds "… the shop stays" test -f "$folder/var/lib/sauda/sauda.db"
holds "it is purged" inside dpkg --purge sauda
holds "… the settings are gone" not test -e "$folder/etc/sauda"
holds "… the service is gone" not test -e "$folder/etc/systemd/system/multi-user.target.wants/sauda.service"
holds "… the shop stays even now" test -f "$folder/var/lib/sauda/sauda.db"
holds "a fresh install finds the shop again" install_deb "$new"
holds "… and opens it" serve
holds "… with its owner" says /ready '"ok"'
holds "… and it stops cleanly" stop
echo "$passed passed, $failed failed"
[ $failed = 0 ]
