#!/bin/sh
# lists.sh SOURCE OUT STORE… - finds every name table, record and route table that a header of the shop declares, and lists them
# with the statements of every store (compiled beside by store_sql.c). So a new one is tested because it exists.
#
# A name table belongs to the enum whose …_COUNT stands last before it in its header.
set -eu
LC_ALL=C
export LC_ALL
source=$1 out=$2
shift 2
new=$out.new
headers=$(cd "$source/src" && find base db record events job net http accounts customers deadlines orders returns channels sync app -name '*.h' | sort)
{
    echo '/* Written by lists.sh. */'
    echo '#include "contract/lists.h"'
    echo '#include "orders/order_status.h"'
    for header in $headers; do
        if grep -q -E '^extern const (char \*const [a-z_]+_names\[\]|struct record [a-z_, ]+;|struct route [a-z_]+\[\])' "$source/src/$header"; then
            printf '#include "%s"\n' "$header"
        fi
    done
    for store in "$@"; do
        printf 'extern const struct sql *const sql_%s;\nextern const int sql_%s_count;\n' "$store" "$store"
    done
    echo 'const struct name_table name_tables[] = {'
    (cd "$source/src" && awk '
        FNR == 1 { counted = "" }
        # Stands to the left of the enum whose values it names.
        BEGIN { of["pause_names"] = "MARK_COUNT" }
        /_COUNT([^A-Z_]|$)/ && !/^#/ { n = split($0, word, /[^A-Z_0-9]+/); for (i = 1; i <= n; i++) if (word[i] ~ /_COUNT$/) counted = word[i] }
        /^extern const char \*const [a-z_]+_names\[\]/ { sub(/^extern const char \*const /, ""); sub(/\[\].*/, "")
            printf "    { \"%s\", %s, %s },\n", $0, $0, $0 in of ? of[$0] : counted ? counted : "-1" }' $headers)
    echo '    { NULL } };'
    echo 'const struct record_name record_names[] = {'
    (cd "$source/src" && cat $headers) | sed -n -E 's/^extern const struct record ([a-z_, ]+);.*/\1/p' | tr -d ' ' | tr ',' '\n' |
        sed 's/.*/    { "&", \&& },/'
    echo '    { NULL } };'
    echo 'const struct route_table route_tables[] = {'
    (cd "$source/src" && cat $headers) | sed -n -E 's/^extern const struct route ([a-z_]+\[\][^;]*);.*/\1/p' | tr -d ' []' | tr ',' '\n' |
        while read -r table; do
            # A table that is declared before it is written is not there yet.
            if (cd "$source/src" && grep -q -r "^const struct route $table\[\]" accounts customers deadlines orders returns channels sync app); then
                printf '    { "%s", %s },\n' "$table" "$table"
            fi
        done
    echo '    { NULL } };'
    # Addresses of other sources are no constants, so this list is filled when it is first asked for.
    echo 'const struct store_sql *stores_sql(void)'
    echo '{'
    echo "    static struct store_sql all[$# + 1];"
    i=0
    for store in "$@"; do
        printf '    all[%d] = (struct store_sql){ "%s", sql_%s, sql_%s_count };\n' "$i" "$store" "$store" "$store"
        i=$((i + 1))
    done
    echo '    return all;'
    echo '}'
} >"$new"
if cmp -s "$new" "$out"; then
    rm "$new"
else
    mv "$new" "$out"
fi
