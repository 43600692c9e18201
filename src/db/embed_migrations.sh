#!/bin/sh
# embed_migrations.sh OUT FILE… - writes a C file with the table `migrations`, in the order of the numbers.
# Every *.sql of the folder must be among FILE…: the list in meson.build tells the build when to run this again.
set -eu
out=$1
shift
here=$(dirname "$0")/migrations
in_folder=$(find "$here" -name '*.sql' | wc -l)
if [ "$in_folder" -ne $# ]; then
    echo "src/db/meson.build lists $# migrations, src/db/migrations holds $in_folder" >&2
    exit 1
fi
{
    echo '/* Made by embed_migrations.sh. */'
    echo '#include "db/migrate.h"'
    echo
    echo 'const struct migration migrations[] = {'
    for file in "$@"; do
        printf '%s %s\n' "$(basename "$file")" "$file"
    done | LC_ALL=C sort | while read -r name file; do
        case $name in
        [0-9][0-9][0-9][0-9]_*.sql) ;;
        *) echo "$name: a migration is called NNNN_words.sql" >&2; exit 1 ;;
        esac
        number=$(echo "$name" | sed 's/_.*//; s/^0*//')
        printf '    { %s, "%s", STR_INIT(\n' "$number" "${name%.sql}"
        sed 's/\\/\\\\/g; s/"/\\"/g; s/^/        "/; s/$/\\n"/' "$file"
        echo '    ) },'
    done
    echo '    { 0, NULL, { NULL, 0 } },'
    echo '};'
    echo 'const int migrations_count = (int)(sizeof migrations / sizeof *migrations) - 1;'
} > "$out.part"
mv "$out.part" "$out"
