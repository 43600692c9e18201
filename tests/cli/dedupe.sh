#!/bin/sh
# dedupe.sh SAUDA FOLDER [--update] - `sauda dedupe` as a person at a terminal sees it. Prints TAP, one case per claim. FOLDER has
# buyers.csv with what is expected of it; --update writes the expected files.
set -u
sauda=$1 cases=$2 update=${3:-}
folder=$(mktemp -d "${TMPDIR:-/tmp}/sauda-dedupe-XXXXXX")
trap 'rm -rf "$folder"' EXIT
n=0 failed=0
# check NAME CONDITION… - a case that holds when the command does.
check() {
    name=$1
    shift
    n=$((n + 1))
    if "$@" >"$folder/check" 2>&1; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        head -n 12 "$folder/check" "$folder/err" | sed 's/^/# /'
        failed=$((failed + 1))
    fi
}
run() { "$sauda" dedupe "$@" >"$folder/out" 2>"$folder/err"; }
ends() { code=$1; shift; run "$@"; [ $? = "$code" ]; }
says() { grep -q -F -e "$1" "$folder/err"; }
# Which rows are together, whatever the numbers: sorted lists of ids.
groups() { awk -F '\t' '{g[$2] = g[$2] " " $1} END {for (p in g) {k = split(g[p], m, " "); s = ""; for (i = 1; i <= k; i++) for (j = i + 1; j <= k; j++) if (m[j] < m[i]) {t = m[i]; m[i] = m[j]; m[j] = t} for (i = 1; i <= k; i++) s = s " " m[i]; print s}}' "$1" | sort; }

