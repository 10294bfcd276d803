//! Following up: where an agent stands in a course, what agents add up to, and who may see how much of it.

mod deadline;
mod mask;
mod months;
mod standing;
mod tally;

pub use deadline::{due_at, window};
pub use mask::{Cell, FEW, Hidden, hidden};
pub use months::{Month, monthly};
pub use standing::{Standing, State, Syllabus, Tried};
pub use tally::Tally;
