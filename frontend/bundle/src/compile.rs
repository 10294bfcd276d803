//! From Rust to what a browser runs.

use crate::say;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// What rustc may use by default, and every browser of these five years knows. With `--all-features`
/// binaryen 108 writes types in a draft encoding that browsers refuse.
const FEATURES: [&str; 5] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
];

/// What the islands are once compiled.
pub(crate) struct Browser {
    pub(crate) js: String,
    pub(crate) wasm: Vec<u8>,
}

/// Compiles `frontend` for the browser.
pub(crate) fn browser(root: &Path, target: &Path) -> Result<Browser> {
    run(Command::new("sh").arg(root.join("frontend/bundle/setup-wasm.sh")).env("CARGO_TARGET_DIR", target))?;
    let folder = target.join("wasm");
    let tools = Tools::noted(&folder)?;

    say("compiling the islands (minutes the first time)");
    run(tools
        .cargo()
        .current_dir(root)
        .args(["rustc", "--package", "frontend", "--lib", "--crate-type", "cdylib"])
        .args([
            "--no-default-features",
            "--features",
            "hydrate",
            "--target",
            TARGET,
            "--profile",
            PROFILE,
            "--target-dir",
        ])
        .arg(&folder))?;

    say("wasm-bindgen");
    let compiled =
        fs::read(folder.join(TARGET).join(PROFILE).join("frontend.wasm")).context("reading what cargo built")?;
    let mut output = Bindgen::new()
        .input_bytes("frontend", without_reference_tables(compiled))
        .web(true)?
        .out_name("socle")
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    if output.snippets().values().any(|snippets| !snippets.is_empty()) || !output.local_modules().is_empty() {
        bail!("a dependency brings JavaScript files of its own, which the bundle does not carry");
    }
    let js = output.js().to_owned();
    let wasm = optimised(&folder, output.wasm_mut().emit_wasm())?;
    Ok(Browser { js, wasm })
}

/// The same module, said not to use reference types. It is compiled without them, so that
/// JavaScript's values stay in an array of wasm-bindgen's own: with them there is a second table,
/// whose export binaryen 108 writes as the first. But the standard library's objects still name
/// the feature.
fn without_reference_tables(mut wasm: Vec<u8>) -> Vec<u8> {
    const FEATURE: &[u8] = b"+\x0freference-types";
    if let Some(place) = wasm.windows(FEATURE.len()).position(|bytes| bytes == FEATURE)
        && let Some(sign) = wasm.get_mut(place)
    {
        *sign = b'-';
    }
    wasm
}

/// Binaryen's optimiser, where it is installed.
pub(crate) fn optimiser() -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join("wasm-opt")).find(|path| path.is_file())
}

fn optimised(folder: &Path, wasm: Vec<u8>) -> Result<Vec<u8>> {
    let Some(optimiser) = optimiser() else {
        say("wasm-opt (Debian package binaryen) is absent: the bundle is larger than it could be");
        return Ok(wasm);
    };
    say("wasm-opt");
    let (before, after) = (folder.join("socle.bindgen.wasm"), folder.join("socle.opt.wasm"));
    fs::write(&before, wasm).context("writing for wasm-opt")?;
    run(Command::new(optimiser).arg("-Oz").args(FEATURES).arg(&before).arg("-o").arg(&after))?;
    fs::read(&after).context("reading what wasm-opt wrote")
}

/// What `setup-wasm.sh` found to compile with.
struct Tools {
    cargo: String,
    rustc: String,
    linker: String,
}

impl Tools {
    fn noted(folder: &Path) -> Result<Self> {
        let note = folder.join("toolchain");
        let text = fs::read_to_string(&note).with_context(|| format!("reading {}", note.display()))?;
        let line = |key: &str| {
            text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default().to_owned()
        };
        Ok(Self { cargo: line("cargo"), rustc: line("rustc"), linker: line("linker") })
    }

    fn cargo(&self) -> Command {
        let mut command = Command::new(&self.cargo);
        // What the outer cargo tells its children is not for this one.
        command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", "-Ctarget-feature=-reference-types");
        if !self.linker.is_empty() {
            command
                .env("RUSTC", &self.rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker)
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("LD_LIBRARY_PATH");
        }
        command
    }
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {name}"))?;
    if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
}
