//! Live webinars: what is said and shown while it is said and shown.

pub mod media;
