//! Courses: outline, chapters, what runs in a chapter.

mod chapter;
mod light;
mod outline;
pub mod player;
pub mod reader;
mod section;
mod sheet;
#[cfg(test)]
mod tests;

#[cfg(feature = "ssr")]
pub(crate) use chapter::preview;
pub use chapter::{ChapterPage, Neighbour, QuizStatus, chapter_page};
pub use outline::{OutlinePage, outline_page};
pub use sheet::{SheetPage, sheet_page};
