//! « Mon dossier »: what an agent has earned, and by what facts.

mod page;
#[cfg(test)]
mod tests;

pub use page::{ChapterLine, CourseLines, Dossier, FactLine, WebinarLine, dossier_page};
