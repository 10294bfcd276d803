//! « Mon dossier »: what an agent has earned, and by what facts.

mod evidence;
mod page;
#[cfg(test)]
mod tests;

pub use evidence::Evidence;
pub use page::{ChapterLine, CourseLines, Dossier, FactLine, WebinarLine, dossier_page};

pub(crate) use evidence::evidence;
