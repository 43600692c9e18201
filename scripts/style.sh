#!/bin/sh
# style.sh write|check - formats, or checks format and lints. Only files that git knows.
set -eu
cd "$(dirname "$0")/.."
scripts/install.sh build style
case ${1:-} in
write)
    git ls-files 'src/*.c' 'src/*.h' 'tests/*.c' 'tests/*.h' | xargs clang-format -i
    scripts/web.sh packages
    (cd web && npm run --silent format)
    ;;
check)
    tests/layers
    scripts/build.sh asan
    git ls-files 'src/*.c' | xargs clang-tidy --quiet -p build/asan
    scripts/web.sh packages
    (cd web && npm run --silent check && npm run --silent lint)
    ;;
*)
    echo "usage: style.sh write|check" >&2
    exit 2
    ;;
esac
