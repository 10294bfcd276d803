//! What this browser keeps from one page to the next; one that keeps nothing is asked again each time.

use web_sys::Storage;

fn memory() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under that name.
pub(crate) fn kept(key: &str) -> Option<String> {
    memory()?.get_item(key).ok().flatten()
}

/// Keeps a text; an empty one is forgotten.
pub(crate) fn keep(key: &str, text: &str) {
    if let Some(memory) = memory() {
        let _ = if text.is_empty() { memory.remove_item(key) } else { memory.set_item(key, text) };
    }
}
