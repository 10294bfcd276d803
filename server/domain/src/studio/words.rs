//! How one save of a file differs from the one before, in words.

use super::subsequence;
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

/// A piece of a text that was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Kept,
    Added,
    Removed,
}

/// The lines of both texts in the order in which they are read, each with what became of it.
#[must_use]
pub fn lines<'t>(before: &'t str, after: &'t str) -> Vec<(Change, &'t str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut told = Vec::with_capacity(old.len().max(new.len()));
    let (mut i, mut j) = (0, 0);
    for (a, b) in subsequence::common(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        told.extend(old.get(i..a).unwrap_or_default().iter().map(|line| (Change::Removed, *line)));
        told.extend(new.get(j..b).unwrap_or_default().iter().map(|line| (Change::Added, *line)));
        told.extend(new.get(b).map(|line| (Change::Kept, *line)));
        (i, j) = (a + 1, b + 1);
    }
    told
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
