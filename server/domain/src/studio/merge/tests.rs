use super::*;
use proptest::prelude::*;

fn text(paragraphs: &[&str]) -> String {
    paragraphs.join("\n\n") + "\n"
}

#[test]
fn paragraphs_changed_apart_are_both_there() {
    let base = text(&["un", "deux", "trois"]);
    let merged = merge(&base, &text(&["un", "deux bis", "trois"]), &text(&["un", "deux", "trois ter", "quatre"]));
    assert_eq!(merged, Merged { text: text(&["un", "deux bis", "trois ter", "quatre"]), conflicts: 0 });
}

#[test]
fn a_paragraph_that_both_changed_is_kept_twice_between_marks() {
    let merged = merge(&text(&["un", "deux"]), &text(&["un", "de Léa"]), &text(&["un", "de Karim"]));
    let [before, between, after] = MARKS;
    let expected = text(&["un", before, "de Léa", between, "de Karim", after]);
    assert_eq!(merged.text, expected.trim_end());
    assert_eq!(merged.conflicts, 1);
    assert!(merged.text.lines().filter(|line| is_mark(line)).count() == 3);
    // Both go on, each in their own: the marks stay as they are, no others come.
    let (lea, karim) =
        (merged.text.replace("de Léa", "de Léa, plus long"), merged.text.replace("de Karim", "de Karim B."));
    let again = merge(&merged.text, &lea, &karim);
    assert_eq!(again.conflicts, 0);
    assert!(again.text.contains("de Léa, plus long") && again.text.contains("de Karim B."), "{}", again.text);
}

#[test]
fn a_paragraph_that_one_removed_is_gone_whatever_the_other_changed_elsewhere() {
    let base = text(&["un", "deux", "trois", "quatre"]);
    let (removed, changed) = (text(&["un", "trois", "quatre"]), text(&["un", "deux", "trois", "quatre bis"]));
    for merged in [merge(&base, &removed, &changed), merge(&base, &changed, &removed)] {
        assert_eq!(merged, Merged { text: text(&["un", "trois", "quatre bis"]), conflicts: 0 });
    }
}

#[test]
fn what_both_write_at_one_place_comes_one_after_the_other() {
    let base = text(&["un"]);
    let merged = merge(&base, &text(&["un", "de Léa"]), &text(&["un", "de Karim"]));
    assert_eq!(merged, Merged { text: text(&["un", "de Léa", "de Karim"]), conflicts: 0 });
    let same = merge(&base, &text(&["un", "pareil"]), &text(&["zéro", "un", "pareil"]));
    assert_eq!(same, Merged { text: text(&["zéro", "un", "pareil"]), conflicts: 0 });
}

#[test]
fn a_paragraph_that_one_removed_and_the_other_changed_is_kept_as_changed() {
    let base = text(&["un", "deux", "trois"]);
    let (removed, changed) = (text(&["un", "trois"]), text(&["un", "deux bis", "trois"]));
    for merged in [merge(&base, &removed, &changed), merge(&base, &changed, &removed)] {
        assert_eq!(merged, Merged { text: changed.clone(), conflicts: 0 });
    }
}

#[test]
fn the_caret_stays_before_the_same_words() {
    let old = text(&["un", "deux mots", "trois"]);
    let at = |text: &str, word: &str| text.find(word).unwrap();
    let new = text(&["avant", "un", "deux mots", "trois et plus"]);
    assert_eq!(carried(&old, &new, at(&old, "mots")), at(&new, "mots"));
    assert_eq!(carried(&old, &new, at(&old, "trois")), at(&new, "trois"));
    let new = text(&["un", "les deux mots", "trois"]);
    assert_eq!(carried(&old, &new, at(&old, "mots")), at(&new, "mots"));
    let merged = merge(&old, &text(&["un", "autre chose", "trois"]), &text(&["un", "deux beaux mots", "trois"])).text;
    let mine = text(&["un", "deux beaux mots", "trois"]);
    assert_eq!(carried(&mine, &merged, at(&mine, "beaux")), at(&merged, "beaux"));
    assert_eq!(carried(&old, "", 5), 0);
    assert_eq!(carried("", &old, 0), 0);
}

