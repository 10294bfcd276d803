//! Pages that check a course, publish it, and tell what became of it.

mod bringing;
mod exporting;
mod gate;
mod order;
mod results;
#[cfg(test)]
mod tests;
mod versions;

pub use bringing::{BringPage, BroughtItem, BroughtPage, BroughtState, bring_page, brought_page};
pub use exporting::{ExportPage, export_page};
pub use gate::{FigureLine, FindingLine, PublishPage, WaivedLine, publish_page};
pub use order::{ConsequenceLine, Consequences, OrderTyped, Planned, Withdrawn, because};
pub use results::{ChoiceLine, QuizLink, ResultLine, ResultsPage, results_page};
pub use versions::{
    Back, ChapterDiff, DiffPiece, QuestionDiff, QuizDiff, SectionDiff, VersionLine, VersionsDiff, VersionsPage,
    versions_page,
};
