//! How long bytes take to come and to go.

use super::super::page;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

/// Milliseconds until so many bytes came from there, or nothing where they did not within that patience.
pub(crate) async fn down(path: &str, bytes: u32, patience: u32) -> Option<f64> {
    let began = page::now_ms();
    let init = RequestInit::new();
    let response = asked(&format!("{path}?octets={bytes}"), &init, patience).await?;
    let body = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    (Uint8Array::new(&body).length() == bytes).then(|| page::now_ms() - began)
}

/// Milliseconds until so many bytes went there, or nothing where they did not within that patience.
pub(crate) async fn up(path: &str, bytes: u32, patience: u32) -> Option<f64> {
    let noise: Vec<u8> = (0..bytes).map(|place| noise(place).to_le_bytes()[3]).collect();
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&Uint8Array::from(noise.as_slice()));
    let began = page::now_ms();
    asked(path, &init, patience).await?;
    Some(page::now_ms() - began)
}

/// Milliseconds until that page answered.
pub(crate) async fn answers(path: &str, patience: u32) -> Option<f64> {
    let began = page::now_ms();
    asked(path, &RequestInit::new(), patience).await?;
    Some(page::now_ms() - began)
}

async fn asked(path: &str, init: &RequestInit, patience: u32) -> Option<Response> {
    init.set_signal(Some(&AbortSignal::timeout_with_u32(patience)));
    let _ = js_sys::Reflect::set(init, &"cache".into(), &JsValue::from("no-store"));
    let asked = web_sys::window()?.fetch_with_str_and_init(path, init);
    let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    response.ok().then_some(response)
}

/// A number that looks like no other nearby (Knuth's multiplicative hash), so that nothing on the way makes it smaller.
fn noise(place: u32) -> u32 {
    let mixed = (place ^ (place >> 7)).wrapping_mul(2_654_435_761);
    (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519)
}
