//! Sessions face to face: planned, signed in the room, closed.

mod code;
mod list;
mod paper;
mod plan;
mod room;
mod sheet;
mod sign;
#[cfg(test)]
mod tests;

pub use code::{CodePage, code_page};
pub use list::{Listed, list_page};
pub use paper::{PaperPage, paper_page};
pub use plan::{PlanPage, PlanTyped, SLOTS, plan_page};
pub use room::{HalfDayLine, RoomPage, RosterLine, room_page};
pub use sheet::{SheetLine, SheetPage, sheet_page};
pub use sign::{SignPage, Signing, sign_page, spent_code_page};
