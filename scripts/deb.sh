#!/bin/sh
# deb.sh - `make deb`: the server as a Debian package, into build/deb. What it depends on is read from the program itself.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build
command -v dpkg-shlibdeps >/dev/null 2>&1 || scripts/install.sh package
scripts/web.sh
SAUDA_BUILD_WORDS="Building the server" scripts/build.sh release src/app/sauda

version=$(sed -n "s/^ *version : '\([0-9.]*\)'.*/\1/p" meson.build)
architecture=$(dpkg --print-architecture)
name=sauda_${SAUDA_DEB_VERSION:-$version}_$architecture
tree=build/deb/$name
rm -rf "$tree"
umask 022
mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$tree/etc/sauda" "$tree/lib/systemd/system" "$tree/usr/share/doc/sauda"
strip -o "$tree/usr/bin/sauda" build/release/src/app/sauda
chmod 755 "$tree/usr/bin/sauda"
install -m 644 deploy/sauda.service "$tree/lib/systemd/system/"
install -m 640 deploy/sauda.conf "$tree/etc/sauda/"
install -m 644 docs/operate.md docs/guide.ru.md "$tree/usr/share/doc/sauda/"
cp -r deploy/prometheus deploy/grafana "$tree/usr/share/doc/sauda/"
cat >"$tree/usr/share/doc/sauda/copyright" <<'END'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Sauda

Files: *
Copyright: the authors of Sauda
License: Apache-2.0
 On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.
END
for script in preinst postinst prerm postrm; do
    [ ! -f "deploy/debian/$script" ] || install -m 755 "deploy/debian/$script" "$tree/DEBIAN/"
done
echo /etc/sauda/sauda.conf >"$tree/DEBIAN/conffiles"

# dpkg-shlibdeps wants a source tree of its own kind beside the program.
mkdir -p build/deb/shlibs/debian
printf 'Source: sauda\n' >build/deb/shlibs/debian/control
libraries=$(cd build/deb/shlibs && dpkg-shlibdeps -O "../$name/usr/bin/sauda" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
cat >"$tree/DEBIAN/control" <<END
Package: sauda
Version: ${SAUDA_DEB_VERSION:-$version}
Architecture: $architecture
Maintainer: The Sauda authors <root@localhost>
Installed-Size: $(du -sk --exclude DEBIAN "$tree" | cut -f 1)
Depends: $libraries, adduser, ca-certificates, tzdata
Suggests: nginx, postgresql
Section: web
Priority: optional
Description: orders of all marketplaces in one window
 Sauda is the order desk of shops that sell on several marketplaces and on
 their own site: one queue by deadline, one profile per buyer, returns and
 deadlines under control. One program with its screens inside, SQLite by
 default, PostgreSQL for those who outgrow one machine.
END
(cd "$tree" && find usr lib -type f -exec md5sum {} + >DEBIAN/md5sums)
dpkg-deb --root-owner-group --build "$tree" "build/deb/$name.deb" >/dev/null
echo "build/deb/$name.deb ($(du -h "build/deb/$name.deb" | cut -f 1))"
