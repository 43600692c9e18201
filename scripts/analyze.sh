#!/bin/sh
# analyze.sh [FILE…] - `make analyze`: clang-tidy (.clang-tidy), cppcheck (scripts/cppcheck.txt) and gcc -fanalyzer over src, or over the files
# that are named. What each found is in build/analyze; ends with their counts. Half an hour on two cores for all of src.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build analyze style
into=build/analyze
mkdir -p $into
[ $# -gt 0 ] || set -- $(find src -name '*.c' | LC_ALL=C sort)
printf '%s\n' "$@" >$into/files
tools=${TOOLS:-tidy cppcheck gcc}
each() { xargs -P "$(nproc)" -n "$1" "$2" "$3" <$into/files; }
# What is said of a file goes into a file of its own.
cat >$into/one.sh <<'ONE'
#!/bin/sh
tool=$1
shift
for file in "$@"; do
    out=build/analyze/$tool/$(echo "$file" | tr / _).txt
    flags="-std=gnu17 -D_GNU_SOURCE -DSIMDJSON_THREADS_ENABLED=1 -Isrc -I. -I/usr/include/postgresql -I/usr/include/minizip"
    case $tool in
    tidy) clang-tidy --quiet "$file" -- $flags >"$out" 2>/dev/null ;;
    gcc) gcc $flags -O1 -fanalyzer -Wno-analyzer-too-complex -Wno-missing-field-initializers -c -o /dev/null "$file" >"$out" 2>&1 ;;
    esac || true
    [ -s "$out" ] || rm -f "$out"
done
ONE
chmod +x $into/one.sh
count() { cat $into/"$1"/*.txt 2>/dev/null | grep -E "$2" | sort -u | wc -l; }
for tool in $tools; do
    rm -rf "${into:?}/$tool"
    mkdir -p "$into/$tool"
    case $tool in
    tidy)
        each 4 $into/one.sh tidy
        echo "clang-tidy: $(wc -l <$into/files) files, $(count tidy '(warning|error):') findings"
        ;;
    gcc)
        each 4 $into/one.sh gcc
        echo "gcc -fanalyzer: $(wc -l <$into/files) files, $(count gcc 'Wanalyzer') findings"
        ;;
    cppcheck)
        cppcheck --enable=warning,performance,portability --inconclusive --std=c11 --quiet -j "$(nproc)" -D_GNU_SOURCE -Isrc \
            --suppressions-list=scripts/cppcheck.txt --inline-suppr --template='{file}:{line}: {severity}: {id}: {message}' --file-list=$into/files \
            2>$into/cppcheck/all.txt || true
        echo "cppcheck: $(wc -l <$into/files) files, $(count cppcheck ': (error|warning|performance|portability): ') findings"
        ;;
    esac
done
