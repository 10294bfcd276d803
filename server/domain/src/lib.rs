//! The rules of Socle, and nothing else.
//!
//! No tokio, axum, sea-orm, files, clock or dice may enter here: time arrives as a
//! [`jiff::Timestamp`], randomness as a seed. Everything compiles to WebAssembly too.
//!
//! Glossary: an **agent** follows a **course** made of **chapters** made of **sections**;
//! a chapter may end with a **quiz**, answered in **attempts**. Each thing earned is a
//! **fact** appended to the agent's ledger; the **record** is the fold of these facts.

pub mod audit;
pub mod backup;
pub mod certificate;
pub mod classroom;
pub mod cohort;
pub mod course;
pub mod csv;
pub mod follow_up;
pub mod identity;
pub mod ids;
pub mod import;
pub mod instant;
pub mod operation;
pub mod pathway;
pub mod place;
pub mod posting;
pub mod protection;
pub mod quiz;
pub mod record;
pub mod search;
pub mod studio;
pub mod text;
pub mod webhook;
pub mod webinar;
pub mod xapi;
