//! Putting things in an order that a seed decides, the same for ever on every machine.

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

/// The items in an order drawn from `seed`, `purpose` and their keys alone: the order they come
/// in changes nothing, nor does a new version of some library of dice.
pub(super) fn shuffled<T>(mut items: Vec<T>, seed: u64, purpose: &str, key: impl Fn(&T) -> &str) -> Vec<T> {
    items.sort_by_cached_key(|item| weight(seed, purpose, key(item)));
    items
}

fn weight(seed: u64, purpose: &str, key: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(purpose);
    hash.update([0]);
    hash.update(key);
    hash.finalize().into()
}
