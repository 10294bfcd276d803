//! From Rust to what a browser runs.

use crate::{inputs, say};
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

/// A pair of script and WebAssembly that some pages load.
pub(crate) struct Bundle {
    /// Of its files, and in the manifest.
    pub(crate) name: &'static str,
    /// The feature of `frontend` that is compiled.
    feature: &'static str,
    /// Folders of sources that are no part of it.
    apart: &'static [&'static str],
}

/// The pages' first: the others are loaded by few, and must not weigh on it.
pub(crate) const BUNDLES: [Bundle; 5] = [
    Bundle {
        name: "socle",
        feature: "hydrate",
        apart: &[
            "frontend/src/webinar/room",
            "frontend/src/webinar/check",
            "frontend/src/webinar/diagnosis",
            "frontend/src/browser/room",
            "frontend/src/webinar/replay",
            "frontend/src/studio",
        ],
    },
    Bundle { name: "room", feature: "room", apart: &["frontend/src/studio", "frontend/src/webinar/replay"] },
    Bundle { name: "trials", feature: "trials", apart: &["frontend/src/studio", "frontend/src/webinar/replay"] },
    Bundle {
        name: "studio",
        feature: "studio",
        apart: &["frontend/src/webinar", "frontend/src/browser/room", "frontend/src/quiz"],
    },
    Bundle {
        name: "replay",
        feature: "replay",
        apart: &[
            "frontend/src/studio",
            "frontend/src/webinar/room",
            "frontend/src/webinar/check",
            "frontend/src/webinar/diagnosis",
            "frontend/src/browser/room",
            "frontend/src/quiz",
        ],
    },
];

/// What the islands are once compiled.
pub(crate) struct Browser {
    pub(crate) js: String,
    pub(crate) wasm: Vec<u8>,
}

/// Compiles `frontend` for the browser, unless what was compiled before is of the same sources.
pub(crate) fn browser(root: &Path, target: &Path, bundle: &Bundle) -> Result<Browser> {
    let folder = target.join("wasm");
    let kept = |extension: &str| folder.join(format!("{}.{extension}", bundle.name));
    let digest = inputs::digest_compiled(root, bundle.apart)?;
    if fs::read_to_string(kept("stamp")).is_ok_and(|known| known == digest)
        && let (Ok(js), Ok(wasm)) = (fs::read_to_string(kept("js")), fs::read(kept("wasm")))
    {
        return Ok(Browser { js, wasm });
    }
    let browser = compiled(root, target, bundle)?;
    fs::write(kept("js"), &browser.js)
        .and_then(|()| fs::write(kept("wasm"), &browser.wasm))
        .and_then(|()| fs::write(kept("stamp"), digest))
        .context("keeping what was compiled")?;
    Ok(browser)
}

fn compiled(root: &Path, target: &Path, bundle: &Bundle) -> Result<Browser> {
    run(Command::new("sh").arg(root.join("frontend/bundle/setup-wasm.sh")).env("CARGO_TARGET_DIR", target))?;
    let folder = target.join("wasm");
    let tools = Tools::noted(&folder)?;
    let built = folder.join(TARGET).join(PROFILE);
    // All bundles come out under this name: cargo would take the other's for this one's, were it there.
    for stale in [built.join("frontend.wasm"), built.join("deps/frontend.wasm")] {
        if stale.exists() {
            fs::remove_file(&stale).with_context(|| format!("removing {}", stale.display()))?;
        }
    }

    say(&format!("compiling the islands of {} (minutes the first time)", bundle.name));
    run(tools
        .cargo(root)
        .current_dir(root)
        .args(["rustc", "--package", "frontend", "--lib", "--crate-type", "cdylib"])
        .args(["--no-default-features", "--features", bundle.feature])
        .args(["--target", TARGET, "--profile", PROFILE, "--target-dir"])
        .arg(&folder))?;

    say("wasm-bindgen");
    let compiled = fs::read(built.join("frontend.wasm")).context("reading what cargo built")?;
    let mut output = Bindgen::new()
        .input_bytes("frontend", without_reference_tables(compiled))
        .web(true)?
        .out_name(bundle.name)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    if output.snippets().values().any(|snippets| !snippets.is_empty()) || !output.local_modules().is_empty() {
        bail!("a dependency brings JavaScript files of its own, which the bundle does not carry");
    }
    let js = output.js().to_owned();
    let wasm = optimised(&folder, bundle.name, output.wasm_mut().emit_wasm())?;
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

fn optimised(folder: &Path, name: &str, wasm: Vec<u8>) -> Result<Vec<u8>> {
    let Some(optimiser) = optimiser() else {
        say("wasm-opt (Debian package binaryen) is absent: the bundle is larger than it could be");
        return Ok(wasm);
    };
    say("wasm-opt");
    let (before, after) = (folder.join(format!("{name}.bindgen.wasm")), folder.join(format!("{name}.opt.wasm")));
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

    fn cargo(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.cargo);
        // The same sources make the same files, wherever they and cargo's are.
        let renamed = |folder: PathBuf, name: &str| format!("--remap-path-prefix={}={name}", folder.display());
        let told = ["--cfg=erase_components", "-Ctarget-feature=-reference-types"].map(str::to_owned);
        let mut flags = Vec::from(told);
        flags.push(renamed(root.to_owned(), "/socle"));
        flags.extend(cargo_home().map(|home| renamed(home, "/cargo")));
        // Goes before what the outer cargo tells its children, in either form.
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
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

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {name}"))?;
    if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
}
