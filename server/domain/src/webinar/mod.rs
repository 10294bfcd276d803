//! Webinars: when they are and who comes ([`schedule`], [`plan`], [`registration`], [`calendar`]), the rules of the live
//! room, what somebody's presence comes to ([`presence`]), and what watching the recording adds to it ([`replay`]).
//!
//! What somebody does in a room is an [`Act`]. The room, which is a fold over its log, decides ([`Room::decide`]) what
//! that changes, or refuses; the server stores the [`Change`]s, and only then is everybody told. Browsers fold the same
//! changes into the same [`Room`] ([`Room::apply`]), but for what is not theirs to know ([`Room::seen_by`],
//! [`Entry::told_to`]). What passes between the two is in [`signal`], and in [`direct`] the picture and sound of those who get
//! them in no other way.

mod act;
mod ballot;
pub mod calendar;
mod change;
mod decide;
pub mod direct;
mod exam;
pub mod kit;
pub mod plan;
pub mod presence;
pub mod recording;
mod refusal;
pub mod registration;
pub mod replay;
mod room;
pub mod schedule;
pub mod signal;
mod things;
mod wording;

pub use act::{Act, Ballot, Lead, Written, WrittenChoice};
pub use ballot::{Poll, Tally};
pub use change::{Change, Entry};
pub use decide::{Circumstances, limits};
pub use exam::{Answered, LiveQuiz};
pub use refusal::Refusal;
pub use room::Room;
pub use things::{Beside, Check, Handout, Mark, Message, Phase, Question, RecordingState, Who};
