#!/bin/sh
# run.sh SCENARIO - tells the stories without spoilt replies, records what the connectors and the sandbox say to each other, and holds
# it against the marketplaces' descriptions in $SAUDA_SPECS (or ../shared/specs beside the repository). Skipped aloud without them,
# and for no other reason: `make test` brings Node and the web packages.
set -eu
scenario=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
specs=${SAUDA_SPECS:-$root/../shared/specs}
if [ ! -f "$specs/ozon/swagger-2026-04-30.json" ]; then
    echo "SKIPPED: requests and replies against the official descriptions, for there are none in $specs (set SAUDA_SPECS)" >&2
    exit 77
fi
if ! command -v node >/dev/null 2>&1 || [ ! -d "$root/web/node_modules/js-yaml" ]; then
    echo "Node or the web packages are missing: scripts/web.sh packages brings them" >&2
    exit 1
fi
traffic=$(mktemp "${TMPDIR:-/tmp}/sauda-traffic-XXXXXX")
trap 'rm -f "$traffic"' EXIT
# shellcheck disable=SC2046
"$scenario" --store sqlite --record "$traffic" $(grep -L '^market.* breaks ' "$root"/tests/scenario/stories/*.story) >"$traffic.said" || {
    cat "$traffic.said" >&2
    rm -f "$traffic.said"
    exit 1
}
rm -f "$traffic.said"
if [ -n "${KEEP_TRAFFIC:-}" ]; then
    cp "$traffic" "$KEEP_TRAFFIC"
fi
node "$here/check.mjs" "$specs" "$traffic" "$root/web"
