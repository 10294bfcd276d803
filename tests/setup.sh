#!/bin/sh
# Makes sure that this machine has what the tests drive: Chromium with its driver, networks with firewalls and proxies, PostgreSQL,
# pebble, axe-core, oidc-provider, Schemathesis; and FFmpeg, which makes the media that they send and reads what is recorded of it.
# Says nothing when there is nothing to do.
set -eu
cd "$(dirname "$0")/.."

mkdir -p target
missing=
for package in chromium chromium-driver ffmpeg haproxy iproute2 nats-server nftables pebble postgresql python3-venv socat tinyproxy; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
# Wherever they come from.
for program in node:nodejs npm:npm; do
    command -v "${program%%:*}" >/dev/null || missing="$missing ${program##*:}"
done
if [ -n "$missing" ]; then
    command="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" != 0 ]; then
        echo "setup-tests: as root, once: $command" >&2
        exit 1
    fi
    echo "setup-tests: installing$missing (Debian)" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && $command -qq; } >target/setup-tests.log 2>&1 || { tail -5 target/setup-tests.log >&2; exit 1; }
fi

# A disk that fills fails some scene that has nothing to do with it.
if [ ! -d target/debug/deps ] && [ "$(df -Pk target | awk 'NR == 2 { print $4 }')" -lt 10000000 ]; then
    echo "setup-tests: less than 10 GB are free in $PWD; building and running the tests takes 9: make room if it stops" >&2
fi

# axe-core (MPL 2.0) judges pages in the browser; it is never served.
if [ ! -f target/axe/node_modules/axe-core/axe.min.js ]; then
    echo "setup-tests: fetching axe-core (npm)" >&2
    mkdir -p target/axe
    npm install --silent --no-save --no-audit --no-fund --prefix target/axe axe-core@4.14.1 >/dev/null
fi

# oidc-provider (MIT) is who people identify with where ProConnect is tried: tests/proconnect/provider.mjs.
if [ ! -f target/proconnect/node_modules/oidc-provider/lib/index.js ]; then
    echo "setup-tests: fetching oidc-provider (npm)" >&2
    mkdir -p target/proconnect
    packages=oidc-provider@9.13.3
    # It calls what Debian 12's Node.js does not have: there it runs on npm's.
    node -e 'URL.parse("https://example.org")' 2>/dev/null || packages="$packages node@22"
    # shellcheck disable=SC2086
    npm install --silent --no-save --no-audit --no-fund --prefix target/proconnect $packages >/dev/null
fi

# Schemathesis (MIT) asks of the API what its document tells.
if [ ! -x target/schemathesis/bin/schemathesis ]; then
    echo "setup-tests: fetching Schemathesis (PyPI)" >&2
    python3 -m venv target/schemathesis
    target/schemathesis/bin/pip install --quiet --disable-pip-version-check schemathesis==4.32.5
fi
