//! The shell around every page, and the whole document.

mod failure;
mod layout;
mod markers;
#[cfg(test)]
mod tests;
mod typography;

pub use failure::{ErrorPage, error_page};
pub(crate) use markers::without_markers;
use typography::typeset;

use domain::text::escaped;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What surrounds a page.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// The page's own title; « – Socle » follows it.
    pub title: String,
    pub viewer: Option<Viewer>,
    /// Path and query of the page.
    pub path: String,
    /// For the one inline script, as the security policy names it.
    pub nonce: String,
    /// Whether pages are shown without images and media.
    pub light: bool,
    /// What the page's islands need.
    pub bundle: Bundle,
    pub assets: Assets,
    pub demonstration: bool,
    /// « non conforme », « partiellement conforme » or « totalement conforme ».
    pub accessibility_status: String,
}

/// Who looks at the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    pub name: String,
    /// Whether they follow up anybody's training.
    pub follows: bool,
    /// Whether they may begin a course, or write one.
    pub writes: bool,
    pub may_administer: bool,
}

/// Which browser bundle a page loads, where it has an island.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bundle {
    /// That of courses and quizzes.
    #[default]
    Pages,
    /// That of the live room, with its style on top of the pages'.
    Room,
    /// That of the trials of devices and of the connection, as well.
    Trials,
    /// That of the studio, as well.
    Studio,
    /// That of recordings, as well.
    Replay,
}

/// Where the browser bundles are served: addresses, whose names hold a hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    pub pages: Parts,
    pub room: Parts,
    pub trials: Parts,
    pub studio: Parts,
    pub replay: Parts,
    /// By the name that files have in `frontend/assets`.
    pub files: BTreeMap<String, String>,
}

/// The parts of a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    pub css: String,
    pub js: Option<String>,
    pub wasm: Option<String>,
}

impl Assets {
    fn of(&self, bundle: Bundle) -> &Parts {
        match bundle {
            Bundle::Pages => &self.pages,
            Bundle::Room => &self.room,
            Bundle::Trials => &self.trials,
            Bundle::Studio => &self.studio,
            Bundle::Replay => &self.replay,
        }
    }
}

/// Loads the bundle and wakes each island, in the order of the document.
const LOADER: &str = include_str!("loader.js");

/// Asks for passkeys, where a page has a form that does: small enough to be in the page.
const PASSKEY: &str = include_str!("../identity/passkey.js");

/// The whole page. A page without an island loads no bundle, and no script but that of passkeys where it asks for one.
pub fn document(shell: &Shell, page: impl IntoView + 'static) -> String {
    let page = fragment(page);
    let mut script = if page.contains("<leptos-island") { loader(shell) } else { String::new() };
    if page.contains(" data-passkey=") {
        script.push_str(&inline(shell, PASSKEY));
    }
    let before = fragment(layout::before(shell));
    let after = fragment(layout::after(shell));
    let icon = shell.assets.files.get("icon.svg").map_or_else(
        || "<link rel=\"icon\" href=\"data:,\">".to_owned(),
        |icon| format!("<link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">", escaped(icon)),
    );
    let more = match shell.bundle {
        Bundle::Pages => String::new(),
        Bundle::Room | Bundle::Trials | Bundle::Studio | Bundle::Replay => {
            format!("<link rel=\"stylesheet\" href=\"{}\">", escaped(&shell.assets.of(shell.bundle).css))
        }
    };
    format!(
        "<!DOCTYPE html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{title} – Socle</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">{icon}<link rel=\"stylesheet\" href=\"{css}\">{more}</head>\
         <body>{before}<main id=\"contenu\" tabindex=\"-1\">{page}</main>{after}{script}</body></html>",
        title = typeset(&escaped(&shell.title)),
        css = escaped(&shell.assets.pages.css),
    )
}

/// A piece of a page, set as the whole is.
pub(crate) fn fragment(view: impl IntoView + 'static) -> String {
    typeset(&without_markers(&view.into_view().to_html()))
}

fn loader(shell: &Shell) -> String {
    let parts = shell.assets.of(shell.bundle);
    let (Some(js), Some(wasm)) = (&parts.js, &parts.wasm) else { return String::new() };
    let script = LOADER.replace("{js}", js).replace("{wasm}", wasm);
    inline(shell, &script)
}

fn inline(Shell { nonce, .. }: &Shell, script: &str) -> String {
    format!("<script type=\"module\" nonce=\"{}\">{script}</script>", escaped(nonce))
}
