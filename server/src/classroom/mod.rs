//! Sessions face to face: planned, signed on a phone or entered by the trainer, and put into the record.

mod closing;
mod code;
mod entity;
mod plan;
pub mod routes;
pub mod signing;
mod store;

pub(crate) use closing::title;
pub use store::Classroom;
pub(crate) use store::{classroom, enter, hand_over, of_agent, of_courses, page, roster};

use crate::app::App;
use crate::error::Result;
use domain::ids::ClassroomId;
use domain::record::HalfDay;

/// The code that is shown in the room now.
///
/// # Errors
/// [`crate::error::Error::NotFound`] where there is no such sheet; when the database fails.
pub async fn shown(app: &App, id: ClassroomId, half_day: HalfDay) -> Result<String> {
    let classroom = classroom(app.db.reader(), id).await?;
    Ok(code::code(id, classroom.sheet(half_day)?, app.clock.now()))
}
