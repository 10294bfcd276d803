//! Agents, as those who train them see them.

mod page;
#[cfg(test)]
mod tests;

pub use page::{AgentRow, Agents, agents_page};
