//! What people see of Socle.
//!
//! A page is a plain struct and a function from it to a view; the server loads the data, fills
//! the struct and calls [`app::document`]. Forms are plain forms. Only islands run in the
//! browser (feature `hydrate`), and every page reads, and every form submits, without them.

#![cfg_attr(
    feature = "drawn",
    expect(dead_code, unused_imports, reason = "what only pages use is no part of the other bundles")
)]

#[cfg(not(any(erase_components, fuzzing)))]
compile_error!("RUSTFLAGS goes before .cargo/config.toml, and must say `--cfg erase_components` as that does");

#[cfg(not(feature = "drawn"))]
pub mod about;
#[cfg(not(feature = "drawn"))]
pub mod administration;
#[cfg(not(feature = "drawn"))]
pub mod api;
#[cfg(not(feature = "drawn"))]
pub mod app;
#[cfg(any(feature = "hydrate", feature = "drawn"))]
mod browser;
#[cfg(not(feature = "drawn"))]
pub mod certificate;
#[cfg(not(feature = "drawn"))]
pub mod classroom;
#[cfg(not(feature = "drawn"))]
pub mod cohort;
#[cfg(not(feature = "drawn"))]
pub mod course;
#[cfg(not(feature = "drawn"))]
pub mod dispute;
#[cfg(not(feature = "drawn"))]
pub mod follow_up;
#[cfg(not(feature = "drawn"))]
pub mod home;
#[cfg(not(feature = "drawn"))]
pub mod identity;
#[cfg(any(test, feature = "drawn"))]
mod json;
#[cfg(not(feature = "drawn"))]
pub mod pathway;
#[cfg(not(feature = "drawn"))]
pub mod protection;
#[cfg(not(any(feature = "studio", feature = "replay")))]
pub mod quiz;
#[cfg(not(feature = "drawn"))]
pub mod record;
#[cfg(not(feature = "drawn"))]
pub mod search;
#[cfg(any(feature = "ssr", feature = "studio"))]
pub mod studio;
mod ui;
#[cfg(not(feature = "studio"))]
pub mod webinar;

#[cfg(not(feature = "drawn"))]
pub use app::Assets;

/// The loader calls it before any island; those that are drawn in the browser need nothing of it.
#[cfg(feature = "drawn")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {}

/// Wakes the islands: called by the page's loader before any of them.
#[cfg(feature = "hydrate")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
