//! Scenes for the tests of quizzes: one question of each type, any question, any answer to it.

use super::{Answer, Choice, Counts, Gap, GapPart, Kind, Pair, Question, Quiz, Rules, grade, keys};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use std::collections::BTreeSet;

pub(super) fn question(kind: Kind) -> Question {
    Question {
        slug: "accueil".parse().unwrap(),
        stem: "<p>Que faire ?</p>".to_owned(),
        kind,
        points: 4,
        feedback: String::new(),
        section: None,
        chapter: None,
        skill: None,
    }
}

pub(super) fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(super) fn choices(right: &[bool]) -> Vec<Choice> {
    let choice = |(place, right): (usize, &bool)| Choice {
        text: format!("choix {place}"),
        right: *right,
        feedback: format!("retour {place}"),
    };
    right.iter().enumerate().map(choice).collect()
}

pub(super) fn single() -> Question {
    question(Kind::Single { choices: choices(&[false, true, false]) })
}

/// `a` and `c` are right.
pub(super) fn multiple() -> Question {
    question(Kind::Multiple { choices: choices(&[true, false, true, false]) })
}

pub(super) fn true_false() -> Question {
    question(Kind::TrueFalse { answer: true, feedback_true: "Oui.".to_owned(), feedback_false: "Non.".to_owned() })
}

pub(super) fn numeric() -> Question {
    question(Kind::Numeric { answer: 1200.0, tolerance: 0.5, unit: Some("€".to_owned()) })
}

pub(super) fn short_text() -> Question {
    question(Kind::ShortText { accepted: strings(&["L’œil de bœuf", "lucarne"]) })
}

/// Rights in alphabetical order: `a` CAF, `b` CNAV, `c` CPAM, `d` La Poste (a distractor).
pub(super) fn matching() -> Question {
    let pair = |left: &str, right: &str| Pair { left: left.to_owned(), right: right.to_owned() };
    let pairs = vec![pair("retraite", "CNAV"), pair("santé", "CPAM"), pair("famille", "CAF")];
    question(Kind::Matching { pairs, distractors: strings(&["La Poste"]) })
}

/// In the right order the keys are `c`, `b`, `a`, `d`.
pub(super) fn ordering() -> Question {
    question(Kind::Ordering { items: strings(&["saluer", "écouter", "agir", "vérifier"]) })
}

pub(super) fn gap() -> Question {
    let text = |text: &str| GapPart::Text { text: text.to_owned() };
    let gap = |key: &str, accepted: &[&str], options: &[&str]| {
        GapPart::Gap(Gap { key: key.to_owned(), accepted: strings(accepted), options: strings(options) })
    };
    let parts = vec![
        text("On ne garde jamais "),
        gap("1", &["le mot de passe", "son mot de passe"], &[]),
        text(" d’un usager & on "),
        gap("2", &["l’accompagne"], &["l’accompagne", "le remplace"]),
        text("."),
    ];
    question(Kind::Gap { parts })
}

pub(super) fn one_of_each() -> [Question; 8] {
    [single(), multiple(), true_false(), numeric(), short_text(), matching(), ordering(), gap()]
}

pub(super) fn rules() -> Rules {
    Rules {
        pass: 80,
        attempts: None,
        attempts_per_day: None,
        counts: Counts::Best,
        draw: None,
        shuffle: false,
        time_limit: None,
        opens: None,
        closes: None,
    }
}

/// A quiz of that many questions: `q0`, `q1`…
pub(super) fn quiz(count: usize) -> Quiz {
    let questions = (0..count).map(|place| Question { slug: format!("q{place}").parse().unwrap(), ..single() });
    Quiz { title: "Quiz".to_owned(), rules: rules(), questions: questions.collect() }
}

