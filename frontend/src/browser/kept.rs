//! Texts kept in the browser (`localStorage`): written at once, so that even leaving the page cannot cut it short.
//!
//! A browser may refuse it, or be full: then nothing is kept, and what is sent is sent all the same.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Keeps a text under that name.
pub(crate) fn put(name: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, text);
    }
}

/// The text of that name.
pub(crate) fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

pub(crate) fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// The names that begin so.
pub(crate) fn names(start: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let all = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok()?);
    all.filter(|name| name.starts_with(start)).collect()
}
