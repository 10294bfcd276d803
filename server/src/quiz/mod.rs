//! Attempts at quizzes: started, answered, handed in, graded into the record.

pub mod desk;
pub(crate) mod entity;
pub mod routes;
pub mod store;
