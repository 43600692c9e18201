#!/bin/sh
# install.sh GROUP… - installs what is missing of scripts/packages.txt (build, test, style) and of Node (web). Asks the package
# index only when something is missing, so that a second run costs a few milliseconds.
set -eu
cd "$(dirname "$0")/.."
log=build/install.log
mkdir -p build

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@" 2>/dev/null || sudo "$@"
    fi
}

missing_of() {
    wanted=$(awk -v groups=" $1 " '!/^#/ && NF == 2 && index(groups, " " $1 " ") { print $2 }' scripts/packages.txt)
    # shellcheck disable=SC2086
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
        awk -v wanted="$(echo $wanted)" '$1 == "installed" { have[$2] = 1 }
             END { n = split(wanted, w, " "); for (i = 1; i <= n; i++) if (!(w[i] in have)) printf "%s ", w[i] }'
}

# apt_install PACKAGE… - quietly; the log's end is shown when it fails.
apt_install() {
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        fail "These Debian packages are missing: $*. Run this as root, install sudo, or install them yourself: apt-get install -y --no-install-recommends $*"
    fi
    say "Installing from Debian: $*"
    : >"$log"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >>"$log" 2>&1 || say "  (the package index could not be refreshed; trying with what is known)"
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" >>"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail "The packages could not be installed; the whole log is in $log."
    fi
}

# The web build needs Node 20.19 or newer. Debian 12 has 18: then its npm brings the package `node` into build/node.
node_is_new() { "$1" -e 'var v = process.versions.node.split("."); process.exit(v[0] > 20 || (v[0] == 20 && v[1] >= 19) ? 0 : 1)' 2>/dev/null; }

install_node() {
    if [ -x build/node/node_modules/.bin/node ] && node_is_new build/node/node_modules/.bin/node && command -v npm >/dev/null 2>&1; then
        return
    fi
    if command -v node >/dev/null 2>&1 && node_is_new node && command -v npm >/dev/null 2>&1; then
        return
    fi
    if ! command -v npm >/dev/null 2>&1; then
        apt_install npm
    fi
    if node_is_new node; then
        return
    fi
    say "Fetching Node 22 from npm, for the web build only"
    rm -rf build/node
    mkdir -p build/node
    printf '{ "name": "sauda-node", "private": true }\n' >build/node/package.json
    if ! (cd build/node && npm install --no-audit --no-fund --loglevel=error node@22) >>"$log" 2>&1 ||
        ! node_is_new build/node/node_modules/.bin/node; then
        tail -n 15 "$log" >&2
        fail "Node 20.19 or newer is needed for the web build and could not be fetched from npm; the log is in $log."
    fi
}

groups=
for group in "$@"; do
    [ "$group" = web ] || groups="$groups $group"
done
if [ -n "$groups" ]; then
    command -v dpkg-query >/dev/null 2>&1 ||
        fail "This is not a Debian system: install the packages of scripts/packages.txt under their names there, then use meson and ninja."
    missing=$(missing_of "$groups ")
    # shellcheck disable=SC2086
    [ -z "$missing" ] || apt_install $missing
fi
for group in "$@"; do
    if [ "$group" = web ]; then
        install_node
    fi
done
