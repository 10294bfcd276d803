//! Quizzes: questions, attempts, answers, grading.
//!
//! Three readings of one question: [`Question`] holds everything and stays on the server;
//! [`Prompt`] is what may be shown before the answer; [`Review`] is what is shown after it.

mod answer;
mod attempt;
mod form;
mod grade;
mod keys;
mod kinds;
mod prompt;
mod question;
mod review;
mod shuffle;
#[cfg(test)]
mod support;

pub use answer::{Answer, MalformedAnswer, NUMBER_LIMIT, Saying, TEXT_LIMIT, latest, survivors};
pub use attempt::{AlreadyHandedIn, Attempt, AttemptState, GRACE, Refusal, deadline, draw, may_start, standing};
pub use form::{field_name, part_name, read_form};
pub use grade::{Mark, Score, grade, number, score, scores_by};
#[cfg(feature = "authoring")]
pub(crate) use keys::letter;
pub use kinds::Type;
pub use prompt::{Field, Labelled, Prompt, PromptPart, Review, ReviewLine, prompt};
pub use question::{Choice, Counts, Gap, GapPart, Kind, Pair, Question, Quiz, Rules};
pub use review::review;
