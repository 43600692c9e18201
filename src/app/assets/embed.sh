#!/bin/sh
# embed.sh DIST BYTES.S TABLE.c DEPFILE PACKED - writes the files of DIST as an assembler file that includes their packed bytes
# and a table of them. Packed files are kept in PACKED by their hash, so that several builds pack once. Fonts and pictures are
# packed already: they are taken as they are.
set -eu
LC_ALL=C
export LC_ALL
dist=$1 bytes=$2 table=$3 depfile=$4 packed=$5
mkdir -p "$packed"

type_of() {
    case $1 in
    *.html) echo "text/html; charset=utf-8" ;;
    *.js | *.mjs) echo "text/javascript; charset=utf-8" ;;
    *.css) echo "text/css; charset=utf-8" ;;
    *.json | *.map) echo "application/json" ;;
    *.webmanifest) echo "application/manifest+json" ;;
    *.svg) echo "image/svg+xml" ;;
    *.png) echo "image/png" ;;
    *.jpg | *.jpeg) echo "image/jpeg" ;;
    *.webp) echo "image/webp" ;;
    *.ico) echo "image/x-icon" ;;
    *.woff2) echo "font/woff2" ;;
    *.woff) echo "font/woff" ;;
    *.txt) echo "text/plain; charset=utf-8" ;;
    *.mp3) echo "audio/mpeg" ;;
    *) echo "application/octet-stream" ;;
    esac
}
is_packed_already() {
    case $1 in
    *.png | *.jpg | *.jpeg | *.webp | *.woff2 | *.woff | *.mp3 | *.ico) return 0 ;;
    esac
    return 1
}
# The build names such files by their content, so that they may be kept for ever: /assets/index-B3fK9_xa.js
is_immutable() { printf '%s' "$1" | grep -q -E '^/assets/.*-[A-Za-z0-9_-]{8}\.[a-z0-9]+$'; }

# Keeps a half-written file from being taken for a whole one by a build that runs beside this one.
pack_into() {
    into=$1
    shift
    [ -f "$into" ] && return
    "$@" >"$into.$$"
    mv "$into.$$" "$into"
}
include() { printf '    .global %s_from, %s_to\n%s_from:\n    .incbin "%s"\n%s_to:\n' "$1" "$1" "$1" "$2" "$1"; }
slice_init() { printf '{ %s_from, %s }' "$1" "$2"; }
size_of() { wc -c <"$1" | tr -d ' '; }

{
    echo '/* Written by embed.sh. */'
    echo '    .section .rodata'
} >"$bytes"
externs=$table.externs rows=$table.rows
: >"$externs"
: >"$rows"
count=0
if [ -f "$dist/index.html" ]; then
    for path in $(cd "$dist" && find . -type f ! -name '.*' | sed 's/^\.//' | sort); do
        file=$dist$path
        hash=$(sha256sum "$file" | cut -c1-16)
        name=asset_$count
        immutable=false
        if is_immutable "$path"; then
            immutable=true
        fi
        if is_packed_already "$path"; then
            pack_into "$packed/$hash.plain" cat "$file"
            include "${name}" "$packed/$hash.plain" >>"$bytes"
            printf 'extern const char %s_from[];\n' "$name" >>"$externs"
            forms=".plain = $(slice_init "$name" "$(size_of "$file")")"
        else
            pack_into "$packed/$hash.br" brotli -q 11 -c "$file"
            pack_into "$packed/$hash.gz" gzip -9 -n -c "$file"
            include "${name}_br" "$packed/$hash.br" >>"$bytes"
            include "${name}_gz" "$packed/$hash.gz" >>"$bytes"
            printf 'extern const char %s_br_from[], %s_gz_from[];\n' "$name" "$name" >>"$externs"
            forms=".brotli = $(slice_init "${name}_br" "$(size_of "$packed/$hash.br")"), .gzip = $(slice_init "${name}_gz" "$(size_of "$packed/$hash.gz")")"
        fi
        printf '    { .path = "%s", .type = "%s", .etag = "%s", .immutable = %s,\n      %s },\n' \
            "$path" "$(type_of "$path")" "$hash" "$immutable" "$forms" >>"$rows"
        count=$((count + 1))
    done
fi
{
    echo '    .section .note.GNU-stack,"",%progbits'
} >>"$bytes"
{
    echo '/* Written by embed.sh. */'
    echo '#include "app/assets/assets_table.h"'
    cat "$externs"
    echo 'const struct asset assets_table[] = {'
    cat "$rows"
    # An array of no elements is no C; the count leaves this row out.
    echo '    { .path = "" },'
    echo '};'
    echo "const int assets_count = $count;"
} >"$table"
rm -f "$externs" "$rows"
# A folder's time changes when a file appears in it or goes: before the first web build only the folder above can tell.
if [ -d "$dist" ]; then
    find "$dist" | awk -v out="$bytes $table" 'BEGIN { printf "%s:", out } { gsub(/ /, "\\ "); printf " %s", $0 } END { print "" }' >"$depfile"
else
    printf '%s %s: %s\n' "$bytes" "$table" "$(dirname "$dist")" >"$depfile"
fi
