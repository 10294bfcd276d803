//! Two versions of one text made from the same, put together paragraph by paragraph: no word of either is lost.
//!
//! A paragraph is what stands between two blank lines. Where both changed the same paragraph otherwise, both are kept,
//! between [`MARKS`]: the parser reports these, so that the course is not published before its author has chosen.

#[cfg(test)]
mod tests;

use super::subsequence;

/// The lines before, between and after two versions of one passage.
pub const MARKS: [&str; 3] = [
    "▼▼▼ Deux versions de ce passage. La première, déjà enregistrée :",
    "◆◆◆ La seconde, arrivée ensuite :",
    "▲▲▲ Gardez ce qui convient, puis effacez ces trois lignes.",
];

/// What came of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub text: String,
    /// Passages of which both versions are kept.
    pub conflicts: u32,
}

/// Whether a line is one that [`merge`] wrote, even where its words were changed since.
#[must_use]
pub fn is_mark(line: &str) -> bool {
    ["▼▼▼", "◆◆◆", "▲▲▲"].iter().any(|signs| line.trim_start().starts_with(signs))
}

/// A paragraph, and the blank lines after it.
#[derive(Debug, Clone, Copy)]
struct Unit<'t> {
    /// Where it begins in its text, in bytes.
    from: usize,
    words: &'t str,
    gap: &'t str,
}

/// Base paragraphs `from..to` that the other text says otherwise: its paragraphs `with.0..with.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hunk {
    from: usize,
    to: usize,
    with: (usize, usize),
}

/// Puts together what is `saved` already and what is `coming`, both made from `base`.
#[must_use]
pub fn merge(base: &str, saved: &str, coming: &str) -> Merged {
    let whole = |text: &str| Merged { text: text.to_owned(), conflicts: 0 };
    if base == saved || saved == coming {
        return whole(coming);
    }
    if base == coming {
        return whole(saved);
    }
    let (base, saved, coming) = (units(base), units(saved), units(coming));
    let mut merging = Merging { base: &base, at: 0, out: Vec::new(), conflicts: 0 };
    let mut first = Side { units: &saved, hunks: hunks(&base, &saved), next: 0 };
    let mut second = Side { units: &coming, hunks: hunks(&base, &coming), next: 0 };
    while let Some(start) = [first.peek(), second.peek()].into_iter().flatten().min_by_key(|hunk| (hunk.from, hunk.to))
    {
        merging.step(start, &mut first, &mut second);
    }
    merging.keep_to(base.len());
    Merged { text: joined(&merging.out), conflicts: merging.conflicts }
}

/// One of the two texts, and its changes not taken yet.
struct Side<'t> {
    units: &'t [Unit<'t>],
    hunks: Vec<Hunk>,
    next: usize,
}

impl<'t> Side<'t> {
    fn peek(&self) -> Option<Hunk> {
        self.hunks.get(self.next).copied()
    }

    /// Takes the next change if it begins before `end`.
    fn take_before(&mut self, end: usize) -> Option<Hunk> {
        let hunk = self.peek().filter(|hunk| hunk.from < end)?;
        self.next += 1;
        Some(hunk)
    }

    /// Takes what is inserted exactly there.
    fn take_insertion(&mut self, at: usize) -> &'t [Unit<'t>] {
        match self.peek().filter(|hunk| hunk.from == at && hunk.to == at) {
            Some(hunk) => {
                self.next += 1;
                self.said(hunk)
            }
            None => &[],
        }
    }

    fn said(&self, hunk: Hunk) -> &'t [Unit<'t>] {
        self.units.get(hunk.with.0..hunk.with.1).unwrap_or_default()
    }

    /// What this side has in place of `from..to` of the base, where it made these changes.
    fn version(&self, base: &[Unit<'t>], (from, to): (usize, usize), hunks: &[Hunk]) -> Vec<Unit<'t>> {
        let mut version = Vec::new();
        let mut at = from;
        for hunk in hunks {
            version.extend_from_slice(base.get(at..hunk.from).unwrap_or_default());
            version.extend_from_slice(self.said(*hunk));
            at = hunk.to;
        }
        version.extend_from_slice(base.get(at..to).unwrap_or_default());
        version
    }
}

struct Merging<'t> {
    base: &'t [Unit<'t>],
    /// Paragraphs of the base before this one are done with.
    at: usize,
    out: Vec<Unit<'t>>,
    conflicts: u32,
}

impl<'t> Merging<'t> {
    fn keep_to(&mut self, to: usize) {
        self.out.extend_from_slice(self.base.get(self.at..to).unwrap_or_default());
        self.at = self.at.max(to);
    }

