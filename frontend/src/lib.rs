//! What people see of Socle.
//!
//! A page is a plain struct and a function from it to a view; the server loads the data, fills
//! the struct and calls [`app::document`]. Forms are plain forms. Only islands run in the
//! browser (feature `hydrate`), and every page reads, and every form submits, without them.

pub mod about;
pub mod administration;
pub mod app;
#[cfg(feature = "hydrate")]
mod browser;
pub mod course;
pub mod follow_up;
pub mod home;
pub mod identity;
pub mod quiz;
pub mod record;
pub mod search;
mod ui;
pub mod webinar;

pub use app::Assets;

/// Wakes the islands: called by the page's loader before any of them.
#[cfg(feature = "hydrate")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
