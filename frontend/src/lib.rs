//! What people see of Socle.
//!
//! A page is a plain struct and a function from it to a view; the server loads the data, fills
//! the struct and calls [`app::document`]. Forms are plain forms. Only islands run in the
//! browser (feature `hydrate`), and every page reads, and every form submits, without them.

#![cfg_attr(
    feature = "room",
    expect(dead_code, unused_imports, reason = "what only pages use is no part of the room's bundle")
)]

#[cfg(not(feature = "room"))]
pub mod about;
#[cfg(not(feature = "room"))]
pub mod administration;
#[cfg(not(feature = "room"))]
pub mod api;
#[cfg(not(feature = "room"))]
pub mod app;
#[cfg(any(feature = "hydrate", feature = "room"))]
mod browser;
#[cfg(not(feature = "room"))]
pub mod certificate;
#[cfg(not(feature = "room"))]
pub mod classroom;
#[cfg(not(feature = "room"))]
pub mod cohort;
#[cfg(not(feature = "room"))]
pub mod course;
#[cfg(not(feature = "room"))]
pub mod dispute;
#[cfg(not(feature = "room"))]
pub mod follow_up;
#[cfg(not(feature = "room"))]
pub mod home;
#[cfg(not(feature = "room"))]
pub mod identity;
#[cfg(any(test, feature = "room"))]
mod json;
#[cfg(not(feature = "room"))]
pub mod pathway;
#[cfg(not(feature = "room"))]
pub mod protection;
pub mod quiz;
#[cfg(not(feature = "room"))]
pub mod record;
#[cfg(not(feature = "room"))]
pub mod search;
mod ui;
pub mod webinar;

#[cfg(not(feature = "room"))]
pub use app::Assets;

/// The loader calls it before any island; the room's need nothing of it.
#[cfg(feature = "room")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {}

/// Wakes the islands: called by the page's loader before any of them.
#[cfg(feature = "hydrate")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
