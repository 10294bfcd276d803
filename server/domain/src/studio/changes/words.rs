//! Two texts compared word by word.

use crate::studio::subsequence::{Change, told};

/// A piece of a compared text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Added(String),
    Removed(String),
    /// Words that are the same, left out.
    Gap,
}

/// What comes of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) added: u32,
    pub(super) removed: u32,
    pub(super) pieces: Vec<Piece>,
}

/// Words shown on each side of what changed.
const AROUND: usize = 8;

/// How many words a text has.
pub(super) fn count(text: &str) -> u32 {
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}

/// Compares two texts by their longest common subsequence of words.
pub(super) fn compare(old: &str, new: &str) -> Compared {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
    let steps = told(&old, &new);
    let of = |step: Change| u32::try_from(steps.iter().filter(|(it, _)| *it == step).count()).unwrap_or(u32::MAX);
    let (added, removed) = (of(Change::Added), of(Change::Removed));
    let pieces = if added + removed == 0 { Vec::new() } else { pieces(&steps) };
    Compared { added, removed, pieces }
}

/// The steps as they are read: words that follow one another together, and long stretches of the same left out.
fn pieces(steps: &[(Change, &str)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = steps;
    while let Some((step, _)) = rest.first() {
        let length = rest.iter().take_while(|(other, _)| other == step).count();
        let (run, after) = rest.split_at(length);
        let words: Vec<&str> = run.iter().map(|(_, word)| *word).collect();
        match step {
            Change::Added => pieces.push(Piece::Added(words.join(" "))),
            Change::Removed => pieces.push(Piece::Removed(words.join(" "))),
            Change::Kept => pieces.extend(shortened(&words, pieces.is_empty(), after.is_empty())),
        }
        rest = after;
    }
    pieces
}

fn shortened(words: &[&str], is_first: bool, is_last: bool) -> Vec<Piece> {
    let (before, after) = (if is_first { 0 } else { AROUND }, if is_last { 0 } else { AROUND });
    if words.len() <= before + after + 1 {
        return vec![Piece::Same(words.join(" "))];
    }
    let head = words.get(..before).unwrap_or_default().join(" ");
    let tail = words.get(words.len() - after..).unwrap_or_default().join(" ");
    let shown = |text: String| (!text.is_empty()).then_some(Piece::Same(text));
    shown(head).into_iter().chain([Piece::Gap]).chain(shown(tail)).collect()
}

/// The words of some HTML.
#[must_use]
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' => inside = false,
            sign if !inside => text.push(sign),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_comes_and_goes_is_shown_among_a_few_words() {
        let old = "un deux trois quatre cinq six sept huit neuf dix onze douze treize";
        let compared = compare(old, &old.replace("onze", "onze bis").replace("douze", ""));
        assert_eq!((compared.added, compared.removed), (1, 1));
        let [gap, same, added, removed, last] = &compared.pieces[..] else { panic!("{compared:?}") };
        assert_eq!((gap, last), (&Piece::Gap, &Piece::Same("treize".to_owned())));
        assert_eq!(*same, Piece::Same("quatre cinq six sept huit neuf dix onze".to_owned()));
        assert!([added, removed].contains(&&Piece::Added("bis".to_owned())), "{compared:?}");
        assert_eq!(compare(old, old), Compared::default());
        assert_eq!(plain("<p>Que <em>faire</em>&nbsp;?</p>".replace("&nbsp;", " ").as_str()), "Que faire ?");
    }

    proptest! {
        #[test]
        fn both_texts_are_read_back(old in "([abc] ){0,12}", new in "([abc] ){0,12}") {
            let (a, b): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
            let steps = told(&a, &b);
            let without = |gone: Change| -> Vec<&str> {
                steps.iter().filter(|(step, _)| *step != gone).map(|(_, word)| *word).collect()
            };
            prop_assert_eq!(without(Change::Added), a);
            prop_assert_eq!(without(Change::Removed), b);
        }
    }
}
