#!/bin/sh
# The Debian package, and the list of all that it was built from (CycloneDX), which goes with it: in target/debian. It is not made
# of libraries that are known to be weak (deny.toml).
# `make package` has made the browser bundle before.
set -eu
cargo=${CARGO:-cargo}
# The same sources make the same files: no time but that of the commit, and no folder of this machine.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
SOCLE_COMMIT=$(git rev-parse --short=12 HEAD)
folders="$PWD=/socle ${CARGO_HOME:-$HOME/.cargo}=/cargo"
renamed=$(printf "'--remap-path-prefix=%s'," $folders)
CFLAGS=$(printf -- '-ffile-prefix-map=%s ' $folders)
export SOURCE_DATE_EPOCH SOCLE_COMMIT

for tool in deb@3.8.0 cyclonedx@0.5.9 deny@0.20.2; do
    $cargo "${tool%@*}" --version >/dev/null 2>&1 || $cargo install --locked "cargo-$tool"
done

echo "package: looking for libraries that are known to be weak"
$cargo deny --log-level error check

echo "package: building the server"
# Beside the flags of .cargo/config.toml, which RUSTFLAGS would put aside.
CFLAGS="$CFLAGS" CXXFLAGS="$CFLAGS" $cargo --config "build.rustflags=[$renamed]" build --release --locked --package server

echo "package: listing what it is built from"
$cargo cyclonedx --quiet --manifest-path server/Cargo.toml --format json --spec-version 1.5 --describe binaries --no-build-deps
mkdir -p target/debian
sed "s|file://$PWD|file:///socle|g" server/socle_bin.cdx.json >target/debian/socle.cdx.json
# It speaks of the other programs of the house too.
find server frontend tests -name '*.cdx.json' -delete

$cargo deb --quiet --package server --no-build
sha256sum target/debian/*.deb target/debian/socle.cdx.json
