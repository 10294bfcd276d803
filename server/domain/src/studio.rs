//! Courses being written: what a draft is made of, and the rules that its authors meet.

#[cfg(feature = "authoring")]
pub mod changes;
#[cfg(feature = "authoring")]
pub mod chapter;
pub mod completion;
#[cfg(feature = "authoring")]
pub mod consequences;
#[cfg(feature = "authoring")]
pub mod description;
#[cfg(feature = "authoring")]
pub mod folder;
#[cfg(feature = "authoring")]
pub mod gate;
#[cfg(feature = "authoring")]
pub mod items;
pub mod medium;
pub mod merge;
pub mod question;
pub mod quiz_file;
#[cfg(feature = "authoring")]
pub mod quiz_sheet;
mod subsequence;
#[cfg(feature = "authoring")]
mod toml_fields;
pub mod words;
pub mod written;
