//! What two texts have in common, part by part (paragraphs, lines or words): a longest common subsequence.

/// More pairs than this are not compared one by one: between what is alike at both ends, nothing is then in common.
const MOST_PAIRS: usize = 4_000_000;

/// The parts that two texts have in common, in order: pairs of places.
pub(super) fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let most_tail = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most_tail).take_while(|(a, b)| a == b).count();
    let (a_end, b_end) = (a.len() - tail, b.len() - tail);
    let inside = longest(a.get(head..a_end).unwrap_or_default(), b.get(head..b_end).unwrap_or_default());
    let inside = inside.into_iter().map(|(a, b)| (a + head, b + head));
    (0..head).map(|n| (n, n)).chain(inside).chain((0..tail).map(|n| (a_end + n, b_end + n))).collect()
}

/// What became of a part of a text that was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Kept,
    Added,
    Removed,
}

/// The parts of both texts in the order in which they are read, each with what became of it.
pub(super) fn told<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Change, &'t str)> {
    let mut told = Vec::with_capacity(old.len().max(new.len()));
    let (mut i, mut j) = (0, 0);
    for (a, b) in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        told.extend(old.get(i..a).unwrap_or_default().iter().map(|part| (Change::Removed, *part)));
        told.extend(new.get(j..b).unwrap_or_default().iter().map(|part| (Change::Added, *part)));
        told.extend(new.get(b).map(|part| (Change::Kept, *part)));
        (i, j) = (a + 1, b + 1);
    }
    told
}

fn longest(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    if a.is_empty() || b.is_empty() || a.len().saturating_mul(b.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let mut lengths = vec![0u32; (a.len() + 1) * width];
    let at = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let best = if left == right {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(place) = lengths.get_mut(i * width + j) {
                *place = best;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        if left == right {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
