#!/bin/sh
# Drives the API of a running product by its own document: tests/schemathesis.sh URL TOKEN
set -eu
cd "$(dirname "$0")/../target"
exec schemathesis/bin/schemathesis run "$1/api/v1/openapi.json" --url "$1" --header "Authorization: Bearer $2" \
    --checks all --phases coverage,fuzzing --max-examples 10 --generation-deterministic --no-color
