//! Builds what the browser loads, into `target/site` or the folder given.
//!
//! `frontend` for WebAssembly → wasm-bindgen (as a library, pinned by the same `Cargo.lock`) →
//! wasm-opt, the style sheets in one, the assets; each under a name that holds its hash, with
//! `.br` and `.gz` beside it, and `manifest.json` to find them. Once for the pages, and
//! once more for the live room, the trials before it, the studio and recordings, with their own islands and sheets.
//! Nothing is done when no input changed, and only what a changed input is part of is compiled again.

mod compile;
mod inputs;
mod script;
mod site;
mod style;

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Tells where the work is.
fn say(words: &str) {
    eprintln!("bundle: {words}");
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().context("the workspace has moved")?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let out = env::args_os().nth(1).map_or_else(|| target.join("site"), PathBuf::from);

    let digest = inputs::digest(&root)?;
    let stamp = out.join(".stamp");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == digest) && out.join("manifest.json").exists() {
        say("nothing changed");
        return Ok(());
    }

    let mut compiled = Vec::new();
    for bundle in &compile::BUNDLES {
        compiled.push((bundle.name, compile::browser(&root, &target, bundle)?));
    }
    let mut site = site::Site::open(&out)?;
    site.assets(&root.join("frontend/assets"))?;
    for (bundle, browser) in compiled {
        let css = style::sheet(&root.join("frontend/style"), bundle)?;
        site.bundle(bundle, "css", site.with_hashed_names(&css).as_bytes())?;
        site.bundle(bundle, "js", script::light(&browser.js).as_bytes())?;
        site.bundle(bundle, "wasm", &browser.wasm)?;
    }
    site.close()?;
    fs::write(&stamp, digest).context("writing the stamp")?;
    Ok(())
}
