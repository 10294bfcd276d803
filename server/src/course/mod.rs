//! Courses: published versions, their pages and files, what is read of them, and the search in them.

pub mod archive;
pub(crate) mod entity;
pub mod interchange;
pub mod library;
pub mod media;
pub(crate) mod offer;
pub(crate) mod picture;
pub mod publish;
pub mod reading;
pub mod routes;
pub mod search;
