#!/bin/sh
# openapi.sh SAUDA SOURCE - the committed API document, of which the web UI's types are made, is what the server says; no $ref of
# it leads nowhere.
set -eu
sauda=$1 kept=$2/web/openapi.json
said=$("$sauda" openapi)
echo 1..2
if printf '%s\n' "$said" | cmp -s - "$kept"; then
    echo "ok 1 - web/openapi.json is what the server says"
else
    echo "not ok 1 - web/openapi.json is what the server says"
    printf '%s\n' "$said" | diff "$kept" - | head -n 20 | sed 's/^/# /'
    echo "# npm run api in web/ brings the document and the types up to date"
fi
lost=$(printf '%s\n' "$said" | awk '
    /^    "(schemas|parameters|responses)": \{/ { kind = $1; gsub(/[":]/, "", kind) }
    kind && /^      "[^"]*": [{]/ { name = $1; gsub(/[":]/, "", name); known["#/components/" kind "/" name] = 1 }
    /"\$ref": / { ref = $2; gsub(/[",]/, "", ref); used[ref] = 1 }
    END { for (ref in used) if (!(ref in known)) print ref }')
if [ -z "$lost" ]; then
    echo "ok 2 - every reference of the document leads somewhere"
else
    echo "not ok 2 - every reference of the document leads somewhere: $lost"
fi
