#!/bin/sh
# example.sh ROOT CC - the connector that docs/channel.md shows as complete is taken out of the page and compiled against the headers of
# today, so that who copies it begins with something that works. Prints TAP.
set -u
root=$1 cc=${2:-cc}
into=$(mktemp -d) || exit 2
trap 'rm -rf "$into"' EXIT
awk -v into="$into" '
    /^`src\/channels\/[a-z\/_]+\.[ch]`:$/ { file = into "/" substr($0, 6, length($0) - 7); next }
    /^```c$/ && file != "" { folder = file; sub(/\/[^\/]*$/, "", folder); system("mkdir -p " folder); writing = 1; next }
    /^```$/ && writing { close(file); writing = 0; file = ""; next }
    writing { print >file }
' "$root/docs/channel.md"
n=0
for file in "$into"/channels/*/*.c; do
    [ -f "$file" ] || continue
    n=$((n + 1))
    if said=$($cc -std=gnu17 -Wall -Wextra -Wno-missing-field-initializers -Werror -fsyntax-only -I"$root/src" -I"$into" "$file" 2>&1); then
        echo "ok $n - docs/channel.md: ${file##*/} compiles"
    else
        echo "not ok $n - docs/channel.md: ${file##*/} compiles"
        echo "$said" | head -n 20 | sed 's/^/# /'
    fi
done
[ "$n" -ge 4 ] || { n=$((n + 1)); echo "not ok $n - docs/channel.md shows a whole connector"; }
echo "1..$n"
