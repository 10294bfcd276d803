//! The desk: the courses that one writes, their outline, their chapters, their words, and every save of them.

#[cfg(feature = "ssr")]
mod chapter;
#[cfg(feature = "ssr")]
mod course_list;
#[cfg(feature = "studio")]
mod editor;
#[cfg(feature = "ssr")]
mod glossary;
#[cfg(feature = "ssr")]
mod history;
#[cfg(any(test, feature = "studio"))]
mod insertion;
#[cfg(feature = "ssr")]
mod new;
#[cfg(feature = "ssr")]
mod outline;
#[cfg(feature = "ssr")]
mod settings;
#[cfg(any(test, feature = "studio"))]
mod sheet;
mod talk;

#[cfg(feature = "ssr")]
pub use chapter::{ChapterPage, chapter_page, drawn};
#[cfg(feature = "ssr")]
pub use course_list::{ClosedPage, CourseLine, DeskPage, Stands, closed_page, desk_page};
#[cfg(feature = "ssr")]
pub use glossary::{GlossaryPage, TermLine, glossary_page};
#[cfg(feature = "ssr")]
pub use history::{FileLine, FilesPage, HistoryPage, Opened, SaveLine, files_page, history_page};
#[cfg(feature = "ssr")]
pub use new::{NewPage, NewTyped, new_page};
#[cfg(feature = "ssr")]
pub use outline::{ChapterLine, OutlinePage, outline_page};
#[cfg(feature = "ssr")]
pub use settings::{AuthorLine, SettingsPage, SettingsTyped, settings_page};
pub use talk::{Preview, Problem, Save, Start, Told};
