//! Attempts at quizzes: started, answered, handed in, graded into the record.

pub(crate) mod entity;
pub mod routes;
pub mod store;
