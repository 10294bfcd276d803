#!/bin/sh
# Makes sure that something on this machine compiles Rust to WebAssembly, and notes what:
# `cargo=`, `rustc=` and `linker=` lines in <target>/wasm/toolchain, read by the bundle tool.
#
# Tried in this order: the target is already there; `rustup target add`; Debian's Rust, whose
# standard library is built here once. Says nothing when there is nothing to do.
# SOCLE_WASM=debian skips the first two.
set -eu

cd "$(dirname "$0")/../.."
target=wasm32-unknown-unknown
note=${CARGO_TARGET_DIR:-$PWD/target}/wasm/toolchain
packages="rustc-web cargo-web rust-web-src lld-22"
oldest=$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' Cargo.toml)

say() { printf 'setup-wasm: %s\n' "$*" >&2; }
root() { [ "$(id -u)" = 0 ]; }
found() { command -v "$1" >/dev/null 2>&1; }

# Whether this rustc has a standard library for the browser.
knows_target() {
    sysroot=$("$1" --print sysroot 2>/dev/null) || return 1
    for library in "$sysroot/lib/rustlib/$target/lib"/libstd-*.rlib; do
        [ -f "$library" ] && return 0
    done
    return 1
}

# Whether this rustc is recent enough for the workspace.
recent() {
    minor=$("$1" --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\).*/\1/p')
    [ "${minor:-0}" -ge "${oldest:-0}" ]
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$'; }

# Installs Debian packages when root; says how otherwise.
install() {
    missing=
    for package in "$@"; do
        installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    found apt-get || return 1
    if ! root; then
        say "as root, once: apt-get install -y --no-install-recommends$missing"
        return 1
    fi
    say "installing$missing (Debian)"
    # The list of packages may be old or absent: ask again once.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null 2>&1 || true
          DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; }
}

# Under sudo the target folder would be left to root: the note is for the next run to write.
write_note() {
    [ -n "${SUDO_UID:-}" ] && { say "ready; now run the same command without sudo"; return 0; }
    mkdir -p "$(dirname "$note")"
    printf 'cargo=%s\nrustc=%s\nlinker=%s\n' "$1" "$2" "$3" >"$note"
    say "WebAssembly is compiled by $1${3:+, linked by $3}"
}

noted() { sed -n "s/^$1=//p" "$note"; }

# Builds the standard library for the browser and puts it where Debian's rustc looks for it.
build_std() {
    where=$(/usr/bin/rustc --print sysroot)/lib/rustlib/$target/lib
    if ! root; then
        say "as root, once: $PWD/frontend/bundle/setup-wasm.sh"
        return 1
    fi
    say "building the standard library for $target with Debian's Rust (about a minute)"
    scratch=$(mktemp -d)
    mkdir "$scratch/src"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$scratch/Cargo.toml"
    printf '#![no_std]\n' >"$scratch/src/lib.rs"
    if ! (cd "$scratch" &&
        env -u RUSTFLAGS -u RUSTUP_TOOLCHAIN -u RUSTC_WRAPPER -u CARGO_BUILD_TARGET \
            CARGO_TARGET_DIR="$scratch/target" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
            /usr/bin/cargo build --quiet --release --target "$target" -Zbuild-std=std,panic_abort,test); then
        rm -rf "$scratch"
        return 1
    fi
    rm -f "$scratch/target/$target/release/deps"/libempty-*
    mkdir -p "$where"
    cp "$scratch/target/$target/release/deps"/*.rlib "$scratch/target/$target/release/deps"/*.rmeta "$where/"
    rm -rf "$scratch"
}

# Debian calls its linker wasm-ld-<version>.
linker() {
    for name in wasm-ld-22 wasm-ld wasm-ld-21 wasm-ld-20 wasm-ld-19; do
        found "$name" && { command -v "$name"; return 0; }
    done
    return 1
}

# The linker to name for this rustc: none when it brings its own.
linker_for() {
    for own in "$("$1" --print sysroot)"/lib/rustlib/*/bin/rust-lld; do
        [ -x "$own" ] && return 0
    done
    linker
}

# The optimiser is a comfort: without it the bundle is larger, not wrong.
if ! found wasm-opt; then
    install binaryen || say "wasm-opt (package binaryen) is absent: the bundle will be larger"
fi

if [ -f "$note" ] && [ -z "${SOCLE_WASM:-}" ] && knows_target "$(noted rustc)" && recent "$(noted rustc)"; then
    exit 0
fi

if [ "${SOCLE_WASM:-}" != debian ]; then
    if found rustc && found cargo && recent rustc && knows_target rustc && with=$(linker_for rustc); then
        write_note cargo rustc "$with"
        exit 0
    fi
    if found rustup && recent rustc; then
        say "rustup target add $target"
        if rustup target add "$target" >/dev/null 2>&1 && knows_target rustc; then
            write_note cargo rustc ""
            exit 0
        fi
        say "rustup could not fetch it; trying Debian's Rust"
    fi
fi

# shellcheck disable=SC2086
if install $packages && recent /usr/bin/rustc && linker >/dev/null && { knows_target /usr/bin/rustc || build_std; }; then
    write_note /usr/bin/cargo /usr/bin/rustc "$(linker)"
    exit 0
fi

say "nothing here compiles to WebAssembly. With network: rustup target add $target." \
    "On Debian, as root: apt-get install -y --no-install-recommends $packages, then this script again." \
    "The site works without the bundle; the islands stay asleep."
exit 1
