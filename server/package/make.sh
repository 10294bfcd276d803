#!/bin/sh
# The Debian package, and the list of all that it was built from (CycloneDX), which goes with it: in target/debian.
# `make package` has made the browser bundle before.
set -eu
cargo=${CARGO:-cargo}
# The same sources make the same files: no time but that of the commit.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

for tool in deb@3.8.0 cyclonedx@0.5.9; do
    $cargo "${tool%@*}" --version >/dev/null 2>&1 || $cargo install --locked "cargo-$tool"
done

echo "package: building the server"
$cargo build --release --locked --package server

echo "package: listing what it is built from"
$cargo cyclonedx --quiet --manifest-path server/Cargo.toml --format json --spec-version 1.5 --describe binaries --no-build-deps
mkdir -p target/debian
mv server/socle_bin.cdx.json target/debian/socle.cdx.json
# It speaks of the other programs of the house too.
find frontend tests -name '*.cdx.json' -delete

$cargo deb --quiet --package server --no-build
ls target/debian/*.deb target/debian/socle.cdx.json
