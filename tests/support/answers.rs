//! Right answers, derived from the published course.

use crate::Product;
use domain::quiz::{Answer, Choice, Field, GapPart, Kind, Question, prompt};

/// The questions of a quiz, of a chapter or of the whole course, right answers included.
pub fn questions(product: &Product, exercise: &str) -> Vec<Question> {
    questions_of(product, "mediation-numerique", exercise)
}

/// The same of another course.
pub fn questions_of(product: &Product, course: &str, exercise: &str) -> Vec<Question> {
    let published = product.app.library.course(&course.parse().expect("a slug")).expect("the course");
    let exercise = exercise.parse().expect("a slug");
    published.course.exercise(&exercise).expect("a quiz").quiz().questions.clone()
}

/// An answer that is fully right, as the browser would send it, given the keys that the page shows.
pub fn right(question: &Question, seed: u64) -> Answer {
    match (&question.kind, prompt(question, seed).field) {
        (Kind::Single { choices }, _) => Answer::Choice(keys(choices).remove(0)),
        (Kind::Multiple { choices }, _) => Answer::Choices(keys(choices).into_iter().collect()),
        (Kind::TrueFalse { answer, .. }, _) => Answer::Truth(*answer),
        (Kind::Numeric { answer, .. }, _) => Answer::Number(answer.to_string().replace('.', ",")),
        (Kind::ShortText { accepted }, _) => Answer::Text(accepted[0].to_uppercase()),
        (Kind::Matching { pairs, .. }, Field::Matching { lefts, rights }) => {
            let wanted = |left: &str| &pairs.iter().find(|pair| pair.left == left).expect("a pair").right;
            let key =
                |label: &str| rights.iter().find(|right| right.label == label).expect("its right side").key.clone();
            Answer::Matches(lefts.iter().map(|left| (left.key.clone(), key(wanted(&left.label)))).collect())
        }
        (Kind::Ordering { items }, Field::Ordering { items: shown }) => {
            let key = |label: &str| shown.iter().find(|shown| shown.label == label).expect("an item").key.clone();
            Answer::Order(items.iter().map(|item| key(item)).collect())
        }
        (Kind::Gap { parts }, _) => Answer::Gaps(
            parts
                .iter()
                .filter_map(|part| match part {
                    GapPart::Gap(gap) => Some((gap.key.clone(), gap.accepted[0].clone())),
                    GapPart::Text { .. } => None,
                })
                .collect(),
        ),
        (kind, field) => panic!("{kind:?} shown as {field:?}"),
    }
}

/// The fields of a plain form that say this answer, each with its value.
pub fn fields(question: &Question, answer: Answer) -> Vec<(String, String)> {
    let name = format!("q.{}", question.slug);
    match answer {
        Answer::Choice(value) | Answer::Number(value) | Answer::Text(value) => vec![(name, value)],
        Answer::Choices(keys) => keys.into_iter().map(|key| (name.clone(), key)).collect(),
        Answer::Truth(truth) => vec![(name, truth.to_string())],
        Answer::Matches(parts) | Answer::Gaps(parts) => {
            parts.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)).collect()
        }
        Answer::Order(keys) => {
            keys.into_iter().zip(1..).map(|(key, place)| (format!("{name}.{key}"), format!("{place}"))).collect()
        }
    }
}

fn keys(choices: &[Choice]) -> Vec<String> {
    let right = choices.iter().zip('a'..).filter(|(choice, _)| choice.right);
    right.map(|(_, letter)| letter.to_string()).collect()
}