    /// Takes the change that comes first, with those of the other side that touch the same paragraphs.
    fn step(&mut self, start: Hunk, first: &mut Side<'t>, second: &mut Side<'t>) {
        self.keep_to(start.from);
        if start.from == start.to {
            let (saved, coming) = (first.take_insertion(start.from), second.take_insertion(start.from));
            self.out.extend_from_slice(saved);
            if !same(saved, coming) {
                self.out.extend_from_slice(coming);
            }
            return;
        }
        let mut end = start.to;
        let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
        loop {
            let taken = match (first.take_before(end), second.take_before(end)) {
                (None, None) => break,
                (saved, coming) => {
                    of_first.extend(saved);
                    of_second.extend(coming);
                    [saved, coming]
                }
            };
            end = taken.into_iter().flatten().map(|hunk| hunk.to).fold(end, usize::max);
        }
        let range = (start.from, end);
        let saved = first.version(self.base, range, &of_first);
        let coming = second.version(self.base, range, &of_second);
        if of_second.is_empty() {
            self.out.extend(saved);
        } else if of_first.is_empty() {
            self.out.extend(coming);
        } else if coming.is_empty() || same(&saved, &coming) {
            // Removed by one, changed by the other: what was changed stays.
            self.out.extend(saved);
        } else if saved.is_empty() {
            self.out.extend(coming);
        } else {
            let [before, between, after] = MARKS.map(|words| Unit { from: 0, words, gap: "" });
            self.out.push(before);
            self.out.extend(saved);
            self.out.push(between);
            self.out.extend(coming);
            self.out.push(after);
            self.conflicts += 1;
        }
        self.at = end;
    }
}

fn same(a: &[Unit<'_>], b: &[Unit<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.words == b.words)
}

/// The paragraphs of a text. Blank lines before the first belong to none.
fn units(text: &str) -> Vec<Unit<'_>> {
    let mut places: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut inside) = (0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end_matches('\n').len();
        let is_blank = line.trim().is_empty();
        match places.last_mut().filter(|_| inside) {
            _ if is_blank => {}
            Some(open) => open.1 = end,
            None => places.push((at, end)),
        }
        inside = !is_blank;
        at += line.len();
    }
    let nexts = places.iter().skip(1).map(|(from, _)| *from).chain([text.len()]);
    let unit = |((from, to), next): (&(usize, usize), usize)| {
        Some(Unit { from: *from, words: text.get(*from..*to)?, gap: text.get(*to..next)? })
    };
    places.iter().zip(nexts).filter_map(unit).collect()
}

fn joined(units: &[Unit<'_>]) -> String {
    let mut text = String::new();
    for (place, Unit { words, gap, .. }) in units.iter().enumerate() {
        text.push_str(words);
        let is_last = place + 1 == units.len();
        text.push_str(if !is_last && gap.matches('\n').count() < 2 { "\n\n" } else { gap });
    }
    text
}

/// Where the other text differs from the base.
fn hunks(base: &[Unit<'_>], other: &[Unit<'_>]) -> Vec<Hunk> {
    let mut kept = subsequence::common(&words(base), &words(other));
    kept.push((base.len(), other.len()));
    let mut hunks = Vec::new();
    let (mut a, mut b) = (0, 0);
    for (to, with_to) in kept {
        let (count, with) = (to - a, with_to - b);
        if count == with {
            // As many as before: each is taken for a new version of the one in its place.
            hunks.extend((0..count).map(|n| Hunk { from: a + n, to: a + n + 1, with: (b + n, b + n + 1) }));
        } else {
            hunks.push(Hunk { from: a, to, with: (b, with_to) });
        }
        (a, b) = (to + 1, with_to + 1);
    }
    hunks
}

fn words<'t>(units: &[Unit<'t>]) -> Vec<&'t str> {
    units.iter().map(|unit| unit.words).collect()
}

/// Where a place of the old text (in bytes) is in the new one: in the same paragraph, before the same words.
#[must_use]
pub fn carried(old: &str, new: &str, at: usize) -> usize {
    let (before, after) = (units(old), units(new));
    // The last paragraph that begins at or before the place; what follows it up to the next goes with it.
    let Some(here) = before.iter().rposition(|unit| unit.from <= at) else { return floor_boundary(new, at) };
    let (offset, words) = before.get(here).map_or((0, ""), |unit| (at - unit.from, unit.words));
    let mut shift = 0isize;
    let mut there = None;
    for hunk in hunks(&before, &after) {
        if hunk.from > here {
            break;
        }
        if hunk.to > here {
            there = Some(hunk.with.0.min(after.len().saturating_sub(1)));
            break;
        }
        shift = hunk.with.1.cast_signed() - hunk.to.cast_signed();
    }
    let there = there.or_else(|| here.checked_add_signed(shift)).unwrap_or(0);
    let Some(unit) = after.get(there) else { return new.len() };
    floor_boundary(new, unit.from + within(words, unit.words, offset))
}

/// Where an offset in a paragraph is in its new version: before the same words as far as both begin alike, else after
/// the same words as far as they end alike.
fn within(old: &str, new: &str, offset: usize) -> usize {
    let head = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    if offset <= head || old == new {
        return offset;
    }
    new.len().saturating_sub(old.len().saturating_sub(offset))
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
