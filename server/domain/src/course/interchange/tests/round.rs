//! What goes out and comes back is the same; whatever bytes come give a report or an error.

use super::{Fate, Wanted, drafts, wanted};
use crate::course::interchange::draft::{Asked, Choice, Draft};
use crate::course::interchange::{Notes, course, gift, html, questions};
use crate::course::parse::{SourceFile, parse};
use crate::quiz::Pair;
use proptest::prelude::*;

/// A text as authors write: Markdown, and signs that mean something to one format or another.
fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "mot",
        "**gras**",
        "É",
        "\n\n",
        "\n- a",
        "{",
        "}",
        "=",
        "~",
        "#",
        ":",
        "::",
        "####",
        "->",
        "%50%",
        "\\",
        "\\n",
        "//",
        "[html]",
        "[x](https://a.fr)",
        "<",
        "&amp;",
        " ",
        "T",
        "é",
        "’",
        "\u{a0}",
        "$CATEGORY:",
        "€",
    ];
    prop::collection::vec(
        prop_oneof![6 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}"],
        1..8,
    )
    .prop_map(|pieces| html::sound(&pieces.concat()).trim().to_owned())
    .prop_filter("something is said", |text| text.chars().any(char::is_alphabetic))
}

/// A short text of one line.
fn word() -> impl Strategy<Value = String> {
    "[a-zé0-9 #=~{}:\\\\%-]{0,12}[a-z]".prop_map(|word| word.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn choice(right: bool) -> impl Strategy<Value = Choice> {
    (text(), text()).prop_map(move |(text, feedback)| Choice { text, right, feedback })
}

/// Questions that GIFT can say.
fn draft() -> impl Strategy<Value = Draft> {
    let single = (choice(true), prop::collection::vec(choice(false), 1..4))
        .prop_map(|(right, wrong)| Asked::Single { choice: std::iter::once(right).chain(wrong).collect() });
    let multiple = (prop::collection::vec(choice(true), 1..4), prop::collection::vec(choice(false), 1..4))
        .prop_map(|(right, wrong)| Asked::Multiple { choice: right.into_iter().chain(wrong).collect() });
    let truth = (any::<bool>(), text(), text()).prop_map(|(answer, feedback_true, feedback_false)| Asked::TrueFalse {
        answer,
        feedback_true,
        feedback_false,
    });
    let numeric = (-1_000_000i32..1_000_000, 0u16..1000).prop_map(|(answer, tolerance)| Asked::Numeric {
        answer: f64::from(answer) / 8.0,
        tolerance: f64::from(tolerance) / 4.0,
        unit: None,
    });
    let short = prop::collection::vec(word(), 1..4).prop_map(|accepted| Asked::ShortText { accepted });
    let matching = (prop::collection::vec((word(), word()), 2..6), prop::collection::vec(word(), 0..2)).prop_map(
        |(pairs, distractors)| Asked::Matching {
            pair: pairs.into_iter().map(|(left, right)| Pair { left, right }).collect(),
            distractors,
        },
    );
    let asked = prop_oneof![single, multiple, truth, numeric, short, matching];
    ("[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", text(), text(), asked).prop_map(|(id, stem, feedback, asked)| Draft {
        id,
        stem,
        points: 1,
        feedback,
        section: None,
        skill: None,
        asked,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_question_written_in_gift_and_read_again_is_the_same(draft in draft()) {
        // within what our format takes, as every question of a course is
        let Ok(draft) = draft.fitted(&mut Notes::default()) else { return Ok(()) };
        let Ok(text) = gift::question(&draft, &mut Notes::default()) else { return Ok(()) };
        let found = gift::read("q", &text);
        prop_assert_eq!(found.len(), 1, "{}", &text);
        prop_assert_eq!(found[0].draft.as_ref(), Some(&draft), "{}\n{:?}", &text, &found[0].item);
    }

    #[test]
    fn a_question_written_in_toml_and_read_again_is_the_same(draft in draft()) {
        prop_assert_eq!(drafts(&draft.toml()), vec![draft]);
    }

    #[test]
    fn words_survive_html_and_markdown(words in "[a-zé*_\\[\\]()<>&#|`~!:+=.{}0-9 -]{1,40}") {
        let html = format!("<p>x{}</p><p>{}x</p>", crate::text::escaped(&words), crate::text::escaped(&words));
        let markdown = html::markdown(&html, 3, &mut Nowhere, &mut Notes::default());
        let front = "+++\ntitle = \"Un\"\nsummary = \"Deux\"\nminutes = 5\nobjectives = [\"Trois\"]\n+++\n\n## A {#a}\n\n";
        let file = |path: &str, text: String| SourceFile { path: path.to_owned(), bytes: text.into_bytes() };
        let files = [
            file("course.toml", String::from("title = \"T\"\nsummary = \"S\"\nobjectives = [\"O\"]\nlicence = \"L\"\n")),
            file("01-a/chapter.md", format!("{front}{markdown}\n")),
        ];
        let (course, problems) = parse("c", &files);
        prop_assert!(problems.is_empty(), "{} gives {:?}", markdown, problems);
        let squeezed = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
        let said: Vec<String> = course.unwrap().chapters[0].sections[0].passages.iter().map(|passage| squeezed(&passage.text)).collect();
        prop_assert_eq!(said, vec![squeezed(&format!("x{words}")), squeezed(&format!("{words}x"))], "{}", markdown);
    }

    #[test]
    fn no_bytes_make_the_readers_of_questions_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = questions("q", &bytes, &wanted());
        let _ = questions("q", &[b"<quiz>", bytes.as_slice()].concat(), &wanted());
    }

    #[test]
    fn any_gift_is_read_or_said_and_a_second_time_adds_nothing(text in "[ab =~#{}:\\\\%\\[\\]>/\n0-9.*$-]{0,80}") {
        let added = questions("q", text.as_bytes(), &wanted()).unwrap();
        prop_assert!(added.items.iter().all(|item| item.line >= 1 && (item.fate == Fate::Kept || !item.notes.is_empty())));
        let again = questions("q", text.as_bytes(), &Wanted { existing: Some(&added.text), ..wanted() }).unwrap();
        prop_assert_eq!(again.text, added.text, "a second time adds nothing");
    }

    #[test]
    fn no_html_makes_it_panic(text in "(<(/)?(p|b|i|ul|li|table|tr|td|a href=\"x\"|img src=x|pre|code|br|h1|h6|dl|dt|dd|details class=case|summary|script|iframe src=\"//x\")>|[a *_`|\n]){0,40}") {
        let _ = html::markdown(&text, 3, &mut Nowhere, &mut Notes::default());
        let _ = html::line(&text, &mut Nowhere, &mut Notes::default());
        let _ = html::plain(&text);
    }

    #[test]
    fn no_export_makes_it_panic(inside in "(<(/)?(chapter|sequential|vertical|problem|html|video|choice|label|multiplechoiceresponse|optioninput)( url_name=\"a\")?>|[a$ ]){0,30}") {
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
        let files = [file("course.xml", &format!("<course>{inside}</course>")), file("problem/a.xml", &format!("<problem>{inside}</problem>"))];
        let _ = course("c", &files);
    }
}

/// Where no image and no link leads anywhere.
struct Nowhere;

impl html::Around for Nowhere {
    fn image(&mut self, source: &str) -> Result<String, String> {
        Err(format!("« {source} »"))
    }
}
