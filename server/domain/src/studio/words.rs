//! How one save of a file differs from the one before, in words.

use super::subsequence;
pub use super::subsequence::Change;
use std::collections::BTreeMap;

/// Words added and removed from one text to another, wherever they stand.
#[must_use]
pub fn counted(before: &str, after: &str) -> (u64, u64) {
    let mut words: BTreeMap<&str, i64> = BTreeMap::new();
    for word in after.split_whitespace() {
        *words.entry(word).or_default() += 1;
    }
    for word in before.split_whitespace() {
        *words.entry(word).or_default() -= 1;
    }
    words.values().fold((0, 0), |(added, removed), count| {
        (added + count.max(&0).unsigned_abs(), removed + count.min(&0).unsigned_abs())
    })
}

/// The lines of both texts in the order in which they are read, each with what became of it.
#[must_use]
pub fn lines<'t>(before: &'t str, after: &'t str) -> Vec<(Change, &'t str)> {
    subsequence::told(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_wherever_they_stand() {
        assert_eq!(counted("un deux deux", "deux trois quatre"), (2, 2));
        assert_eq!(counted("", ""), (0, 0));
    }

    #[test]
    fn lines_are_told_in_the_order_in_which_they_are_read() {
        use Change::{Added, Kept, Removed};
        let told = lines("a\nb\nc\n", "a\nx\nc\nd\n");
        assert_eq!(told, [(Kept, "a"), (Removed, "b"), (Added, "x"), (Kept, "c"), (Added, "d")]);
    }
}