/// The fully right answer.
pub(super) fn right_answer(kind: &Kind) -> Answer {
    let right = |choices: &[Choice]| -> Vec<String> {
        let all = choices.iter().enumerate();
        all.filter(|(_, choice)| choice.right).map(|(place, _)| keys::letter(place)).collect()
    };
    match kind {
        Kind::Single { choices } => Answer::Choice(right(choices).remove(0)),
        Kind::Multiple { choices } => Answer::Choices(right(choices).into_iter().collect()),
        Kind::TrueFalse { answer, .. } => Answer::Truth(*answer),
        Kind::Numeric { answer, .. } => Answer::Number(answer.to_string().replace('.', ",")),
        Kind::ShortText { accepted } => Answer::Text(accepted[0].to_uppercase()),
        Kind::Matching { pairs, distractors } => {
            let rights = keys::rights(pairs, distractors);
            let key = |text: &str| rights.iter().find(|(_, right)| *right == text).unwrap().0.clone();
            Answer::Matches(pairs.iter().enumerate().map(|(n, pair)| (keys::left(n), key(&pair.right))).collect())
        }
        Kind::Ordering { items } => {
            let mut keyed = keys::items(items);
            let mut take = |item: &String| keyed.remove(keyed.iter().position(|(_, text)| text == item).unwrap()).0;
            Answer::Order(items.iter().map(&mut take).collect())
        }
        Kind::Gap { parts } => {
            Answer::Gaps(grade::gaps(parts).map(|gap| (gap.key.clone(), gap.accepted[0].clone())).collect())
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    "[a-zéèçœ]{1,5}"
}

/// Distinct words, in any order.
fn words(size: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<String>> {
    btree_set(word(), size).prop_map(Vec::from_iter).prop_shuffle()
}

pub(super) fn any_question() -> impl Strategy<Value = Question> {
    let single = (2..7usize).prop_flat_map(|count| (Just(count), 0..count)).prop_map(|(count, right)| {
        let right: Vec<bool> = (0..count).map(|place| place == right).collect();
        Kind::Single { choices: choices(&right) }
    });
    let multiple = vec(any::<bool>(), 2..7)
        .prop_filter("at least one is right", |right| right.contains(&true))
        .prop_map(|right| Kind::Multiple { choices: choices(&right) });
    let truth = any::<bool>().prop_map(|answer| Kind::TrueFalse {
        answer,
        feedback_true: String::new(),
        feedback_false: String::new(),
    });
    let numeric = (-10_000..10_000i32, 0..20u8).prop_map(|(number, tolerance)| Kind::Numeric {
        answer: f64::from(number) / 8.0,
        tolerance: f64::from(tolerance) / 8.0,
        unit: Some("km".to_owned()),
    });
    let short = words(1..=3).prop_map(|accepted| Kind::ShortText { accepted });
    let matching = (vec((word(), word()), 1..5), words(0..=2)).prop_map(|(pairs, distractors)| Kind::Matching {
        pairs: pairs.into_iter().map(|(left, right)| Pair { left, right }).collect(),
        distractors,
    });
    let ordering = vec(word(), 2..6)
        .prop_filter("not all the same", |items| items.iter().any(|item| *item != items[0]))
        .prop_map(|items| Kind::Ordering { items });
    let gap = vec((words(2..=4), any::<bool>()), 1..4).prop_map(|gaps| Kind::Gap {
        parts: gaps
            .into_iter()
            .enumerate()
            .flat_map(|(n, (words, typed))| {
                let accepted = vec![words[0].clone()];
                let options = if typed { Vec::new() } else { words };
                let gap = Gap { key: (n + 1).to_string(), accepted, options };
                [GapPart::Text { text: format!("texte {n} ") }, GapPart::Gap(gap)]
            })
            .collect(),
    });
    let kind = prop_oneof![single, multiple, truth, numeric, short, matching, ordering, gap];
    (kind, 1..=100u32).prop_map(|(kind, points)| Question { points, ..question(kind) })
}

/// Any answer that fits the question, right or wrong.
pub(super) fn any_answer(question: &Question) -> BoxedStrategy<Answer> {
    let letters = |count: usize| (0..count).map(keys::letter).collect::<Vec<_>>();
    match question.kind.clone() {
        Kind::Single { choices } => prop::sample::select(letters(choices.len())).prop_map(Answer::Choice).boxed(),
        Kind::Multiple { choices } => {
            let ticked = prop::sample::subsequence(letters(choices.len()), 0..=choices.len());
            ticked.prop_map(|ticked| Answer::Choices(BTreeSet::from_iter(ticked))).boxed()
        }
        Kind::TrueFalse { .. } => any::<bool>().prop_map(Answer::Truth).boxed(),
        Kind::Numeric { answer, .. } => {
            (-3..=3i8).prop_map(move |off| Answer::Number(format!("{} km", answer + f64::from(off) / 4.0))).boxed()
        }
        Kind::ShortText { accepted } => {
            prop_oneof![prop::sample::select(accepted), word()].prop_map(Answer::Text).boxed()
        }
        Kind::Matching { pairs, distractors } => {
            let rights = letters(keys::rights(&pairs, &distractors).len());
            let lefts = prop::sample::select((0..pairs.len()).map(keys::left).collect::<Vec<_>>());
            btree_map(lefts, prop::sample::select(rights), 0..=pairs.len()).prop_map(Answer::Matches).boxed()
        }
        Kind::Ordering { items } => Just(letters(items.len())).prop_shuffle().prop_map(Answer::Order).boxed(),
        Kind::Gap { parts } => {
            let filled: Vec<_> = grade::gaps(&parts)
                .map(|gap| {
                    let offered = if gap.options.is_empty() { &gap.accepted } else { &gap.options };
                    let text = prop::option::of(prop::sample::select(offered.clone()));
                    (Just(gap.key.clone()), text)
                })
                .collect();
            let filled =
                filled.prop_map(|gaps| gaps.into_iter().filter_map(|(key, text)| Some((key, text?))).collect());
            filled.prop_map(Answer::Gaps).boxed()
        }
    }
}

pub(super) fn question_and_answer() -> impl Strategy<Value = (Question, Answer)> {
    any_question().prop_flat_map(|question| {
        let answer = any_answer(&question);
        (Just(question), answer)
    })
}
