//! The quiz form's contract: which fields stand for which answer, read and written in one place.
//!
//! `q.<slug>` for one value (repeated for a multiple choice), `q.<slug>.<key>` for one value a
//! left side, item or gap.

#![cfg_attr(
    not(any(test, feature = "hydrate")),
    expect(dead_code, reason = "the server draws the first state; only a browser lives through the others")
)]

use domain::quiz::{Answer, Type};
use std::collections::BTreeMap;

/// The name of a question's field, or of one of its keys' fields.
pub(crate) fn name(question: &str, key: Option<&str>) -> String {
    match key {
        None => format!("q.{question}"),
        Some(key) => format!("q.{question}.{key}"),
    }
}

/// The question that a field belongs to.
pub(crate) fn question_of(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("q.")?;
    Some(rest.split_once('.').map_or(rest, |(question, _)| question))
}

/// What the fields say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Nothing that can be kept yet; `begun` when some of it is there.
    Unfinished { begun: bool },
    /// An answer, maybe blank.
    Said(Answer),
}

/// Reads a question's answer among a form's entries, as a browser would send them.
pub(crate) fn read(kind: Type, question: &str, entries: &[(String, String)]) -> Reading {
    let whole = name(question, None);
    let prefix = format!("{whole}.");
    let values = || entries.iter().filter(|(name, _)| *name == whole).map(|(_, value)| value.clone());
    let keyed = || {
        entries.iter().filter_map(|(name, value)| {
            let key = name.strip_prefix(&prefix)?;
            Some((key.to_owned(), value.clone()))
        })
    };
    let filled = || keyed().filter(|(_, value)| !value.is_empty()).collect::<BTreeMap<_, _>>();
    let one = |answer: fn(String) -> Option<Answer>| values().next().and_then(answer);
    let answer = match kind {
        Type::Single => one(|key| Some(Answer::Choice(key))),
        Type::Multiple => Some(Answer::Choices(values().collect())),
        Type::TrueFalse => one(|value| match value.as_str() {
            "true" => Some(Answer::Truth(true)),
            "false" => Some(Answer::Truth(false)),
            _ => None,
        }),
        Type::Numeric => one(|value| Some(Answer::Number(value))),
        Type::ShortText => one(|value| Some(Answer::Text(value))),
        Type::Matching => Some(Answer::Matches(filled())),
        Type::Gap => Some(Answer::Gaps(filled())),
        Type::Ordering => {
            let mut order = filled()
                .into_iter()
                .filter_map(|(key, place)| Some((place.parse::<usize>().ok()?, key)))
                .collect::<Vec<_>>();
            order.sort();
            let whole = order.len() == keyed().count() && order.iter().zip(1..).all(|((place, _), n)| *place == n);
            if !whole || order.is_empty() {
                return Reading::Unfinished { begun: !order.is_empty() };
            }
            Some(Answer::Order(order.into_iter().map(|(_, key)| key).collect()))
        }
    };
    answer.map_or(Reading::Unfinished { begun: false }, Reading::Said)
}

/// The entries that an answer makes: what [`read`] would read it from.
pub(crate) fn entries(question: &str, answer: &Answer) -> Vec<(String, String)> {
    let whole = |value: &str| vec![(name(question, None), value.to_owned())];
    let keyed = |(key, value): (&String, &String)| (name(question, Some(key)), value.clone());
    match answer {
        Answer::Choice(value) | Answer::Number(value) | Answer::Text(value) => whole(value),
        Answer::Truth(truth) => whole(if *truth { "true" } else { "false" }),
        Answer::Choices(keys) => keys.iter().map(|key| (name(question, None), key.clone())).collect(),
        Answer::Matches(values) | Answer::Gaps(values) => values.iter().map(keyed).collect(),
        Answer::Order(keys) => {
            keys.iter().zip(1..).map(|(key, place)| (name(question, Some(key)), format!("{place}"))).collect()
        }
    }
}

/// The whole answer that a form in the page holds, if there is one.
#[cfg(feature = "room")]
pub(crate) fn answer_in(form: &web_sys::HtmlFormElement, asked: &super::state::Asked) -> Option<Answer> {
    let entries = crate::browser::page::entries(form);
    match read(asked.kind, asked.slug.as_str(), &entries) {
        Reading::Said(answer) if !answer.is_blank() => Some(answer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn every_answer_is_read_back_from_its_own_entries() {
        let answers = [
            (Type::Single, Answer::Choice("b".into())),
            (Type::Multiple, Answer::Choices(["a".into(), "c".into()].into())),
            (Type::TrueFalse, Answer::Truth(false)),
            (Type::Numeric, Answer::Number("3,5".into())),
            (Type::ShortText, Answer::Text(" la  médiation ".into())),
            (Type::Matching, Answer::Matches(map(&[("l1", "r2"), ("l2", "r1")]))),
            (Type::Ordering, Answer::Order(vec!["y".into(), "x".into(), "z".into()])),
            (Type::Gap, Answer::Gaps(map(&[("un", "avec"), ("deux", "à la place")]))),
        ];
        for (shape, answer) in answers {
            assert_eq!(read(shape, "q-1", &entries("q-1", &answer)), Reading::Said(answer));
        }
    }

    #[test]
    fn another_question_with_a_longer_name_is_not_taken_for_this_one() {
        let form = entries("q-12", &Answer::Choices(["a".into()].into()));
        assert_eq!(read(Type::Multiple, "q-1", &form), Reading::Said(Answer::Choices([].into())));
        assert_eq!(question_of("q.q-12.x.y"), Some("q-12"));
        assert_eq!(question_of("action"), None);
    }

    #[test]
    fn an_order_is_kept_when_every_item_has_a_place_of_its_own() {
        let form = |a: &str, b: &str| vec![("q.o.a".to_owned(), a.to_owned()), ("q.o.b".to_owned(), b.to_owned())];
        assert_eq!(read(Type::Ordering, "o", &form("", "")), Reading::Unfinished { begun: false });
        assert_eq!(read(Type::Ordering, "o", &form("1", "")), Reading::Unfinished { begun: true });
        assert_eq!(read(Type::Ordering, "o", &form("1", "1")), Reading::Unfinished { begun: true });
        assert_eq!(
            read(Type::Ordering, "o", &form("2", "1")),
            Reading::Said(Answer::Order(vec!["b".into(), "a".into()]))
        );
    }
}