for mode in "" --safe; do
    run "$cases/buyers.csv" --explain $mode
    want=$cases/buyers${mode#-}.expected
    [ "$update" != --update ] || cp "$folder/out" "$want"
    check "people, links and reasons are as expected ${mode:-by default}" diff -u "$want" "$folder/out"
done

run "$cases/buyers.csv"
cut -f1 "$folder/out" >"$folder/ids"
tail -n +2 "$cases/buyers.csv" | cut -d, -f1 >"$folder/wanted"
check "each row has one line, in the order of the file" cmp "$folder/ids" "$folder/wanted"
groups "$folder/out" >"$folder/groups"

{ head -n 1 "$cases/buyers.csv"; tail -n +2 "$cases/buyers.csv" | sort -r; } >"$folder/turned.csv"
run "$folder/turned.csv"
groups "$folder/out" >"$folder/turned"
check "the order of the rows says nothing" cmp "$folder/groups" "$folder/turned"

awk -F, 'BEGIN {OFS = "\t"} {print $8, $4, $3, $1, $7, $5, $6, $2, "ignored"}' "$cases/buyers.csv" >"$folder/columns.tsv"
run - <"$folder/columns.tsv"
groups "$folder/out" >"$folder/columns"
check "columns may come in any order, by tabs, from standard input" cmp "$folder/groups" "$folder/columns"

check "--out takes the result, and standard output stays free" ends 0 "$cases/buyers.csv" --out "$folder/people.tsv"
check "nothing is left on standard output" test ! -s "$folder/out"
groups "$folder/people.tsv" >"$folder/file"
check "the file holds the same people" cmp "$folder/groups" "$folder/file"

: >"$folder/empty.csv"
check "an empty file has no people" ends 0 "$folder/empty.csv"
check "a file that is not there is an error" ends 1 "$folder/nowhere.csv"
printf 'colour,size\nred,1\n' >"$folder/other.csv"
check "a file without name, phone and e-mail is an error" ends 1 "$folder/other.csv"
check "and the sentence says what is missing" says "of name, phone and email none is there"
printf 'name,phone\nМария Иванова,87771234567\nИванова Мария,+77771234567\n' >"$folder/bare.csv"
check "without an id rows are numbered" ends 0 "$folder/bare.csv"
printf '1\t1\n2\t1\n' >"$folder/want"
check "and joined all the same" cmp "$folder/want" "$folder/out"
check "what is missing is told" says "there is no column id: rows are numbered from 1"
printf '\357\273\277id;name;phone\r\n"a""b";"Мария; Иванова";8 777 123 45 67\r\n\r\nc;"never closed;87771234567\r\n\377;\001\002;\360\237\230\200\r\nшорт\r\n' >"$folder/odd.csv"
check "marks, quotes, blank lines and bytes that are no text do not stop it" ends 0 "$folder/odd.csv"
check "a blank line is told" says "1 blank lines left out"
check "a row that is short is told" says "rows with fewer cells than columns"
check "four rows have four lines" test "$(wc -l <"$folder/out")" = 4
{ echo id,name,phone; printf '1,'; head -c 1000000 /dev/zero | tr '\0' x; echo ,87771234567; echo 2,Мария,87771234567; } >"$folder/huge.csv"
check "a name of a megabyte is cut and told" ends 0 "$folder/huge.csv"
check "with a sentence" says "names cut: longer than 256 bytes"
{ echo id,name,phone; for i in 1 2 3 4 5 6 7 8 9; do sed -n '2,$p' "$cases/buyers.csv" | awk -F, -v i=$i 'BEGIN {OFS = ","} {for (k = 0; k < 40; k++) print $1 i k, $3, "8 777 000 11 22"}'; done; } >"$folder/hub.csv"
check "thousands of rows with one phone are no one person" ends 0 "$folder/hub.csv"
check "and the phone joins nobody" test "$(cut -f2 "$folder/out" | sort -u | wc -l)" -gt 100
# The same buyers as other programs save them.
iconv -f UTF-8 -t WINDOWS-1251 "$cases/buyers.csv" 2>/dev/null >"$folder/1251.csv" || iconv -c -f UTF-8 -t WINDOWS-1251 "$cases/buyers.csv" >"$folder/1251.csv"
run "$folder/1251.csv"
check "a file in windows-1251 is read" test "$(cut -f2 "$folder/out" | sort -u | wc -l)" -le "$(($(wc -l <"$folder/groups") + 3))"
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "$cases/buyers.csv"; } >"$folder/utf16.csv"
run "$folder/utf16.csv"
groups "$folder/out" >"$folder/utf16"
check "a file in UTF-16 holds the same people" cmp "$folder/groups" "$folder/utf16"
printf 'customer_id;Фамилия;Имя;Номер телефона\n7;Иванова;Мария;87771234567\n8;Иванова;Маша;+7 777 123 45 67\n' >"$folder/parts.csv"
check "columns are known by what people call them" ends 0 "$folder/parts.csv"
printf '7\t1\n8\t1\n' >"$folder/want"
check "and a name of several columns is one" cmp "$folder/want" "$folder/out"
for sign in ';' '\t' ','; do
    printf '\357\273\277№s"ФИО КЛИЕНТА"sМОБ. ТЕЛЕФОНsEmail покупателяsДата созданияsПочта подтверждена\r\n1s"Мария ""Маша"" Иванова"s8 777 123 45 67sm@bk.rus01.02.2021sда\r\n2sИванова Мшаs+77771234567sm@bk.rusкогда-тоsда\r\n3sПётр Орловs87771234567sssда\r\n' | sed "s/s/$sign/g" >"$folder/headed.csv"
    run "$folder/headed.csv"
    check "headings in capitals and of several words are known, parted by '$sign', with days or without" test "$(cut -f2 "$folder/out" | tr '\n' ,)" = "1,1,2,"
done
printf 'id,name,phone\n1,Мария,87771234567\n1,Пётр,87771234567\n,Анна,\n' >"$folder/twice.csv"
check "ids that come twice or are missing are written back as they came" ends 0 "$folder/twice.csv"
check "each on its line" test "$(cut -f1 "$folder/out" | tr '\n' ,)" = "1,1,,"
check "help tells the layout" sh -c "'$sauda' dedupe --help | grep -q 'id<TAB>person_id'"
echo "1..$n"
[ $failed = 0 ]
