//! Quizzes in the live room: questions put to everybody at once, graded like any other.

use super::act::Written;
use crate::ids::{PersonId, QuestionSlug};
use crate::quiz::{Choice, Kind, Mark, Prompt, Question, Score, score};
use crate::text::escaped;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A quiz that was put to the room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveQuiz {
    pub title: String,
    pub open: bool,
    pub prompts: Vec<Prompt>,
    /// With the right answers: on the server only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub questions: Vec<Question>,
    /// What each person answered. An agent is told their own only.
    pub answers: BTreeMap<PersonId, BTreeMap<QuestionSlug, Mark>>,
}

/// What one person has answered so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    pub questions: usize,
    /// Out of all the questions of the quiz.
    pub score: Score,
}

impl LiveQuiz {
    /// What they have answered, if anything; a question without an answer earns nothing.
    #[must_use]
    pub fn answered(&self, person: PersonId) -> Option<Answered> {
        let given = self.answers.get(&person)?;
        let unanswered = self.prompts.iter().filter(|prompt| !given.contains_key(&prompt.slug));
        let missed = unanswered.map(|prompt| Mark { earned: 0, max: prompt.points.saturating_mul(100) });
        Some(Answered { questions: given.len(), score: score(given.values().copied().chain(missed)) })
    }
}

/// Questions written on the spot, as questions like any other. Nothing of them is markup.
pub(super) fn questions(written: &[Written]) -> Vec<Question> {
    let numbered = written.iter().zip(1..);
    numbered
        .filter_map(|(written, number)| {
            let choices: Vec<Choice> = written
                .choices
                .iter()
                .map(|choice| Choice { text: escaped(&choice.text), right: choice.right, feedback: String::new() })
                .collect();
            let several = choices.iter().filter(|choice| choice.right).count() > 1;
            Some(Question {
                slug: format!("direct-{number}").parse().ok()?,
                stem: format!("<p>{}</p>", escaped(&written.stem)),
                kind: if several { Kind::Multiple { choices } } else { Kind::Single { choices } },
                points: 1,
                feedback: String::new(),
                section: None,
                chapter: None,
                skill: None,
            })
        })
        .collect()
}
