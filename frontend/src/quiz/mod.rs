//! Quizzes: what comes before an attempt, the attempt itself, its result.
//!
//! Each page is a plain struct and a view of it. The attempt's form works without script;
//! with it, `AttemptForm` keeps each answer as it is given.

#[cfg(not(feature = "room"))]
pub mod attempt;
mod form;
mod intro;
mod question;
mod result;
#[cfg(feature = "hydrate")]
mod saver;
mod state;

#[cfg(not(feature = "room"))]
pub use attempt::{AttemptForm, AttemptFormProps, AttemptPage, attempt_page};
pub use intro::{AttemptLine, Back, QuizAction, QuizIntro, intro_page};
pub use result::{Advice, ResultPage, SkillLine, result_page};
pub use state::Asked;

#[cfg(any(test, feature = "room", feature = "ssr"))]
pub(crate) use question::fieldset;
#[cfg(any(test, feature = "room", feature = "ssr"))]
pub(crate) use result::reviewed;
#[cfg(feature = "room")]
pub(crate) use {form::answer_in, question::asked};
