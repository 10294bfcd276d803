//! Attempts at quizzes: started, answered, handed in, graded into the record.

pub mod desk;
mod earned;
pub(crate) mod entity;
pub(crate) mod outcome;
mod result;
pub mod routes;
pub mod store;
