//! The questions of a course being written: lists, the form of one question, the rules of a quiz.

mod change;
pub mod editor;
pub mod list;
mod reading;
pub mod rules;

pub(crate) use reading::Reading;

use crate::error::Error;
use domain::studio::quiz_sheet::QuizFile;

/// A chapter's file, as an address names it.
fn file_of(key: &str) -> Result<QuizFile, Error> {
    QuizFile::of(key).ok_or(Error::NotFound)
}

/// The path in the draft of a chapter's file.
fn path_of(chapter: &str, file: QuizFile) -> String {
    format!("{chapter}/{}", file.name())
}