/// What one author does to a text.
#[derive(Debug, Clone)]
enum Edit {
    Change(usize, u32),
    Remove(usize),
    Insert(usize, u32),
}

/// The paragraphs that come of it; words carry their author's letter, so that none is said by both.
fn edited(base: &[String], edits: &[Edit], author: char) -> Vec<String> {
    let mut paragraphs = base.to_vec();
    for edit in edits {
        let most = paragraphs.len();
        match edit {
            Edit::Change(at, word) if most > 0 => paragraphs[at % most] = format!("{author}{word}"),
            Edit::Remove(at) if most > 0 => {
                paragraphs.remove(at % most);
            }
            Edit::Insert(at, word) => paragraphs.insert(at % (most + 1), format!("{author}{word}")),
            _ => {}
        }
    }
    paragraphs
}

fn whole(paragraphs: &[String]) -> String {
    paragraphs.iter().flat_map(|paragraph| [paragraph, "\n\n"]).collect()
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        (0..40usize, any::<u32>()).prop_map(|(at, word)| Edit::Change(at, word)),
        (0..40usize).prop_map(Edit::Remove),
        (0..40usize, any::<u32>()).prop_map(|(at, word)| Edit::Insert(at, word)),
    ];
    prop::collection::vec(edit, 0..12)
}

fn base() -> impl Strategy<Value = Vec<String>> {
    // Some paragraphs are alike, as ::: lines are.
    prop::collection::vec(0..12u32, 0..20).prop_map(|words| words.into_iter().map(|word| format!("b{word}")).collect())
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

proptest! {
    #[test]
    fn no_word_of_either_is_lost(base in base(), a in edits(), b in edits()) {
        let (saved, coming) = (edited(&base, &a, 'a'), edited(&base, &b, 'c'));
        let merged = merge(&whole(&base), &whole(&saved), &whole(&coming));
        let there = paragraphs(&merged.text);
        for word in saved.iter().chain(&coming).filter(|word| !word.starts_with('b')) {
            prop_assert!(there.contains(&word.as_str()), "{word} is lost in {there:?}");
        }
        for word in base.iter().filter(|word| saved.contains(word) && coming.contains(word)) {
            let count = |texts: &[String]| texts.iter().filter(|known| *known == word).count();
            let least = usize::from(count(&saved) >= count(&base) && count(&coming) >= count(&base));
            prop_assert!(there.iter().filter(|known| *known == word).count() >= least, "{word} is lost in {there:?}");
        }
    }

    #[test]
    fn changes_to_different_paragraphs_come_to_the_same_in_either_order(
        length in 1..30usize, changes in prop::collection::vec((any::<bool>(), any::<u32>(), 0..3u8), 30)
    ) {
        let base: Vec<String> = (0..length).map(|n| format!("b{n}")).collect();
        let side = |which: bool| -> Vec<String> {
            base.iter().zip(&changes).filter_map(|(paragraph, (author, word, change))| match change {
                0 if *author == which => Some(format!("{author}{word}")),
                1 if *author == which => None,
                _ => Some(paragraph.clone()),
            }).collect()
        };
        let both: Vec<String> = base.iter().zip(&changes).filter_map(|(paragraph, (author, word, change))| match change {
            0 => Some(format!("{author}{word}")),
            1 => None,
            _ => Some(paragraph.clone()),
        }).collect();
        let (base, a, b) = (whole(&base), whole(&side(true)), whole(&side(false)));
        let merged = merge(&base, &a, &b);
        prop_assert_eq!(merged.conflicts, 0);
        prop_assert_eq!(paragraphs(&merged.text), both.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(&merged, &merge(&base, &b, &a));
    }

    #[test]
    fn the_caret_is_always_within_the_text(old in "[ab\n é]{0,60}", new in "[ab\n é]{0,60}", at in 0..80usize) {
        let at = (0..=at.min(old.len())).rev().find(|at| old.is_char_boundary(*at)).unwrap_or(0);
        let there = carried(&old, &new, at);
        prop_assert!(new.is_char_boundary(there));
        prop_assert_eq!(carried(&old, &old, at), at);
    }
}
