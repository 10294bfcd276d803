# The words a newcomer tries first: run, test, check, bench.

CARGO ?= cargo
BUNDLE = $(CARGO) run --quiet --package bundle

.PHONY: run test check bench package server bundle setup-tests

# Sets up what is missing, builds, prepares a demonstration and serves it on http://127.0.0.1:3000.
# The bundle and the server are built beside each other: each has minutes that one core is enough for.
run:
	@$(MAKE) --no-print-directory --jobs=2 bundle server
	@exec ./target/release/socle serve

# Sets up what tests need and runs them all, on SQLite and on PostgreSQL, then in Chromium.
test: setup-tests
	$(CARGO) build --workspace
	@$(MAKE) --no-print-directory bundle BUNDLE=./target/debug/bundle
	$(CARGO) test --workspace

# Format, lints and the quick tests: what is run at every commit.
check:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --quiet -- --deny warnings
	$(CARGO) clippy --package frontend --lib --no-default-features --features room --quiet -- --deny warnings
	$(CARGO) clippy --package frontend --lib --no-default-features --features trials --quiet -- --deny warnings
	$(CARGO) clippy --package frontend --lib --no-default-features --features studio --quiet -- --deny warnings
	$(CARGO) clippy --package frontend --lib --no-default-features --features replay --quiet -- --deny warnings
	$(CARGO) clippy --package frontend --lib --no-default-features --features hydrate --quiet -- --deny warnings
	$(CARGO) test --quiet --package domain --package frontend --package server --lib

# Measures, and prints a table: figure, unit, conditions, budget.
bench: setup-tests bundle
	$(CARGO) build --release --package server --package tests --bin socle --bin bench
	./target/release/bench

# The Debian package, in target/debian; `sudo sh server/package/try.sh PACKAGE` tries it in a Debian of its own.
package: bundle
	@CARGO="$(CARGO)" sh server/package/make.sh

# The server, in target/release.
server:
	@echo "socle: building the server (the first time takes some minutes)"
	@$(CARGO) build --release --package server

# The browser bundle, in target/site; nothing is done when nothing changed.
bundle:
	@sh frontend/bundle/setup-wasm.sh
	@$(BUNDLE)

# Chromium and PostgreSQL.
setup-tests:
	@sh tests/setup.sh
