//! Following up: territories in figures, agents by name.

mod agents;
mod figures;
mod territory;
#[cfg(test)]
mod tests;

pub use agents::{AgentRow, Agents, Asked, agents_page};
pub use figures::{ChapterLine, Courses, Step};
pub use territory::{Links, Place, Row, TerritoryPage, territory_page};
