//! Following up: territories in figures, agents by name.

mod agents;
mod figures;
mod reminders;
mod territory;
#[cfg(test)]
mod tests;

pub use agents::{AgentRow, Agents, Asked, agents_page};
pub use figures::{ChapterLine, Courses, Step};
pub use reminders::{Reminders, reminders_page};
pub use territory::{Links, Place, Row, TerritoryPage, territory_page};
